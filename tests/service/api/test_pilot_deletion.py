"""A pilot is deleted with everything of it: by API, page and command."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from service.cli.main import run
from service.context import Context
from service.domain.notifications.address import Address
from service.jobs.lock import hold_lock
from service.jobs.mail.send_mails import MAIL_LOCK
from tests.service.web.html_outline import outline

pytestmark = pytest.mark.whole

WHERE = "/api/v1/pilots/heart"
NEVER = "never@example.org"


@pytest.fixture
def filled(own_context: Context, own_client: FlaskClient) -> FlaskClient:
    """A pilot that was judged and has recipients, one of whom is never mailed."""
    judged = {"call": "hostile:1", "verdict": "relevant", "by": "Anna"}
    assert own_client.post(f"{WHERE}/feedback", json=judged).status_code == 201
    assert own_client.post("/api/v1/pilots/hostile/feedback", json=judged).status_code == 201
    for address in ("a@example.org", NEVER):
        asked = own_client.post(f"{WHERE}/recipients", json={"address": address})
        assert asked.status_code == 202
    own_client.post("/api/v1/pilots/hostile/recipients", json={"address": "a@example.org"})
    recipients = own_context.recipients
    recipients.suppress(Address.parse(NEVER), "asked", own_context.now())
    return own_client


def rows(context: Context) -> dict[str, int]:
    """Return how many rows of each table are of the pilot."""
    where = {
        "pilots": "id = 'heart'",
        "feedback": "pilot_id = 'heart'",
        "recipients": "pilot_id = 'heart'",
        "deliveries": "recipient_id IN (SELECT id FROM recipients WHERE pilot_id = 'heart')",
    }
    with context.pilots._engine.connect() as connection:
        return {
            name: connection.execute(
                text(f"SELECT count(*) FROM {name} WHERE {which}")  # noqa: S608  words of ours
            ).scalar_one()
            for name, which in where.items()
        }


def test_the_api_deletes_it_with_all_that_is_of_it(
    filled: FlaskClient, own_context: Context
) -> None:
    assert rows(own_context) == {"pilots": 1, "feedback": 1, "recipients": 2, "deliveries": 2}
    answer = filled.delete(WHERE)
    assert answer.status_code == 200
    assert answer.get_json() == {
        "pilot": "heart",
        "judgements": 1,
        "recipients": 2,
        "mails": 2,
        "clean": True,
    }
    assert set(rows(own_context).values()) == {0}
    own_context.pilots._engine.dispose()
    stored = b"".join(p.read_bytes() for p in own_context.settings.data.glob("fundscout.sqlite*"))
    assert b"blodtryck dagligen i hemmet" not in stored, "overwritten, not only unlinked"
    assert filled.get(WHERE).status_code == 404
    assert filled.delete(WHERE).status_code == 404
    assert "heart" not in filled.get("/pilots").text


def test_what_is_of_others_stays_and_never_stays_never(
    filled: FlaskClient, own_context: Context
) -> None:
    filled.delete(WHERE)
    assert len(own_context.feedback.history("hostile")) == 1
    assert len(own_context.recipients.all(pilot_id="hostile")) == 1
    assert own_context.recipients.suppression_reason(Address.parse(NEVER)) == "asked"
    again = {"id": "heart", "title": "Another", "text": "Another"}
    assert filled.post("/api/v1/pilots", json=again).status_code == 201
    assert own_context.recipients.all(pilot_id="heart") == []
    assert own_context.feedback.history("heart") == []


def test_while_mails_are_sent_it_stays_and_the_answer_says_when_to_come_again(
    filled: FlaskClient, own_context: Context
) -> None:
    with hold_lock(own_context.settings.data, MAIL_LOCK):
        answer = filled.delete(WHERE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Mails are being sent" in answer.get_json()["detail"]
    assert filled.delete(WHERE).status_code == 200
    assert own_context.pilots.get("heart") is None


def test_the_page_asks_before_it_deletes(filled: FlaskClient, own_context: Context) -> None:
    links = [one["href"] for one in outline(filled.get("/pilots/heart").text).all("a")]
    assert "/pilots/heart/delete" in links
    asked = outline(filled.get("/pilots/heart/delete?lang=sv").text)
    assert own_context.pilots.get("heart") is not None
    (form,) = [one for one in asked.all("form") if "delete" in one["action"]]
    assert form["method"] == "post"
    done = filled.post(form["action"])
    assert (done.status_code, done.headers["Location"]) == (303, "/pilots?lang=sv")
    assert own_context.pilots.get("heart") is None


def test_the_command_asks_too(
    filled: FlaskClient,
    own_context: Context,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FUNDSCOUT_DATA", str(own_context.settings.data))
    assert run(["pilots", "delete", "nobody", "--yes"]) == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert run(["pilots", "delete", "heart"]) == 130
    assert own_context.pilots.get("heart") is not None
    capsys.readouterr()
    assert run(["pilots", "hide", "heart"]) == run(["pilots", "share", "heart"]) == 0
    capsys.readouterr()
    assert run(["pilots", "delete", "heart", "--yes"]) in {0, 1}
    assert "Deleted heart: 1 judgement, 2 recipients, 2 mails." in capsys.readouterr().out
    assert own_context.pilots.get("heart") is None
    assert filled.get(WHERE).status_code == 404
