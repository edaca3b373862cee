"""What links in mails do: nothing when looked at, their one thing when answered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent
from service.mail.mailer import STOP_ALL, STOP_ONE, Mailer
from service.mail.message import read_html
from service.mail.signed_links import LinkPurpose
from service.use_cases.match import match_text
from tests.service.mail.mail_store import ANNA, SENT, WISH, Opened, later, start
from tests.service.web.html_outline import outline

pytestmark = pytest.mark.whole

CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    return start(tmp_path / "data")


def ways(opened: Opened) -> dict[str, str]:
    id_ = opened.anna.id
    return {
        "confirm": "/confirm/" + opened.sign(LinkPurpose.CONFIRM, id_),
        "stop": "/u/" + opened.sign(LinkPurpose.STOP, id_, STOP_ONE),
        "stop all": "/u/" + opened.sign(LinkPurpose.STOP, id_, STOP_ALL),
        "judge": "/f/" + opened.sign(LinkPurpose.JUDGE, id_, "vinnova:1", "r"),
    }


@pytest.mark.parametrize("state", ["pending", "confirmed"])
def test_looking_changes_nothing_and_sets_no_cookie(tmp_path: Path, state: str) -> None:
    opened = start(tmp_path / "data", confirmed=state == "confirmed")
    before = opened.rows()
    for path in ways(opened).values():
        for look in (opened.client.get, opened.client.head):
            answer = look(path)
            judged_by_nobody = path.startswith("/f/") and state == "pending"
            assert answer.status_code == (410 if judged_by_nobody else 200), path
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert opened.rows() == before


def test_a_yes_confirms_once_and_an_old_link_brings_nobody_back(tmp_path: Path) -> None:
    opened = start(tmp_path / "data", confirmed=False)
    path = ways(opened)["confirm"]
    page = outline(opened.client.get(path).text)
    assert [b["name"] for b in page.all("button")] == ["yes", "never"]
    assert "Hjärtsvikt hemma" in page.text
    assert "a…@example.org" in page.text
    assert str(ANNA) not in page.text
    assert "Mejlet kommer" in opened.client.post(path, data={"yes": "1"}).text
    assert opened.again().consent is Consent.CONFIRMED
    when = opened.again().confirmed_at
    assert opened.client.post(path, data={"yes": "1"}).status_code == 200
    assert opened.again().confirmed_at == when
    opened.client.post(ways(opened)["stop"], data=CLICK)
    assert "Länken har redan använts" in opened.client.post(path, data={"yes": "1"}).text
    assert opened.again().consent is Consent.UNSUBSCRIBED


def test_a_no_is_kept_for_good(tmp_path: Path) -> None:
    opened = start(tmp_path / "data", confirmed=False)
    path = ways(opened)["confirm"]
    assert "Inget kommer att skickas" in opened.client.post(path, data={"never": "1"}).text
    assert opened.context.recipients.suppression_reason(ANNA) == "asked never to be mailed"
    opened.client.post(path, data={"yes": "1"})
    assert opened.again().consent is Consent.SUPPRESSED


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_one_click_stops_without_cookie_redirect_or_a_form_of_ours(
    opened: Opened, content_type: str
) -> None:
    other = opened.context.recipients.add_pending("fall", ANNA, "sv", SENT)
    opened.context.recipients.confirm(other.id, SENT)
    strange = {"Origin": "https://mail.example.com", "Sec-Fetch-Site": "cross-site"}
    for _ in range(2):
        answer = opened.client.post(
            ways(opened)["stop"], data=CLICK, headers=strange, content_type=content_type
        )
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "Location" not in answer.headers
    assert opened.again().consent is Consent.UNSUBSCRIBED
    kept = opened.context.recipients.get(other.id)
    assert kept is not None
    assert kept.consent is Consent.CONFIRMED


def test_all_mails_stop_by_the_second_button(opened: Opened) -> None:
    other = opened.context.recipients.add_pending(
        "fall", Address.parse("Anna@Example.org"), "sv", SENT
    )
    opened.context.recipients.confirm(other.id, SENT)
    page = outline(opened.client.get(ways(opened)["stop"]).text)
    forms = [form["action"] for form in page.all("form")]
    assert len(forms) == 2
    answer = opened.client.post(forms[1], data={"go": "1"})
    assert "oavsett pilot" in outline(answer.text).text
    states = {one.consent for one in opened.context.recipients.with_address(ANNA)}
    assert states == {Consent.UNSUBSCRIBED}


@pytest.mark.parametrize(
    ("letter", "verdict"), [("r", "relevant"), ("n", "not-relevant"), ("a", "applied")]
)
def test_a_verdict_is_kept_once_and_can_be_taken_back(
    opened: Opened, letter: str, verdict: str
) -> None:
    path = "/f/" + opened.sign(LinkPurpose.JUDGE, opened.anna.id, "vinnova:1", letter)
    assert "Hjärtsvikt i hemmet 2025" in outline(opened.client.get(path).text).text
    for _ in range(2):
        assert opened.client.post(path, data={"go": "1"}).status_code == 200
    (kept,) = opened.context.feedback.history("hemma")
    assert (kept.call, kept.verdict, kept.by) == (
        "vinnova:1",
        verdict,
        f"mail {opened.anna.id[:8]}",
    )
    page = outline(opened.client.get(path).text)
    assert [b["name"] for b in page.all("button")] == ["back"]
    for _ in range(2):
        assert "Återtaget" in opened.client.post(path, data={"back": "1"}).text
    assert not opened.context.feedback.opinions("hemma")
    assert len(opened.context.feedback.history("hemma")) == 2


def test_a_vote_from_a_mail_moves_what_the_pilot_is_shown(opened: Opened) -> None:
    def scores() -> dict[str, float]:
        found = match_text(opened.context, WISH, pilot_id="hemma", group=False)
        return {match.call.id: match.score for match in found.matches}

    def shown() -> str:
        return outline(opened.client.get("/pilots/hemma?lang=en").text).text

    before = scores()
    assert set(before) == {"vinnova:1", "vinnova:2", "vinnova:4"}
    assert "Judged not relevant" not in shown()
    path = "/f/" + opened.sign(LinkPurpose.JUDGE, opened.anna.id, "vinnova:4", "n")
    opened.client.get(path)
    assert scores() == before
    opened.client.post(path)
    assert "vinnova:4" not in scores()
    path = "/f/" + opened.sign(LinkPurpose.JUDGE, opened.anna.id, "vinnova:1", "r")
    opened.client.post(path)
    after = scores()
    assert after["vinnova:2"] - before["vinnova:2"] > 0.01, "like the relevant one: it rises"
    assert f"mail {opened.anna.id[:8]}" in shown()


@pytest.mark.parametrize("name", ["confirm", "stop", "stop all", "judge"])
def test_an_altered_link_does_nothing_and_says_so(opened: Opened, name: str) -> None:
    path = ways(opened)[name]
    before = opened.rows()
    head, token = path.rsplit("/", 1)
    flipped = token[:10] + ("A" if token[10] != "A" else "B") + token[11:]
    others = [ways(opened)[other].rsplit("/", 1)[1] for other in ways(opened) if other != name]
    strange = [
        t for t in others if not (head == "/u" and t in {w[3:] for w in ways(opened).values()})
    ]
    for bad in (flipped, token[:-1], token + "A", "å", "x" * 5000, *strange):
        for send in (opened.client.get, opened.client.post):
            answer = send(f"{head}/{bad}", headers={"Accept-Language": "sv"})
            assert answer.status_code == 404, bad
            assert "Länken är inte hel" in answer.text
    assert opened.rows() == before


def test_a_link_expires_where_it_acts(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    before, paths = opened.rows(), ways(opened)
    for name, days in (("confirm", 7), ("judge", 60)):
        with later(monkeypatch, timedelta(days=days, minutes=-1)):
            assert opened.client.get(paths[name]).status_code == 200
        with later(monkeypatch, timedelta(days=days, minutes=1)):
            for send in (opened.client.get, opened.client.post):
                answer = send(paths[name], headers={"Accept-Language": "en"})
                assert answer.status_code == 410
                assert "Länkens tid har gått ut" in answer.text, "in the language of the mail"
                answer = send(f"{paths[name]}?lang=en")
                assert "This link has expired" in answer.text
    assert opened.rows() == before
    with later(monkeypatch, timedelta(days=4000)):
        assert opened.client.post(paths["stop"]).status_code == 200
    assert opened.again().consent is Consent.UNSUBSCRIBED


def test_a_link_of_another_installation_does_nothing(opened: Opened, tmp_path: Path) -> None:
    other = start(tmp_path / "other")
    token = other.sign(LinkPurpose.STOP, opened.anna.id, STOP_ALL)
    assert opened.client.post(f"/u/{token}").status_code == 404
    assert opened.again().consent is Consent.CONFIRMED


def test_links_of_who_is_gone_say_so(opened: Opened) -> None:
    paths = ways(opened)
    opened.context.persons.erase(ANNA, SENT)
    for name, status in (("confirm", 410), ("stop", 200), ("stop all", 200), ("judge", 410)):
        for send in (opened.client.get, opened.client.post):
            answer = send(paths[name], headers={"Accept-Language": "en"})
            assert answer.status_code == status, name
            assert "Nothing is sent to this address" in answer.text


def test_only_who_follows_can_judge(opened: Opened) -> None:
    path = ways(opened)["judge"]
    opened.client.post(ways(opened)["stop"], data=CLICK)
    answer = opened.client.post(path)
    assert answer.status_code == 410
    assert opened.context.feedback.history("hemma") == []


def test_a_pilot_that_is_archived_ends_its_links_but_can_be_stopped(opened: Opened) -> None:
    paths = ways(opened)
    opened.archive("hemma")
    for name in ("confirm", "judge"):
        for send in (opened.client.get, opened.client.post):
            answer = send(paths[name], headers={"Accept-Language": "en"})
            assert answer.status_code == 410
            assert "Piloten finns inte kvar" in answer.text, "in the language of the mail"
            assert "The pilot is not here any more" in send(f"{paths[name]}?lang=en").text
    assert opened.client.get(paths["stop"]).status_code == 200
    assert opened.client.post(paths["stop"], data=CLICK).status_code == 200
    assert opened.again().consent is Consent.UNSUBSCRIBED


def test_pages_speak_the_recipients_language_until_another_is_chosen(opened: Opened) -> None:
    path = ways(opened)["stop"]
    assert 'lang="sv"' in opened.client.get(path, headers={"Accept-Language": "en"}).text[:200]
    page = opened.client.get(f"{path}?lang=en")
    assert "Stop these mails?" in page.text
    (switch,) = (a for a in outline(page.text).all("a") if a.get("hreflang") == "sv")
    assert switch["href"].startswith(path)
    assert all("lang=en" in form["action"] for form in outline(page.text).all("form"))


def test_a_sent_mail_is_shown_until_it_is_cleared_or_its_reader_erased(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened.context
    letter = Mailer.open(store.settings.mail).confirm(opened.anna, SENT)
    store.deliveries.add(letter, SENT)
    store.deliveries.mark_sent(letter.id, SENT)
    path = "/m/" + opened.sign(LinkPurpose.READ, letter.id)
    shown = opened.client.get(path)
    assert read_html(letter.message) == shown.text
    assert "style-src 'unsafe-inline'" in shown.headers["Content-Security-Policy"]
    with later(monkeypatch, timedelta(days=366)):
        assert opened.client.get(path).status_code == 410
    store.deliveries.clear(SENT + timedelta(days=1))
    gone = opened.client.get(path)
    assert gone.status_code == 410
    assert "style-src 'self'" in gone.headers["Content-Security-Policy"]
    store.persons.erase(ANNA, SENT)
    assert opened.client.get(path).status_code == 410
    assert opened.client.get("/m/" + opened.sign(LinkPurpose.STOP, letter.id)).status_code == 404
    assert opened.client.post(path).status_code == 405
