"""From an address on a form to the last click, through a real mail server with TLS and sign-in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent
from service.domain.notifications.week import week_of
from service.jobs.mail import bounces
from service.jobs.mail.digest_setup import open_composer
from service.jobs.mail.send_mails import MailRunReport, send_digests
from service.mail.mailer import Mailer
from service.mail.signed_links import LinkPurpose
from service.use_cases.match import match_text
from tests.service.mail.mail_store import Opened, start
from tests.service.mail.sample_bounces import dsn
from tests.service.mail.smtp_server import Office, Received, Running, certificate

BO = "bo@example.com"
ROOT = "https://fundscout.example.org"


@dataclass
class Way:
    """The store, its application and the mail server."""

    opened: Opened
    office: Office

    def send(self) -> MailRunReport:
        """Compose and send the mails of this week."""
        context = self.opened.context
        post = Mailer.open(context.settings.mail, judging=True)
        now = context.now()
        with open_composer(context, now) as composer, closing(post.transport()) as transport:
            return send_digests(context, composer.digests, post, transport, week=week_of(now))


class Addresses(HTMLParser):
    """The addresses that a page links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "href" and value]


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Way]:
    ca, tls = certificate(tmp_path)
    (tmp_path / "password").write_text("right\n")
    with Running(tls=tls, auth=True) as office:
        opened = start(
            tmp_path / "data",
            confirmed=False,
            FUNDSCOUT_SMTP_URL=f"smtp://user@127.0.0.1:{office.port}",
            FUNDSCOUT_SMTP_PASSWORD_FILE=str(tmp_path / "password"),
            FUNDSCOUT_SMTP_CA=str(ca),
            FUNDSCOUT_MAIL_BOUNCES="bounces@mail.example.org",
            FUNDSCOUT_DIGEST_MIN_SCORE="0",
        )
        yield Way(opened, office)


def local(url: str) -> str:
    """Return where a link leads on our own server; nothing for others."""
    return url.removeprefix(ROOT) if url.startswith(f"{ROOT}/") else ""


def asked(way: Way) -> Received:
    """Propose an address on the page; return the mail that asks it."""
    sent = way.opened.client.post(
        "/pilots/hemma/recipients", data={"address": BO, "language": "sv"}
    )
    assert sent.status_code == 303
    (mail,) = way.office.to(BO)
    return mail


def links_of(mail: Received) -> dict[str, list[str]]:
    """Return the links of a mail by what they do; its two parts have the same."""
    in_html = {local(url) for url in Addresses(mail.part("html")).found} - {""}
    in_text = {local(url) for url in re.findall(r"https://\S+", mail.part("plain"))} - {""}
    assert in_html == in_text
    found: dict[str, list[str]] = {}
    for url in sorted(in_html):
        found.setdefault(urlsplit(url).path.split("/")[1], []).append(url)
    return found


@pytest.mark.slow
def test_the_whole_path(way: Way) -> None:
    opened, client = way.opened, way.opened.client
    question = asked(way)
    assert way.office.encrypted == [True]
    assert way.office.users == [b"user"]
    assert question.message.get_content_type() == "multipart/alternative"
    assert way.send().recipients == 0, "nobody has said yes"
    (yes,) = links_of(question)["confirm"]
    looked(opened, [yes])
    assert client.post(yes, data={"yes": "1"}).status_code == 200
    report = way.send()
    assert (report.recipients, report.composed, report.tally.sent) == (1, 1, 1)
    _, mail = way.office.to(BO)
    assert [part.get_content_type() for part in mail.message.walk()][2:4] == [
        "text/plain",
        "text/html",
    ]
    check_headers(mail)
    links = links_of(mail)
    counts = {name: len(found) for name, found in links.items()}
    assert counts == {"calls": 3, "f": 9, "m": 1, "pause": 1, "u": 2}
    looked(opened, [url for found in links.values() for url in found])
    assert mail.part("html") == client.get(links["m"][0]).text
    for url in links["f"]:
        assert client.post(url).status_code == 200
    assert len(opened.context.feedback.history("hemma")) == len(links["f"]) == 9
    assert way.send().already == 1
    stop_by_header(way, mail)


def looked(opened: Opened, urls: list[str]) -> None:
    """Follow links as a scanner does: every one answers, and nothing changes."""
    before = opened.rows()
    for url in urls:
        assert opened.client.head(url).status_code == 200, url
        assert opened.client.get(url).status_code == 200, url
    assert opened.rows() == before


def check_headers(mail: Received) -> None:
    head = mail.message
    assert head["To"] == BO
    assert head["From"] == "digest@mail.example.org"
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert head["List-Id"] == "<hemma.fundscout.mail.example.org>"
    assert head["Auto-Submitted"] == "auto-generated"
    assert head["Content-Language"] == "sv"
    assert re.fullmatch(r"<digest\.2026-W10\.[0-9a-f]{32}@mail\.example\.org>", mail.message_id)
    assert re.fullmatch(r"bounces\+[0-9a-f]{32}@mail\.example\.org", mail.sender)


def stop_by_header(way: Way, mail: Received) -> None:
    """Do what a mail program does when its reader presses its button."""
    url = local(str(mail.message["List-Unsubscribe"]).strip("<>"))
    name, value = str(mail.message["List-Unsubscribe-Post"]).split("=")
    answer = way.opened.client.post(url, data={name: value})
    assert answer.status_code == 200
    (kept,) = way.opened.context.recipients.with_address(Address.parse(BO))
    assert kept.consent is Consent.UNSUBSCRIBED
    assert way.send().recipients == 0


@pytest.mark.slow
def test_a_mail_that_comes_back_by_its_mark_ends_the_address(way: Way) -> None:
    (yes,) = links_of(asked(way))["confirm"]
    way.opened.client.post(yes, data={"yes": "1"})
    way.send()
    mail = way.office.to(BO)[-1]
    assert bounces.record_mail(way.opened.context, dsn("", returned=mail.sender)) == "hard"
    assert way.send().recipients == 0
    assert way.opened.context.recipients.suppression_reason(Address.parse(BO))


@pytest.mark.slow
def test_a_vote_in_a_mail_moves_the_next_mail(way: Way) -> None:
    (yes,) = links_of(asked(way))["confirm"]
    way.opened.client.post(yes, data={"yes": "1"})
    way.send()
    mail = way.office.to(BO)[-1]
    found = match_text(way.opened.context, "Hjärtsvikt i hemmet", pilot_id="hemma", group=False)
    (url,) = (u for u in links_of(mail)["f"] if votes(way.opened, u) == ("vinnova:4", "n"))
    way.opened.client.post(url)
    after = match_text(way.opened.context, "Hjärtsvikt i hemmet", pilot_id="hemma", group=False)
    assert "vinnova:4" in {match.call.id for match in found.matches}
    assert "vinnova:4" not in {match.call.id for match in after.matches}


def votes(opened: Opened, url: str) -> tuple[str, str]:
    """Return the call that a link judges, and the letter of its verdict."""
    _, call_id, verdict = opened.keys.read(LinkPurpose.JUDGE, url.split("/")[2], 3)
    return call_id, verdict
