"""What is kept of a person: handed out whole, erased to the last byte, and not kept for ever."""

from __future__ import annotations

import io
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service.cli.main import run
from service.context import Context
from service.domain.access.rights import AccountRole
from service.domain.matching.feedback import Judgement, Opinion
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent
from service.domain.pilots.pilot import Pilot
from service.errors import JobBusyError
from service.jobs.lock import hold_lock
from service.jobs.mail import bounces, personal_data
from service.jobs.mail.send_mails import MAIL_LOCK
from service.mail.transport import FolderTransport
from service.store.mail_tables import DeliveryRow, RecipientRow, SentItemRow
from service.use_cases.access.users import add_user
from tests.service.mail.mail_round import populated
from tests.service.mail.mail_round import run as send
from tests.service.mail.mail_store import WISH, start
from tests.service.mail.sample_bounces import dsn

pytestmark = pytest.mark.whole

WHO = "karin.unlikely-name@example.org"
KARIN = Address.parse(WHO)


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A store with two people who were mailed about two pilots."""
    monkeypatch.setenv("FUNDSCOUT_DATA", str(tmp_path / "data"))
    context = populated(tmp_path / "data", people=[WHO, "bo@example.com"])
    send(context, FolderTransport(tmp_path / "out"))
    return context


def judged(context: Context, by: str) -> None:
    context.feedback.add(
        Judgement(pilot="heart", call="a:1", verdict=Opinion.RELEVANT, by=by, at=datetime.now(UTC))
    )


def stored(data: Path) -> bytes:
    """Return every byte of the database and what lies beside it."""
    return b"".join(path.read_bytes() for path in sorted(data.glob("fundscout.sqlite*")))


def test_an_export_has_everything(
    context: Context, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = context.recipients.with_address(KARIN)
    judged(context, mine[0].pseudonym)
    judged(context, WHO.upper())
    judged(context, "Ada")
    assert run(["person", "export", WHO.upper()]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {one["pilot_id"] for one in found["recipients"]} == {"heart", "fall"}
    assert len(found["mails"]) == 2
    (whole,) = [one for one in found["mails"] if one["sent_with"] is None]
    assert WHO in whole["message"], "one message, over both pilots"
    assert len(found["told"]) == sum(len(one["keys"]) for one in found["mails"]) > 0
    assert [one["given_by"] for one in found["judgements"]] == [mine[0].pseudonym, WHO.upper()]
    assert "bo@example.com" not in json.dumps(found)
    file = tmp_path / "karin.json"
    assert run(["person", "export", WHO, "--output", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(json.loads(file.read_text("utf-8"))["mails"]) == 2
    assert run(["person", "export", WHO, "--output", str(file)]) == 1
    assert "Name a file that is not there yet" in capsys.readouterr().err


def test_an_account_is_exported_without_its_hash_and_erased(
    context: Context, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_user(context, WHO.upper(), AccountRole.EDITOR, "a long pass phrase")
    assert run(["person", "export", WHO]) == 0
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    assert account["name"] == WHO.upper()
    assert "password_hash" not in account
    assert run(["person", "erase", WHO, "--yes"]) == 0
    assert ", the account." in capsys.readouterr().out
    assert context.users.all() == []
    assert b"argon2" not in stored(tmp_path / "data")


def test_nothing_of_an_erased_address_is_left_but_its_hash(
    context: Context,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    data, mine = tmp_path / "data", context.recipients.with_address(KARIN)
    judged(context, WHO)
    message_id = context.sent_items.mails_of(mine[0].id)[0].message_id
    bounces.record_mail(context, dsn(message_id, to=WHO, said=f"550 5.1.1 <{WHO}> Karin left"))
    assert WHO.encode() in stored(data)
    assert run(["person", "erase", WHO]) == 130, "asked first: no"
    assert len(context.recipients.with_address(KARIN)) == 2
    assert run(["person", "erase", WHO, "--yes"]) == 0
    assert "as recipient of 2 pilots, 2 mails, the name on 1" in capsys.readouterr().out
    left = stored(data).lower()
    for trace in (WHO, "unlikely-name", mine[0].id, mine[1].id, message_id, "Karin left"):
        assert trace.lower().encode() not in left, trace
    assert b"bo@example.com" in left
    assert context.recipients.suppression_reason(KARIN) == "erased"
    assert [one.by for one in context.feedback.history("heart")] == ["erased"]
    (kept,) = context.recipients.suppressions()
    assert (kept.address, kept.reason) == (None, "erased")
    with Session(context.recipients._engine) as session:
        assert session.scalar(text("PRAGMA secure_delete")) == 1
        others = {
            one.id for one in context.recipients.with_address(Address.parse("bo@example.com"))
        }
        for row in (DeliveryRow, SentItemRow):
            assert set(session.scalars(select(row.recipient_id))) == others
    assert run(["recipients", "add", "heart", WHO]) == 1
    assert "never mailed (erased)" in capsys.readouterr().err
    assert run(["person", "erase", WHO, "--yes"]) == 0, "twice does no harm"
    assert run(["person", "export", WHO]) == 0
    found = json.loads("{" + capsys.readouterr().out.partition("{")[2])
    assert [name for name, rows in found.items() if isinstance(rows, list) and rows] == [
        "suppressions"
    ]


def test_nobody_is_erased_while_mails_are_being_sent(context: Context, tmp_path: Path) -> None:
    with hold_lock(tmp_path / "data", MAIL_LOCK), pytest.raises(JobBusyError):
        personal_data.erase_person(context, KARIN)
    assert len(context.recipients.with_address(KARIN)) == 2


def test_texts_of_mails_are_cleared_and_what_was_told_is_remembered(context: Context) -> None:
    (mine, _) = context.recipients.with_address(KARIN)
    told = context.sent_items.sent_keys([mine.id])
    soon, late = (datetime.now(UTC) + timedelta(days=days) for days in (29, 31))
    assert personal_data.apply_retention(context, soon).texts == 0
    assert personal_data.apply_retention(context, late).texts == 2
    assert personal_data.apply_retention(context, late).texts == 0
    assert all(mail.message is None for mail in context.sent_items.mails_of(mine.id))
    assert context.sent_items.sent_keys([mine.id]) == told
    assert mine.consent is Consent.CONFIRMED


def test_addresses_go_when_their_time_is_up_and_the_confirmed_stay(tmp_path: Path) -> None:
    opened = start(tmp_path / "data", indexed=False)
    store, now = opened.context, datetime.now(UTC)
    for name in ("pending", "stopped", "refused"):
        store.recipients.add_pending("hemma", Address.parse(f"{name}@example.org"), "sv", now)
    stopped = store.recipients.with_address(Address.parse("stopped@example.org"))[0]
    store.recipients.confirm(stopped.id, now)
    store.recipients.unsubscribe(stopped.id, "stopped by link", now + timedelta(days=10))
    refused = Address.parse("refused@example.org")
    store.recipients.suppress(refused, "bounced", now + timedelta(days=20))

    def left(days: int) -> set[str]:
        personal_data.apply_retention(store, now + timedelta(days=days))
        return {one.address.local for one in store.recipients.all()}

    assert left(89) == {"anna", "pending", "stopped", "refused"}
    assert left(91) == {"anna", "stopped", "refused"}
    assert left(101) == {"anna", "refused"}
    assert left(111) == {"anna"}
    assert left(4000) == {"anna"}
    assert store.recipients.suppression_reason(refused) == "bounced"


def test_a_clock_that_jumps_far_ahead_and_back_costs_nobody_their_answer(tmp_path: Path) -> None:
    opened = start(tmp_path / "data", indexed=False)
    store, now = opened.context, datetime.now(UTC)
    store.recipients.add_pending("hemma", Address.parse("pending@example.org"), "sv", now)
    personal_data.apply_retention(store, now)
    assert personal_data.apply_retention(store, now + timedelta(days=4000)).doubted
    assert (
        personal_data.apply_retention(store, now + timedelta(days=7))
        == personal_data.RetentionReport()
    )
    assert len(store.recipients.all()) == 2
    assert personal_data.apply_retention(store, now + timedelta(days=400)).doubted
    assert personal_data.apply_retention(store, now + timedelta(days=407)).addresses == 1


def test_who_follows_a_pilot_that_is_gone_is_kept_until_it_is_back_or_forgotten(
    tmp_path: Path,
) -> None:
    opened = start(tmp_path / "data", indexed=False)
    store, now = opened.context, datetime.now(UTC)

    def since() -> datetime | None:
        with Session(store.recipients._engine) as session:
            row = session.get(RecipientRow, opened.anna.id)
            return None if row is None else row.ended_at

    opened.archive("hemma")
    personal_data.apply_retention(store, now + timedelta(days=400))
    assert since() == now + timedelta(days=400)
    store.pilots.put(Pilot(id="hemma", title="Hemma", text=WISH))
    personal_data.apply_retention(store, now + timedelta(days=480))
    assert since() is None
    assert opened.again().consent is Consent.CONFIRMED
    opened.archive("hemma")
    personal_data.apply_retention(store, now + timedelta(days=500))
    personal_data.apply_retention(store, now + timedelta(days=589))
    assert store.recipients.get(opened.anna.id) is not None
    personal_data.apply_retention(store, now + timedelta(days=591))
    assert store.recipients.get(opened.anna.id) is None


def test_the_job_says_what_it_cleared(
    context: Context, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUNDSCOUT_KEEP_MAILS_DAYS", "0")
    assert run(["retention"]) == 0
    assert capsys.readouterr().out == "Cleared the texts of 2 mails, and 0 addresses.\n"
    done = context.runs.last_good("retention", "")
    assert done is not None
    assert (done.report["texts"], done.report["addresses"]) == (2, 0)
    monkeypatch.setenv("FUNDSCOUT_KEEP_ADDRESSES_DAYS", "soon")
    assert run(["retention"]) == 1
    assert "FUNDSCOUT_KEEP_ADDRESSES_DAYS is 'soon'" in capsys.readouterr().err
