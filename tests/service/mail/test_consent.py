"""Asking an address: by API, page and command; nobody is mailed before a yes."""

from __future__ import annotations

import json
import re
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from service.cli.main import run
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent
from service.mail.transport import TransportError
from service.messages.words import words
from service.use_cases import recipients as consent
from tests.service.mail.mail_store import ANNA, SENT, Opened, start
from tests.service.web.html_outline import outline

pytestmark = pytest.mark.whole

BO = "bo@example.com"
ROUTE, PAGE = "/api/v1/pilots/hemma/recipients", "/pilots/hemma/recipients"
OWN = {"Sec-Fetch-Site": "same-origin"}
BAD = (
    "",
    "bo",
    "bo@example.com\nBcc: eve@example.com",
    "bo@example.com\r\n\r\nhello",
    "Bo <bo@example.com>",
    "bo@example.com, eve@example.com",
    "b\u202eo@example.com",
    '"bo@example.com',
    "bo@-.se",
    "b" * 300 + "@example.com",
)


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    return start(tmp_path / "data", indexed=False, FUNDSCOUT_SMTP_URL=f"folder:{tmp_path / 'out'}")


def mails(tmp_path: Path) -> list[str]:
    """Return the questions that left, as plain text with the address above."""
    found = []
    for path in sorted((tmp_path / "out").glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=SMTP)
        assert "List-Unsubscribe" not in message
        body = message.get_body(("plain",))
        assert body is not None
        found.append(f"{message['To']}\n{body.get_content()}")
    return found


def test_asked_by_api_and_confirmed_by_the_link_in_the_mail(opened: Opened, tmp_path: Path) -> None:
    answer = opened.client.post(ROUTE, json={"address": BO, "language": "en"})
    assert answer.status_code == 202
    (mail,) = mails(tmp_path)
    assert mail.startswith(BO)
    assert "Somebody, probably you" in mail
    (link,) = re.findall(r"https://fundscout\.example\.org(/confirm/\S+)", mail)
    (mine,) = opened.context.recipients.with_address(Address.parse(BO))
    assert (mine.consent, mine.language, mine.source) == (Consent.PENDING, "en", "api")
    opened.client.get(link)
    assert opened.context.recipients.with_address(Address.parse(BO)) == [mine]
    assert "The mail will come" in opened.client.post(link, data={"yes": "1"}).text
    listed = opened.client.get(ROUTE).get_json()["recipients"]
    assert [(one["address"], one["state"]) for one in listed] == [
        ("a…@example.org", "confirmed"),
        ("b…@example.com", "confirmed"),
    ]
    assert BO not in json.dumps(listed)


LURES = (
    ("win-a-car.example.com", "You have won: call 0123 456 789 or visit https://evil.example"),
    ("din-faktura", "Din faktura är förfallen. Betala på evil.example"),
    ("id.2", "\u202eelpmaxe.live//:sptth"),
    ("evil.example", "<a href='https://evil.example'>Bekräfta här</a>"),
    ("x-1", "Kära Bo,\n\nLogga in på evil.example"),
)


@pytest.mark.parametrize(("pilot_id", "title"), LURES)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_question_holds_nothing_that_a_stranger_wrote(
    opened: Opened, tmp_path: Path, pilot_id: str, title: str, language: str
) -> None:
    pilot = {"id": pilot_id, "title": title, "text": "Hjärtsvikt. Se evil.example."}
    assert opened.client.post("/api/v1/pilots", json=pilot).status_code == 201
    where = f"/api/v1/pilots/{pilot_id}/recipients"
    for asked in (where, ROUTE):  # of another pilot the same mail comes
        assert (
            opened.client.post(asked, json={"address": BO, "language": language}).status_code == 202
        )
    bodies, subjects = set(), set()
    for path in (tmp_path / "out").glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=SMTP)
        parts = (message.get_body((kind,)) for kind in ("plain", "html"))
        text = "".join(part.get_content() for part in parts if part is not None)
        assert "evil" not in path.read_bytes().decode("latin-1") + text
        assert pilot_id not in re.sub(r"/confirm/\S+", "", text) + str(message["Message-ID"])
        bodies.add(re.sub(r"/confirm/[\w.-]+", "", text))
        subjects.add(message["Subject"])
    assert len(bodies) == len(subjects) == 1


def test_strangers_learn_nothing_of_an_address(opened: Opened, tmp_path: Path) -> None:
    opened.context.recipients.suppress(Address.parse("never@example.org"), "bounced", SENT)
    answers = set()
    for address in (str(ANNA), "never@example.org", BO):
        answer = opened.client.post(ROUTE, json={"address": address})
        answers.add((answer.status_code, answer.text))
        page = opened.client.post(PAGE, data={"address": address, "language": "sv"}, headers=OWN)
        answers.add((page.status_code, page.headers["Location"]))
    assert len(answers) == 2
    assert [mail.split("\n")[0] for mail in mails(tmp_path)] == [BO, BO]


def test_an_address_is_asked_three_times_a_day_and_strangers_sixty_an_hour(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        assert opened.client.post(ROUTE, json={"address": BO}).status_code == 202
    assert len(mails(tmp_path)) == consent.QUESTIONS_A_DAY == 3
    monkeypatch.setattr("service.use_cases.recipients.QUESTIONS_AN_HOUR", 4)
    assert opened.client.post(ROUTE, json={"address": "c@example.com"}).status_code == 202
    full = opened.client.post(ROUTE, json={"address": "d@example.com"})
    assert (full.status_code, full.headers["Retry-After"]) == (429, "3600")
    page = opened.client.post(f"{PAGE}?lang=sv", data={"address": "d@example.com"}, headers=OWN)
    assert page.status_code == 429
    assert words("sv")("problem.questions.all") in outline(page.text).text
    assert opened.context.recipients.with_address(Address.parse("d@example.com")) == []


@pytest.mark.parametrize("address", BAD)
def test_what_is_no_address_is_refused_everywhere(
    opened: Opened, tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = opened.rows()
    assert opened.client.post(ROUTE, json={"address": address}).status_code == 422
    page = opened.client.post(f"{PAGE}?lang=sv", data={"address": address}, headers=OWN)
    assert page.status_code == 422
    assert "ingen mejladress" in outline(page.text).text
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FUNDSCOUT_DATA", str(tmp_path / "data"))
        assert run(["recipients", "add", "hemma", "--", address]) == 1
    said = capsys.readouterr().err
    assert said.startswith("fundscout: This is no mail address: ")
    assert said.count("\n") == 1
    assert opened.rows() == before
    assert mails(tmp_path) == []


@pytest.mark.parametrize("address", ['"two words"@example.org', "å@example.org", "x@blåbär.se"])
def test_rare_addresses_are_asked(opened: Opened, tmp_path: Path, address: str) -> None:
    assert opened.client.post(ROUTE, json={"address": address}).status_code == 202
    assert len(list((tmp_path / "out").glob("*.eml"))) == 1
    (kept,) = opened.context.recipients.with_address(Address.parse(address))
    assert str(kept.address) == str(Address.parse(address))


def test_the_form_stands_on_the_pilots_page_and_strangers_pages_cannot_send_it(
    opened: Opened, tmp_path: Path
) -> None:
    page = outline(opened.client.get(PAGE).text)
    assert next(f["action"] for f in page.all("form")) == PAGE
    for headers, status in (({"Sec-Fetch-Site": "cross-site"}, 403), (OWN, 303)):
        assert opened.client.post(PAGE, data={"address": BO}, headers=headers).status_code == status
    assert len(mails(tmp_path)) == 1
    after = outline(opened.client.get(f"{PAGE}?asked=1&lang=en").text)
    assert words("en")("recipients.asked") in after.text
    assert "b…@example.com" in after.text
    remove = [f["action"] for f in after.all("form") if f["action"].endswith("remove?lang=en")]
    assert len(remove) == 2
    strange = {"Sec-Fetch-Site": "cross-site"}
    assert opened.client.post(remove[0], headers=strange).status_code == 403
    for path in remove:
        assert opened.client.post(path, headers=OWN).status_code == 303
    assert {one.consent for one in opened.context.recipients.all()} == {Consent.UNSUBSCRIBED}


def test_removal_by_api_is_for_recipients_of_the_pilot(opened: Opened) -> None:
    answer = opened.client.delete(f"{ROUTE}/{opened.anna.id}")
    assert [one["state"] for one in answer.get_json()["recipients"]] == ["unsubscribed"]
    assert opened.client.delete(f"{ROUTE}/{opened.anna.id}").status_code == 200
    for path in (f"{ROUTE}/nobody", f"/api/v1/pilots/fall/recipients/{opened.anna.id}"):
        assert opened.client.delete(path).status_code == 404
    for path in ("/api/v1/pilots/none/recipients", "/pilots/none/recipients"):
        assert opened.client.get(path).status_code == 404
    assert (
        opened.client.post("/api/v1/pilots/none/recipients", json={"address": BO}).status_code
        == 404
    )
    assert opened.client.post(ROUTE, json={"address": BO, "language": "fi"}).status_code == 422


def test_a_server_that_is_away_leaves_the_question_in_the_outbox(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise TransportError("The mail server cannot be used now.")

    monkeypatch.setattr("service.mail.transport.FolderTransport.deliver", away)
    assert opened.client.post(ROUTE, json={"address": BO}).status_code == 202
    assert opened.context.sent_items.count_by_state() == {"pending": 1}


def test_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opened = start(tmp_path / "data", indexed=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FUNDSCOUT_DATA", str(tmp_path / "data"))
        out = ["--to-dir", str(tmp_path / "out")]
        assert run(["recipients", "add", "hemma", BO, *out]) == 0
        assert run(["recipients", "add", "hemma", str(ANNA), *out]) == 0
        assert run(["recipients", "add", "fall", BO]) == 0
        assert "waits" in capsys.readouterr().out
        assert len(list((tmp_path / "out").iterdir())) == 1
        assert run(["recipients", "confirm", "hemma", BO, "--reason", "form of 3 May"]) == 0
        assert run(["recipients", "remove", "hemma", str(ANNA)]) == 0
        assert run(["recipients", "suppress", BO, "--reason", "bo@example.com left"]) == 0
        assert run(["recipients", "add", "fall", BO]) == 1
        assert run(["recipients", "confirm", "fall", BO, "--reason", "x"]) == 1
        capsys.readouterr()
        assert run(["recipients", "suppressed"]) == 0
        assert capsys.readouterr().out.split("  ")[1:] == [BO, "… left\n"]
        assert run(["recipients", "allow", BO]) == 0
        assert run(["recipients", "allow", BO]) == 1
        assert run(["recipients", "remove", "fall", "eve@example.com"]) == 1
        capsys.readouterr()
        assert run(["recipients", "list", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    states = {(one["pilot"], one["address"]): one["state"] for one in found}
    assert states == {
        ("hemma", str(ANNA)): "unsubscribed",
        ("hemma", BO): "suppressed",
        ("fall", BO): "suppressed",
    }
    assert opened.again().reason == "removed by command"
