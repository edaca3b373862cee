"""The weekly mails: composed, stored and sent, in steps that can each be repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.context import Context
from service.domain.notifications.digest import Digest
from service.domain.notifications.recipient import Consent, Recipient
from service.domain.notifications.week import mail_due, week_of
from service.domain.pilots.pilot import Pilot
from service.jobs.lock import hold_lock
from service.jobs.mail.digest_composer import BATCH_SIZE, DigestRecipient
from service.jobs.mail.outbox import Outbox, SendingPace, SendTally, claim_owner
from service.mail.mailer import Mailer
from service.mail.transport import Transport
from service.store.runs import FAILED

MAIL_LOCK = "mail"
"""Name of the lock that lets one process of a data folder send."""

LOCK_WAIT_SECONDS = 900.0
"""Seconds that the digest waits for an outbox that is sending just then."""

JOB = "digest"
"""Name of the job in the history of runs, with the week as its subject."""

PilotFollower = tuple[Recipient, Pilot]
"""A confirmed recipient with the pilot."""


Compose = Callable[[Iterable[DigestRecipient]], Iterator[Digest]]
"""Makes a digest for each recipient, in their order."""


@dataclass
class MailRunReport:
    """What a run did, in recipients and mails.

    ``already`` had the mail of the week, for ``nothing`` there was nothing to send; the other
    figures count mails.
    """

    week: str
    recipients: int = 0
    already: int = 0
    nothing: int = 0
    composed: int = 0
    recovered: int = 0
    superseded: int = 0
    renewed: int = 0
    tally: SendTally = field(default_factory=SendTally)

    def as_dict(self) -> dict[str, int | str]:
        """Return the figures as a run's row keeps them."""
        names = (
            "recipients",
            "already",
            "nothing",
            "composed",
            "recovered",
            "superseded",
            "renewed",
        )
        return {name: getattr(self, name) for name in names} | self.tally.as_dict()


def send_digests(
    context: Context,
    compose: Compose,
    mailer: Mailer,
    transport: Transport,
    *,
    week: str,
    pilot_id: str | None = None,
    in_order: bool = False,
    pace: SendingPace | None = None,
    wait: float = 0,
    clock: Callable[[], datetime] | None = None,
) -> MailRunReport:
    """Send the digests of ``week``, and whatever else waits.

    A second run does what the first left: nobody gets two mails of a week.

    Args:
        context: the stores.
        compose: makes digests of the week.
        mailer: writes mails.
        transport: what delivers them.
        week: an ISO week, such as 2026-W48.
        pilot_id: the pilot whose recipients are mailed; None for all.
        in_order: leave out who has the mail of a later week, when ``week`` is not the present one.
        pace: how fast; by default as the settings say.
        wait: seconds to wait for another process that sends.
        clock: what deadlines are counted from; by default the context's.

    Raises:
        JobBusyError: another process sends.
    """
    report = MailRunReport(week)
    by = claim_owner(context.settings.data)
    pace = pace or sending_pace(context)
    clock = clock or context.now
    subject = week if pilot_id is None else f"{week} {pilot_id}"
    with (
        hold_lock(context.settings.data, MAIL_LOCK, wait),
        context.runs.record(JOB, subject) as run,
    ):
        report.recovered = context.deliveries.recover(by, pace.now())
        report.renewed = context.deliveries.renew(week, clock())
        followers, report.recipients = find_followers_without_mail(
            context, week, pilot_id, in_order=in_order
        )
        report.already = report.recipients - len(followers)
        for batch in _batches(followers):
            _compose(context, compose, mailer, batch, report=report, clock=pace.now)
        outbox = open_outbox(context, mailer, transport, pace, by=by, clock=clock)
        report.tally = outbox.send(week, pilot_id=pilot_id)
        run.report = report.as_dict()
        if report.tally.stopped:
            run.state = FAILED
    return report


def send_waiting(
    context: Context, mailer: Mailer, transport: Transport, *, pace: SendingPace | None = None
) -> MailRunReport:
    """Send the mails that wait, among them questions to addresses; compose none.

    Raises:
        JobBusyError: another process sends.
    """
    report = MailRunReport(week_of(context.now()))
    by = claim_owner(context.settings.data)
    pace = pace or sending_pace(context)
    with hold_lock(context.settings.data, MAIL_LOCK), context.runs.record("outbox") as run:
        report.recovered = context.deliveries.recover(by, pace.now())
        outbox = open_outbox(context, mailer, transport, pace, by=by, clock=context.now)
        report.tally = outbox.send(report.week)
        run.report = report.as_dict()
        if report.tally.stopped:
            run.state = FAILED
    return report


def is_overdue(context: Context) -> bool:
    """Whether the mail of this week is due and no run has composed it to the end.

    A run that composed all mails and could not send them all is not overdue: the outbox sends the
    rest. A mail that waited until a deadline in it went by is: it must be composed anew.
    """
    now = context.now()
    week = week_of(now)
    if now < mail_due(week):
        return False
    done = any("composed" in run.report for run in context.runs.runs_of(JOB, week))
    return not done or context.deliveries.count_stale(week, now) > 0


def read_digest_recipients(
    context: Context, followers: Sequence[PilotFollower]
) -> list[DigestRecipient]:
    """Return ``followers`` with what they were sent and their pilots' opinions, in their order.

    An opinion on one copy of a call holds for all copies.
    """
    ids = [recipient.id for recipient, _ in followers]
    sent, last = context.sent_items.sent_keys(ids), context.sent_items.last_digest(ids)
    groups = context.links.groups()
    judged = {
        pilot.id: context.feedback.opinions(pilot.id).with_copies(groups)
        for pilot in {pilot.id: pilot for _, pilot in followers}.values()
    }
    return [
        DigestRecipient.from_pilot(
            pilot, judged[pilot.id], frozenset(sent[one.id]), last.get(one.id)
        )
        for one, pilot in followers
    ]


def find_followers_without_mail(
    context: Context, week: str, pilot_id: str | None = None, *, in_order: bool = False
) -> tuple[list[PilotFollower], int]:
    """Return the followers without a mail of ``week``, and how many followers there are.

    Args:
        context: the stores.
        week: an ISO week.
        pilot_id: the pilot whose recipients are meant; None for all.
        in_order: leave out who has the mail of a later week.
    """
    pilots = {pilot.id: pilot for pilot in context.pilots.all()}
    known = context.recipients.all(pilot_id=pilot_id, consent=Consent.CONFIRMED)
    followers = [(one, pilots[one.pilot_id]) for one in known if one.pilot_id in pilots]
    done = context.sent_items.recipients_of_week(week)
    if in_order:
        done |= context.sent_items.recipients_of_week(week, later=True)
    return [pair for pair in followers if pair[0].id not in done], len(followers)


def sending_pace(context: Context) -> SendingPace:
    """Return the pace that the settings allow."""
    mail = context.settings.mail
    return SendingPace(mail.pause, mail.per_domain)


def open_outbox(
    context: Context,
    mailer: Mailer,
    transport: Transport,
    pace: SendingPace,
    *,
    by: str,
    clock: Callable[[], datetime] | None = None,
) -> Outbox:
    """Return the outbox over the context's stores."""
    return Outbox(
        context.deliveries,
        context.recipients,
        transport,
        sender=mailer.envelope_sender,
        pace=pace,
        by=by,
        clock=clock,
    )


def _compose(
    context: Context,
    compose: Compose,
    mailer: Mailer,
    batch: Sequence[PilotFollower],
    *,
    report: MailRunReport,
    clock: Callable[[], datetime],
) -> None:
    """Store a mail for each of ``batch`` whose digest has anything to send."""
    ids = [recipient.id for recipient, _ in batch]
    report.superseded += context.deliveries.supersede(ids, report.week)
    digests = compose(read_digest_recipients(context, batch))
    for (recipient, _), digest in zip(batch, digests, strict=True):
        if not digest.send:
            report.nothing += 1
            continue
        now = clock()
        report.composed += context.deliveries.add(mailer.digest(recipient, digest, now), now)


def _batches(followers: Sequence[PilotFollower]) -> Iterator[Sequence[PilotFollower]]:
    starts = range(0, len(followers), BATCH_SIZE)
    return (followers[start : start + BATCH_SIZE] for start in starts)
