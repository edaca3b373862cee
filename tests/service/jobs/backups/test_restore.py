"""After a restore nobody who said stop is mailed, and what was sent is not sent again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text

from service.context import Context
from service.domain.matching.feedback import Opinion
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import BounceKind, Consent, MailState
from service.domain.notifications.week import week_start
from service.errors import InputError
from service.jobs.backups.backup import make_backup
from service.jobs.backups.restore import restore_backup
from service.jobs.mail.personal_data import apply_retention
from service.jobs.mail.send_mails import send_waiting
from service.jobs.reindex import reindex
from service.mail.mailer import Mailer
from service.use_cases.feedback import judge_call
from tests.service import sample_calls
from tests.service.conftest import NOW, a_call
from tests.service.jobs.backups.weeks import Post, backed_up, filled, opened, restored, send
from tests.service.mail.mail_round import FAST, PEOPLE, PILOTS, WEEKS

pytestmark = pytest.mark.whole

ANNA, BO = map(Address.parse, PEOPLE)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    filled(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def post() -> Post:
    return Post()


def stop_by_link(context: Context) -> None:
    for one in context.recipients.with_address(ANNA):
        context.recipients.unsubscribe(one.id, "stopped by link", datetime.now(UTC))


def never_again(context: Context) -> None:
    context.recipients.suppress(ANNA, "said never", datetime.now(UTC))


def erased(context: Context) -> None:
    context.persons.erase(ANNA, datetime.now(UTC))


def bounced_for_good(context: Context) -> None:
    context.recipients.suppress(ANNA, "bounced", datetime.now(UTC))


def complained(context: Context) -> None:
    for one in context.recipients.with_address(ANNA):
        (mail,) = context.sent_items.mails_of(one.id)
        context.deliveries.mark_bounced(mail.id, BounceKind.COMPLAINT, "complaint")
    context.recipients.suppress(ANNA, "complained", datetime.now(UTC))


STOPS = [stop_by_link, never_again, erased, bounced_for_good, complained]


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.__name__)
def test_who_stopped_after_the_backup_is_mailed_by_nobody(
    data: Path, tmp_path: Path, post: Post, stop: Callable[[Context], None]
) -> None:
    send(data, post)
    path = backed_up(data, tmp_path / "one.backup")
    with opened(data) as context:
        stop(context)
    report = restored(data, path)
    assert report.merged is not None
    assert report.merged.stopped + report.merged.erased > 0
    assert report.merged.knows
    for week in WEEKS:
        send(data, post, week)
    assert post.mails[PEOPLE[0]] == 1  # that of the first week, before
    assert post.mails[PEOPLE[1]] == len(WEEKS)


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.__name__)
def test_nor_after_a_second_restore(
    data: Path, tmp_path: Path, post: Post, stop: Callable[[Context], None]
) -> None:
    send(data, post)
    path = backed_up(data, tmp_path / "one.backup")
    with opened(data) as context:
        stop(context)
    restored(data, path)
    restored(data, path)
    send(data, post, WEEKS[1])
    assert post.mails[PEOPLE[0]] == 1


def test_a_pause_and_a_way_back_after_the_backup_are_kept(
    data: Path, tmp_path: Path, post: Post
) -> None:
    with opened(data) as context:
        stop_by_link(context)
    path = backed_up(data, tmp_path / "one.backup")
    with opened(data) as context:
        for one in context.recipients.with_address(ANNA):
            assert one.ended_at is not None
            assert context.recipients.resubscribe(one.id, one.ended_at, datetime.now(UTC))
        for one in context.recipients.with_address(BO):
            assert context.recipients.pause(one.id, week_start(WEEKS[2]))
    restored(data, path)
    for week in WEEKS:
        send(data, post, week)
    assert post.mails == {PEOPLE[0]: len(WEEKS), PEOPLE[1]: 1}
    (last,) = (parcel for parcel in post.taken if str(parcel.recipient) == PEOPLE[1])
    assert all(item in last.message for item in (b"0-a", b"1-a", b"2-a")), "told when it is over"


def test_an_erased_person_does_not_come_back(data: Path, tmp_path: Path) -> None:
    with opened(data) as context:
        context.calls.upsert([a_call("vinnova:1")], NOW)
        judge_call(context, "heart", "vinnova:1", Opinion.RELEVANT, "Anna@Example.org")
    path = backed_up(data, tmp_path / "one.backup")
    with opened(data) as context:
        erased(context)
    report = restored(data, path)
    assert report.merged is not None
    assert report.merged.erased == 1
    with opened(data) as context:
        assert context.recipients.with_address(ANNA) == []
        assert not any(ANNA.local in str(rows).lower() for rows in all_rows(context))


def all_rows(context: Context) -> list[object]:
    with context.calls._engine.connect() as connection:
        return [
            tuple(row)
            for table in ("recipients", "deliveries", "feedback", "told")
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608  names of ours
        ]


def test_a_mail_that_went_out_after_the_backup_goes_out_once(
    data: Path, tmp_path: Path, post: Post
) -> None:
    path = backed_up(data, tmp_path / "one.backup")
    send(data, post)
    restored(data, path)
    send(data, post)
    send(data, post, WEEKS[1])
    assert set(post.mails.values()) == {2}
    assert repeated_items(data) == []


def test_a_mail_that_waited_when_the_backup_was_made_goes_out_once(
    data: Path, tmp_path: Path
) -> None:
    send(data, Post(refuses=True))
    path = backed_up(data, tmp_path / "one.backup")
    post = Post()
    with opened(data) as context:
        context.deliveries._change(text("1"), next_try=datetime(2026, 1, 1, tzinfo=UTC))
        send_waiting(context, Mailer.open(context.settings.mail), post, pace=FAST)
    assert set(post.mails.values()) == {1}
    restored(data, path)
    with opened(data) as context:
        assert context.sent_items.count_by_state() == {"sent": 2}
        send_waiting(context, Mailer.open(context.settings.mail), post, pace=FAST)
    send(data, post)
    assert set(post.mails.values()) == {1}


def test_a_mail_that_waited_and_was_composed_anew_is_composed_once(
    data: Path, tmp_path: Path
) -> None:
    send(data, Post(refuses=True))
    path = backed_up(data, tmp_path / "one.backup")
    with opened(data) as context:
        context.deliveries._change(text("1"), stale_at=datetime(2026, 1, 1, tzinfo=UTC))
        context.deliveries.renew(WEEKS[0], datetime(2026, 1, 2, tzinfo=UTC))
    assert restored(data, path).merged is not None
    post = Post()
    send(data, post)
    assert set(post.mails.values()) == {1}


def test_a_mail_that_came_back_after_the_backup_counts_as_unsent(
    data: Path, tmp_path: Path, post: Post
) -> None:
    send(data, post)
    path = backed_up(data, tmp_path / "one.backup")
    with opened(data) as context:
        one = context.recipients.with_address(ANNA)[0]
        (mail,) = context.sent_items.mails_of(one.id)
        context.deliveries.mark_bounced(mail.id, BounceKind.SOFT, "full")
    restored(data, path)
    with opened(data) as context:
        assert context.sent_items.sent_keys([one.id]) == {one.id: set()}
        assert context.sent_items.mails_of(one.id)[0].state is MailState.BOUNCED


def test_consent_that_came_after_the_backup_stays(data: Path, tmp_path: Path, post: Post) -> None:
    new = Address.parse("cia@example.org")
    path = backed_up(data, tmp_path / "one.backup")
    with opened(data) as context:
        asked = context.recipients.add_pending("heart", new, "sv", datetime.now(UTC))
        context.recipients.confirm(asked.id, datetime.now(UTC))
    restored(data, path)
    send(data, post)
    assert post.mails[str(new)] == 1


def test_who_stopped_and_came_back_is_mailed(data: Path, tmp_path: Path, post: Post) -> None:
    with opened(data) as context:
        stop_by_link(context)
    path = backed_up(data, tmp_path / "one.backup")
    with opened(data) as context:
        for one in context.recipients.with_address(ANNA):
            context.recipients.add_pending(one.pilot_id, ANNA, "sv", datetime.now(UTC))
            context.recipients.confirm(one.id, datetime.now(UTC))
    restored(data, path)
    send(data, post)
    assert post.mails[PEOPLE[0]] == 1


def test_who_stopped_long_ago_and_was_deleted_does_not_come_back(
    data: Path, tmp_path: Path, post: Post
) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 8, tzinfo=UTC)) as clock:
        path = backed_up(data, tmp_path / "one.backup")
        with opened(data) as context:
            stop_by_link(context)
        for _ in range(3):
            clock.shift(timedelta(days=40))
            with opened(data) as context:
                apply_retention(context)
        with opened(data) as context:
            assert context.recipients.with_address(ANNA) == []
        report = restored(data, path)
        assert report.merged is not None
        assert report.merged.gone == len(PILOTS)
        send(data, post)
    assert PEOPLE[0] not in post.mails


def test_who_was_deleted_by_mistake_comes_back(data: Path, tmp_path: Path, post: Post) -> None:
    path = backed_up(data, tmp_path / "one.backup")
    with opened(data) as context, context.calls._engine.begin() as connection:
        connection.execute(text("DELETE FROM recipients WHERE address LIKE 'anna%'"))
    restored(data, path)
    send(data, post)
    assert post.mails[PEOPLE[0]] == 1


def test_on_a_new_machine_mails_that_waited_are_left_to_the_next_week(
    data: Path, tmp_path: Path, post: Post
) -> None:
    send(data, Post(refuses=True))
    path = backed_up(data, tmp_path / "one.backup")
    shutil.rmtree(data)
    report = restored(data, path)
    assert (report.merged, report.kept) == (None, None)
    assert (data / "secret.key").read_text("utf-8") == "s" * 40
    send(data, post)
    assert post.taken == []
    send(data, post, WEEKS[1])
    assert set(post.mails.values()) == {1}


def test_a_new_machine_that_already_knows_of_a_stop_keeps_it(
    data: Path, tmp_path: Path, post: Post
) -> None:
    path = backed_up(data, tmp_path / "one.backup")
    shutil.rmtree(data)
    with opened(data) as context:
        context.recipients.suppress(ANNA, "said never, here", datetime.now(UTC))
    report = restored(data, path)
    assert report.merged is not None
    assert report.merged.stopped == len(PILOTS)
    assert not report.merged.knows, "it is another store: of other stops it knows nothing"
    send(data, post)
    assert PEOPLE[0] not in post.mails
    with opened(data) as context:
        assert context.recipients.suppression_reason(ANNA) == "said never, here"
        assert context.recipients.allow(ANNA)
        assert context.recipients.suppression_reason(ANNA) == ""
        assert context.recipients.suppression_reason(BO) == ""


def test_what_was_there_is_kept_under_its_date(data: Path, tmp_path: Path) -> None:
    path = backed_up(data, tmp_path / "one.backup")
    with opened(data) as context:
        context.calls.upsert([a_call()], NOW)
    (data / "secret.key").write_text("t" * 40, "utf-8")
    report = restored(data, path)
    assert report.kept is not None
    assert report.kept.name.startswith("before-restore-20")
    with closing(sqlite3.connect(report.kept / "fundscout.sqlite")) as before:
        assert before.execute("SELECT count(*) FROM calls").fetchone() == (1,)
    assert (report.kept / "secret.key").read_text("utf-8") == "t" * 40
    assert (data / "secret.key").read_text("utf-8") == "s" * 40
    with opened(data) as context:
        assert context.calls.count() == 0


@pytest.mark.parametrize(
    "rows", [b"this is no database" * 500, b"SQLite format 3\0" + b"\xff" * 9000]
)
def test_a_present_database_that_cannot_be_read_is_named_before_it_is_given_up(
    data: Path, tmp_path: Path, post: Post, rows: bytes
) -> None:
    path = backed_up(data, tmp_path / "one.backup")
    (data / "fundscout.sqlite").write_bytes(rows)
    with pytest.raises(InputError, match="--ignore-present"):
        restored(data, path)
    assert (data / "fundscout.sqlite").read_bytes() == rows
    report = restored(data, path, ignore_present=True)
    assert report.merged is None
    assert report.kept is not None
    assert (report.kept / "fundscout.sqlite").read_bytes() == rows
    send(data, post)
    assert set(post.mails.values()) == {1}


def test_the_index_of_the_store_before_is_not_taken_for_the_restored_ones(
    own_context: Context, tmp_path: Path
) -> None:
    assert own_context.index_is_current()
    path = make_backup(own_context, tmp_path / "one.backup").path
    own_context.calls.upsert([a_call("vinnova:later")], NOW)
    reindex(own_context)
    own_context.calls._engine.dispose()
    restore_backup(own_context.settings, path)
    again = sample_calls.open_context(own_context.settings.data)
    assert again.needs_reindex()
    reindex(again)
    assert again.index_is_current()
    again.calls._engine.dispose()


def test_settings_that_are_others_now_are_named(data: Path, tmp_path: Path) -> None:
    with opened(data, FUNDSCOUT_CURRENCY="EUR") as context:
        path = make_backup(context, tmp_path / "one.backup").path
    assert restored(data, path).settings == ("FUNDSCOUT_CURRENCY",)


def test_consent_states_follow_the_later_word(data: Path, tmp_path: Path) -> None:
    """A backup that is newer than the present store keeps its own later word."""
    old = backed_up(data, tmp_path / "old.backup")
    with opened(data) as context:
        stop_by_link(context)
        for one in context.recipients.with_address(ANNA):
            context.recipients.add_pending(one.pilot_id, ANNA, "sv", datetime.now(UTC))
            context.recipients.confirm(one.id, datetime.now(UTC))
    new = backed_up(data, tmp_path / "new.backup")
    shutil.rmtree(data)
    restored(data, old)
    with opened(data) as context:
        stop_by_link(context)  # said before the newer backup's yes? no: it is said now
    restored(data, new)
    with opened(data) as context:
        states = {one.consent for one in context.recipients.with_address(ANNA)}
    assert states == {Consent.UNSUBSCRIBED}


def repeated_items(data: Path) -> list[object]:
    """Return the items that a recipient was sent in two mails that are marked as sent."""
    with opened(data) as context, context.calls._engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT d.recipient_id, item.value, count(*) FROM deliveries d, "
                "json_each(d.keys) item WHERE d.state = 'sent' GROUP BY 1, 2 HAVING count(*) > 1"
            )
        )
        return [tuple(row) for row in rows]
