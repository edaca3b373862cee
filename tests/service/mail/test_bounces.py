"""Mails that came back: read from mailboxes and taken by the webhook."""

from __future__ import annotations

import mailbox
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.cli.main import run
from service.context import Context
from service.domain.notifications.recipient import (
    BounceKind,
    Consent,
    Delivery,
    MailKind,
    MailState,
)
from service.domain.notifications.week import mail_due
from service.jobs.mail import bounces
from service.mail import bounce_reports
from service.mail.mailer import Mailer
from service.mail.transport import FolderTransport
from tests.service.mail import mail_round as rounds
from tests.service.mail.mail_store import ANNA, Opened, start
from tests.service.mail.sample_bounces import answer, complaint, dsn

pytestmark = pytest.mark.whole

SECRET = "a secret of some length"  # noqa: S105  of this test alone


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """A store whose two recipients were sent the mail of the first week."""
    context = rounds.populated(tmp_path / "data", people=[str(ANNA)])
    rounds.run(context, FolderTransport(tmp_path / "out"))
    return context


def the_mail(context: Context, pilot: str = "heart") -> tuple[str, str]:
    """Return a recipient's id and the Message-ID of their last mail, which is over both pilots."""
    found = context.recipients.find(pilot, ANNA)
    assert found is not None
    return found.id, the_message(context, found.id).message_id


def the_message(context: Context, recipient_id: str) -> Delivery:
    """Return the last mail of a recipient, or the one that it was sent with."""
    last = context.sent_items.mails_of(recipient_id)[-1]
    whole = context.sent_items.get(last.sent_with) if last.sent_with else last
    assert whole is not None
    return whole


def test_a_hard_bounce_suppresses_and_what_it_told_is_told_anew(context: Context) -> None:
    recipient, message_id = the_mail(context)
    assert context.sent_items.sent_keys([recipient])[recipient]
    assert bounces.record_mail(context, dsn(message_id)) == "hard"
    assert bounces.record_mail(context, dsn(message_id)) == "known"
    assert context.sent_items.sent_keys([recipient])[recipient] == set()
    (mail,) = context.sent_items.mails_of(recipient)
    assert (mail.state, mail.bounce) == (MailState.BOUNCED, BounceKind.HARD)
    assert "no such user" in context.recipients.suppression_reason(ANNA)
    assert {one.consent for one in context.recipients.with_address(ANNA)} == {Consent.SUPPRESSED}


@pytest.mark.parametrize(
    ("action", "status", "bounce"),
    [
        ("failed", "5.1.1", BounceKind.HARD),
        ("failed", "5.1.10", BounceKind.HARD),
        ("failed", "5.2.1 (disabled)", BounceKind.HARD),
        ("failed", "5.2.2", BounceKind.SOFT),
        ("failed", "5.7.1", BounceKind.SOFT),
        ("failed", "5.4.4", BounceKind.SOFT),
        ("failed", "4.4.7", BounceKind.SOFT),
        ("failed", "", BounceKind.SOFT),
        ("Failed", "5.0.0", BounceKind.HARD),
        ("delayed", "4.4.1", BounceKind.DELAYED),
        ("delivered", "2.0.0", None),
        ("relayed", "2.0.0", None),
        ("expanded", "2.0.0", None),
    ],
)
def test_what_a_status_means(action: str, status: str, bounce: BounceKind | None) -> None:
    found = bounce_reports.read_report(dsn("<a@b>", action=action, status=status))
    assert (found and found.bounce) == bounce


def test_of_several_recipients_the_worst_counts() -> None:
    both = dsn("<a@b>", action="delayed", status="4.4.1")
    worse = both.replace(b"Status: 4.4.1", b"Status: 4.4.1\r\n\r\nAction: failed\r\nStatus: 5.1.1")
    found = bounce_reports.read_report(worse)
    assert found is not None
    assert found.bounce is BounceKind.HARD


def test_four_soft_bounces_in_a_row_suppress_but_not_four_with_a_mail_between(
    tmp_path: Path,
) -> None:
    opened = start(tmp_path / "data", indexed=False)
    store = opened.context

    def week(number: int, *, arrives: bool = False) -> None:
        now = mail_due(f"2026-W{number}")
        letter = Mailer.open(store.settings.mail).confirm(opened.anna, now)
        letter = replace(letter, kind=MailKind.DIGEST, occasion=f"2026-W{number}")
        assert store.deliveries.add(letter, now)
        assert store.deliveries.mark_sent(letter.id, now)
        if not arrives:
            assert bounces.record_mail(store, dsn(letter.message_id, status="5.2.2")) == "soft"

    for number in (10, 11, 12):
        week(number)
    week(13, arrives=True)
    for number in (14, 15, 16):
        week(number)
        assert store.recipients.suppression_reason(ANNA) == ""
    week(17)
    assert store.recipients.suppression_reason(ANNA).startswith("bounced 4 times in a row: 5.2.2")
    assert opened.again().soft_bounces == 7


def test_a_complaint_stops_all_mails_and_what_was_told_stays_told(context: Context) -> None:
    recipient, message_id = the_mail(context)
    known = context.sent_items.sent_keys([recipient])[recipient]
    assert bounces.record_mail(context, complaint(message_id, kind="not-spam")) == "no report"
    assert bounces.record_mail(context, complaint(message_id)) == "complaint"
    assert context.sent_items.sent_keys([recipient])[recipient] == known
    assert context.recipients.suppression_reason(ANNA).startswith("complained: ")


def test_the_mark_of_the_returned_mail_names_it_too(context: Context) -> None:
    recipient, _ = the_mail(context)
    mark = the_message(context, recipient).id
    assert bounces.record_mail(context, dsn("", returned=f"bounces+{mark}@example.com")) == "hard"


def test_headers_alone_name_the_mail(context: Context) -> None:
    _, message_id = the_mail(context)
    assert bounces.record_mail(context, dsn(message_id, headers_only=True)) == "hard"


def test_forged_and_broken_reports_change_nothing(context: Context) -> None:
    _, message_id = the_mail(context)
    guessed = message_id.replace(message_id[25:30], "00000")
    hostile = [
        dsn(guessed),
        dsn("<x@y>", returned=f"bounces+{'0' * 32}@example.com"),
        dsn("", returned=""),
        answer(f"about {message_id}: Action: failed, Status: 5.1.1"),
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n" + b"--b\r\n" * 5000,
        b"Content-Type: message/delivery-status\r\n\r\n\xff\xff: \xff",
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n") * 500,
        dsn(message_id).replace(b"message/delivery-status", b"text/plain"),
    ]
    for raw in hostile:
        assert bounces.record_mail(context, raw) in {"foreign", "no report"}, raw[:80]
    assert context.recipients.suppression_reason(ANNA) == ""
    assert context.sent_items.count_by_state() == {"sent": 1}


def box_of(kind: str, tmp_path: Path, messages: list[bytes]) -> Path:
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()
        for number, raw in enumerate(messages):
            (path / f"{number}.eml").write_bytes(raw)
        return path
    box = mailbox.Maildir(path) if kind == "maildir" else mailbox.mbox(path)
    for raw in messages:
        box.add(raw)
    box.close()
    return path


@pytest.mark.parametrize("kind", ["maildir", "mbox", "folder"])
def test_a_mailbox_is_read_twice_and_cleared_of_reports_alone(
    context: Context, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, message_id = the_mail(context)
    rounds.run(context, FolderTransport(tmp_path / "out"), rounds.WEEKS[1])
    _, other = the_mail(context)
    messages = [dsn(message_id), dsn(other, status="4.2.2"), answer(), dsn("<a@b.c>")]
    path = box_of(kind, tmp_path, messages)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FUNDSCOUT_DATA", str(tmp_path / "data"))
        assert run(["bounces", str(path)]) == 0
        assert "Read 4 messages: 1 hard, 1 soft, 0 delayed" in capsys.readouterr().out
        assert run(["bounces", str(path), "--remove"]) == 0
        assert "2 known before, 1 not of our mails, 1 for a person" in capsys.readouterr().out
        assert run(["bounces", str(path)]) == 0
        assert "Read 1 message" in capsys.readouterr().out
        assert run(["bounces", str(tmp_path / "none")]) == 1
        assert "cannot be read" in capsys.readouterr().err


def test_the_mailbox_of_the_settings_is_read_and_none_is_no_error(
    context: Context, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = box_of("mbox", tmp_path, [dsn(the_mail(context)[1])])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FUNDSCOUT_DATA", str(tmp_path / "data"))
        assert run(["bounces", "--remove"]) == 0
        assert "set FUNDSCOUT_BOUNCE_BOX" in capsys.readouterr().out
        patch.setenv("FUNDSCOUT_BOUNCE_BOX", str(path))
        for said in ("Read 1 message: 1 hard", "Read 0 messages"):
            assert run(["bounces", "--remove"]) == 0
            assert said in capsys.readouterr().out


@pytest.fixture
def hook(tmp_path: Path) -> Opened:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    secret = str(tmp_path / "secret")
    return start(tmp_path / "data", indexed=False, FUNDSCOUT_BOUNCE_SECRET_FILE=secret)


def test_the_webhook_wants_its_secret_and_keeps_what_is_reported(hook: Opened) -> None:
    store, now = hook.context, hook.anna.asked_at
    assert now is not None
    letter = Mailer.open(store.settings.mail).confirm(hook.anna, now)
    store.deliveries.add(letter, now)
    store.deliveries.mark_sent(letter.id, now + timedelta(minutes=1))
    body = {"message_id": letter.message_id.strip("<>"), "kind": "hard", "reason": "550\r\nno"}

    def send(secret: str = SECRET, **json: object) -> tuple[int, object]:
        head = {"Authorization": f"Bearer {secret}"} if secret else {}
        answer = hook.client.post("/api/v1/bounces", json=json or body, headers=head)
        return answer.status_code, answer.get_json().get("outcome")

    assert send("")[0] == send("wrong")[0] == send("å")[0] == 401
    assert store.recipients.suppression_reason(ANNA) == ""
    assert send(message_id="<x@y>", kind="hard") == (200, "foreign")
    assert send(message_id="<x@y>", kind="bad")[0] == 422
    assert send() == (200, "hard")
    assert send() == (200, "known")
    assert store.recipients.suppression_reason(ANNA) == "bounced: 550 no"


def test_without_a_secret_nobody_may_report(tmp_path: Path) -> None:
    opened = start(tmp_path / "data", indexed=False)
    answer = opened.client.post("/api/v1/bounces", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403
    empty = tmp_path / "empty"
    empty.write_text("\n")
    opened = start(tmp_path / "d2", indexed=False, FUNDSCOUT_BOUNCE_SECRET_FILE=str(empty))
    answer = opened.client.post("/api/v1/bounces", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403
