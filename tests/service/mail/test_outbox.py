from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.context import Context
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent, MailState
from service.domain.notifications.week import mail_due
from service.errors import JobBusyError
from service.jobs.lock import hold_lock
from service.jobs.mail.outbox import SendingPace
from service.jobs.mail.send_mails import is_overdue, send_waiting
from service.mail.mailer import Mailer
from service.mail.smtp import SmtpTransport
from service.mail.transport import (
    DeliveryVerdict,
    FolderTransport,
    Parcel,
    TransportError,
    TransportReply,
)
from service.mail_settings import MailServer
from service.store.runs import FAILED
from service.store.tables import PilotRow
from tests.service.mail.mail_round import FAST, PEOPLE, PILOTS, WEEKS, populated, run
from tests.service.mail.smtp_server import TAKE_AND_HANG_UP, Office, Running

pytestmark = pytest.mark.whole

ANNA = Address.parse(PEOPLE[0])


@dataclass
class Scripted:
    """A way out that answers as told, for an address or for all."""

    answers: list[TransportReply | TransportError] = field(default_factory=list)
    taken: list[Parcel] = field(default_factory=list)

    def deliver(self, parcel: Parcel) -> TransportReply:
        answer = self.answers.pop(0) if self.answers else TransportReply(DeliveryVerdict.TAKEN)
        if isinstance(answer, TransportError):
            raise answer
        if answer.verdict is DeliveryVerdict.TAKEN:
            self.taken.append(parcel)
        return answer

    def close(self) -> None:
        pass


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return populated(tmp_path / "data")


@pytest.fixture
def office() -> Iterator[Office]:
    with Running() as found:
        yield found


def smtp(office: Office) -> SmtpTransport:
    server = MailServer("smtp+plain", "127.0.0.1", office.port)
    return SmtpTransport(server, name="mail.example.org", timeout=20)


def test_each_recipient_gets_one_mail_a_week_however_often_it_runs(
    context: Context, office: Office
) -> None:
    for week in (WEEKS[0], WEEKS[0], WEEKS[1], WEEKS[1]):
        way = smtp(office)
        run(context, way, week)
        way.close()
    assert len(office.mails) == 2 * len(PEOPLE), "one a week for each person, over all pilots"
    assert len({mail.message_id for mail in office.mails}) == len(office.mails)
    first, second = office.to(PEOPLE[0])
    assert first.message["List-Id"] == "<fundscout.mail.example.org>"
    assert ".2026-W10." in first.message_id
    assert "Utlysning vinnova:0-a" in first.part("plain")
    assert "vinnova:0-a" not in second.part("plain")
    assert "Utlysning vinnova:1-b" in second.part("plain")
    assert first.part("html").count("https://fundscout.example.org/u/") == len(PILOTS) + 1


def test_nothing_new_is_no_mail(context: Context, tmp_path: Path) -> None:
    way = FolderTransport(tmp_path / "out")
    assert run(context, way).composed == 2
    again = run(context, way)
    assert (again.recipients, again.already, again.composed, again.tally.sent) == (4, 4, 0, 0)
    assert context.sent_items.count_by_state() == {"sent": 2}
    assert context.runs.latest(1)[0].report["already"] == 4


def test_a_missed_week_is_caught_up_by_one_mail(context: Context) -> None:
    way = Scripted()
    run(context, way, WEEKS[0])
    run(context, way, WEEKS[2])
    assert len(way.taken) == 4
    text = message_from_bytes(way.taken[-1].message).as_string()
    for item in ("1-a", "1-b", "2-a", "2-b"):
        assert item in text
    assert "0-a" not in text


def test_a_mail_that_never_left_gives_way_to_the_next_weeks(context: Context) -> None:
    way = Scripted([TransportReply(DeliveryVerdict.LATER, "450 later")] * 2)
    first = run(context, way, WEEKS[0])
    assert (first.composed, first.tally.later, first.tally.sent) == (2, 2, 0)
    assert run(context, way, WEEKS[0]).tally.later == 0  # not before its time
    second = run(context, way, WEEKS[1])
    assert (second.superseded, second.composed, second.tally.sent) == (2, 2, 2)
    assert context.sent_items.count_by_state() == {"superseded": 2, "sent": 2}
    text = message_from_bytes(way.taken[0].message).as_string()
    assert all(item in text for item in ("0-a", "0-b", "1-a", "1-b"))


def test_a_later_attempt_waits_longer_each_time_and_sends_the_same_bytes(
    context: Context,
) -> None:
    now = datetime(2026, 3, 2, 6, tzinfo=UTC)
    clock = [now]
    pace = SendingPace(0, 0, lambda _: None, lambda: clock[0])
    way = Scripted([TransportReply(DeliveryVerdict.LATER, "421 no")] * 3)
    (anna,) = (r for r in context.recipients.with_address(ANNA) if r.pilot_id == "heart")
    waits = []
    for other in context.recipients.all():
        if other.id != anna.id:
            context.recipients.unsubscribe(other.id, "test", now)
    for _ in range(3):
        run(context, way, pace=pace)
        (mail,) = context.sent_items.mails_of(anna.id)
        waits.append((mail.next_try - clock[0]) / timedelta(minutes=1))
        clock[0] = mail.next_try
    assert waits == [15, 30, 60]
    before = context.sent_items.mails_of(anna.id)[0].message
    assert run(context, way, pace=pace).tally.sent == 1
    assert way.taken[0].message == before
    assert context.sent_items.mails_of(anna.id)[0].attempts == 4


def test_a_refused_address_is_suppressed_for_every_pilot(context: Context, office: Office) -> None:
    office.to_address[PEOPLE[0]] = ["550 5.1.1 no such user"]
    report = run(context, smtp_closed(office, context))
    assert (report.tally.suppressed, report.tally.sent, report.tally.failed) == (1, 1, 1)
    assert {r.consent for r in context.recipients.with_address(ANNA)} == {Consent.SUPPRESSED}
    assert "550 5.1.1" in context.recipients.suppression_reason(ANNA)
    assert all("5.1.1" in r.reason for r in context.recipients.with_address(ANNA))
    run(context, Scripted(), WEEKS[1])
    assert office.to(PEOPLE[0]) == []


def smtp_closed(office: Office, context: Context) -> SmtpTransport:
    """Return a way out whose connection is closed with the test's server."""
    way = smtp(office)
    office.at_end.append(way.close)
    return way


def test_a_refused_text_fails_that_mail_alone_and_its_items_come_next_week(
    context: Context,
) -> None:
    way = Scripted([TransportReply(DeliveryVerdict.NEVER, "554 5.7.1 spam")])
    report = run(context, way)
    assert (report.tally.failed, report.tally.sent, report.tally.suppressed) == (1, 1, 0)
    assert len(run(context, way, WEEKS[0]).tally.reasons) == 0
    run(context, way, WEEKS[1])
    caught_up = [p for p in way.taken if b"0-a" in p.message and b".2026-W11." in p.message]
    assert len(caught_up) == 1


def test_the_line_dropped_after_the_text_repeats_a_mail_with_its_message_id(
    context: Context, office: Office
) -> None:
    office.to_text = [TAKE_AND_HANG_UP]
    clock = [datetime.now(UTC)]
    pace = SendingPace(0, 0, lambda _: None, lambda: clock[0])
    way = smtp_closed(office, context)
    assert run(context, way, pace=pace).tally.later == 1
    clock[0] += timedelta(hours=1)
    assert run(context, way, pace=pace).tally.sent == 1
    assert len(office.mails) == 3
    twice = [m.message_id for m in office.mails if m.recipient == office.mails[0].recipient]
    assert len(twice) - len(set(twice)) == 1
    assert context.sent_items.count_by_state() == {"sent": 2}


def test_a_server_that_takes_and_never_says_so_gets_three_copies_at_most(
    context: Context, office: Office
) -> None:
    clock = [datetime.now(UTC)]
    pace = SendingPace(0, 0, lambda _: None, lambda: clock[0])
    for one in context.recipients.all()[1:]:
        context.recipients.unsubscribe(one.id, "test", clock[0])
    office.to_text = ["450 busy", *[TAKE_AND_HANG_UP] * 9]
    way = smtp_closed(office, context)
    for _ in range(12):
        run(context, way, pace=pace)
        clock[0] += timedelta(hours=6)
    assert len(office.mails) == 3
    assert len({mail.message_id for mail in office.mails}) == 1
    (mail,) = context.sent_items.mails_of(context.recipients.all()[0].id)
    assert (mail.state, mail.attempts) == (MailState.FAILED, 4)
    assert mail.reason.startswith("Given up, the answer was lost 3 times.")
    office.to_text = []
    run(context, way, WEEKS[1], pace=pace)
    assert "Utlysning vinnova:0-a" in office.mails[-1].part("plain")  # told, rather than lost


def test_no_server_stops_the_run_and_spends_nothing(context: Context) -> None:
    way = Scripted(
        [TransportReply(DeliveryVerdict.TAKEN), TransportError("The mail server is away.")]
    )
    report = run(context, way)
    assert (report.tally.sent, report.tally.stopped) == (1, "The mail server is away.")
    assert context.sent_items.count_by_state() == {"sent": 1, "pending": 1}
    assert context.runs.latest(1)[0].state == FAILED
    assert run(context, way).tally.sent == 1


def test_mails_to_one_domain_are_limited_in_a_run_and_paused_between(tmp_path: Path) -> None:
    context = populated(tmp_path / "four", (*PEOPLE, "cia@example.org", "dag@example.com"))
    slept: list[float] = []
    pace = replace(FAST, per_domain=1, pause=2.5, sleep=slept.append)
    way = Scripted()
    report = run(context, way, pace=pace)
    assert (report.tally.sent, report.tally.held) == (2, 2)
    assert sorted(parcel.recipient.domain for parcel in way.taken) == ["example.com", "example.org"]
    assert slept == [2.5]
    assert run(context, way, pace=pace).tally.sent == 2


def test_who_leaves_between_composing_and_sending_gets_nothing(context: Context) -> None:
    held_back = Scripted([TransportError("away")])
    run(context, held_back)
    for one in context.recipients.with_address(ANNA):
        context.recipients.unsubscribe(one.id, "by link", datetime.now(UTC))
    report = run(context, held_back)
    assert (report.tally.unwanted, report.tally.sent) == (1, 1)
    assert all(p.recipient != ANNA for p in held_back.taken)


def test_a_pilot_that_goes_between_composing_and_sending_is_not_mailed_about(
    context: Context,
) -> None:
    way = Scripted([TransportError("away")])
    run(context, way)
    with Session(context.deliveries._engine) as session:
        session.execute(delete(PilotRow).where(PilotRow.id == "fall"))
        session.commit()
    report = run(context, way)
    assert (report.recipients, report.tally.unwanted, report.tally.sent) == (2, 2, 2)
    assert all(b"Pilot fall" not in p.message for p in way.taken)


def test_a_mail_that_waited_too_long_is_composed_anew(context: Context) -> None:
    clock = [mail_due(WEEKS[0])]
    way = Scripted([TransportError("away")])
    run(context, way, clock=lambda: clock[0])
    clock[0] += timedelta(days=3)
    assert run(context, way, clock=lambda: clock[0]).renewed == 2
    assert len(way.taken) == 2
    for parcel in way.taken:
        assert b"0-b" in parcel.message
        assert b"0-a" not in parcel.message
    assert context.sent_items.count_by_state() == {"sent": 2}


def test_the_outbox_leaves_what_is_stale_to_the_digest(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [mail_due(WEEKS[0])]
    monkeypatch.setattr(Context, "now", lambda _: clock[0])
    way, post = Scripted([TransportError("away")]), Mailer.open(context.settings.mail)
    run(context, way, clock=lambda: clock[0])
    assert not is_overdue(context)
    clock[0] += timedelta(days=3)
    assert send_waiting(context, post, way, pace=FAST).tally.sent == 0
    assert is_overdue(context)
    run(context, way, clock=lambda: clock[0])
    assert (len(way.taken), is_overdue(context)) == (2, False)


def test_a_stale_mail_that_may_have_been_taken_is_given_up(context: Context) -> None:
    clock = [mail_due(WEEKS[0])]
    lost = TransportReply(DeliveryVerdict.LATER, "The line was dropped.", is_in_doubt=True)
    way = Scripted([lost] * 4)
    run(context, way, clock=lambda: clock[0])
    clock[0] += timedelta(days=3)
    report = run(context, way, clock=lambda: clock[0])
    assert (report.renewed, report.composed, way.taken) == (0, 0, [])
    assert context.sent_items.count_by_state() == {"failed": 2}


def test_one_pilot_alone(context: Context) -> None:
    way = Scripted()
    assert run(context, way, pilot_id="heart").recipients == 2
    assert len(way.taken) == 2
    assert run(context, way).tally.sent == 2


def test_a_clock_that_jumps_a_week_and_back_repeats_no_item(context: Context) -> None:
    way = Scripted()
    run(context, way, WEEKS[2])
    run(context, way, WEEKS[1])
    assert len(way.taken) == 2
    run(context, way, WEEKS[2])
    assert len(way.taken) == 2


def test_a_second_run_at_once_is_told_so(context: Context) -> None:
    with hold_lock(context.settings.data, "mail"), pytest.raises(JobBusyError, match="mail"):
        run(context, Scripted())


def test_the_digest_waits_for_an_outbox_that_is_sending(context: Context) -> None:
    sending, way = Event(), Scripted()

    def outbox() -> None:
        with hold_lock(context.settings.data, "mail"):
            sending.set()
            time.sleep(0.3)

    other = Thread(target=outbox)
    other.start()
    sending.wait()
    assert run(context, way, wait=20).tally.sent == 2
    other.join()


def test_a_claim_of_another_machine_is_left_alone_for_an_hour(context: Context) -> None:
    run(context, Scripted([TransportError("away")]))
    now = datetime.now(UTC)
    waiting = context.deliveries.list_due(now, WEEKS[0])
    assert context.deliveries.claim(waiting[0].id, "another:/data", now) is not None
    assert context.deliveries.claim(waiting[0].id, "third:/data", now) is None
    assert run(context, Scripted()).recovered == 0
    assert context.sent_items.count_by_state() == {"sent": 1, "sending": 1}
    late = replace(FAST, now=lambda: datetime.now(UTC) + timedelta(hours=2))
    assert run(context, Scripted(), pace=late).recovered == 1
    assert context.sent_items.count_by_state() == {"sent": 2}


def test_items_are_told_with_the_state_and_never_without(context: Context) -> None:
    run(context, Scripted([TransportReply(DeliveryVerdict.LATER, "450")]))
    told = context.sent_items.sent_keys([one.id for one in context.recipients.all()])
    for one in context.recipients.all():
        (mail,) = context.sent_items.mails_of(one.id)
        expected = set(mail.keys) if mail.state is MailState.SENT else set()
        assert told[one.id] == expected
    assert sorted(map(len, told.values())) == [0, 0, 2, 2]
