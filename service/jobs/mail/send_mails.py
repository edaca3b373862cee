"""The weekly mails: composed, stored, sent and written down, each a step that can be repeated."""

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
    """What a run did, in recipients and mails."""

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
    post: Mailer,
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

    Run again it does what was left: who has a mail of the week gets no other.

    Args:
        context: the stores.
        compose: makes digests of the week.
        post: writes letters.
        transport: the way out.
        week: an ISO week, such as 2026-W48.
        pilot_id: the pilot whose recipients are mailed; None for all.
        in_order: leave out who has the mail of a later week: for a week that was asked for.
        pace: how fast; by default as the settings say.
        wait: seconds to wait for another process that sends.
        clock: what deadlines are counted from; the context's unless another week was asked for.

    Raises:
        BusyError: another process sends.
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
        for some in _batches(followers):
            _compose(context, compose, post, some, report=report, clock=pace.now)
        outbox = open_outbox(context, post, transport, pace, by=by, clock=clock)
        report.tally = outbox.send(week, pilot_id=pilot_id)
        run.report = report.as_dict()
        if report.tally.stopped:
            run.state = FAILED
    return report


def send_waiting(
    context: Context, post: Mailer, transport: Transport, *, pace: SendingPace | None = None
) -> MailRunReport:
    """Send what waits, new attempts and questions to addresses, and compose nothing.

    Raises:
        BusyError: another process sends.
    """
    report = MailRunReport(week_of(context.now()))
    by = claim_owner(context.settings.data)
    pace = pace or sending_pace(context)
    with hold_lock(context.settings.data, MAIL_LOCK), context.runs.record("outbox") as run:
        report.recovered = context.deliveries.recover(by, pace.now())
        outbox = open_outbox(context, post, transport, pace, by=by, clock=context.now)
        report.tally = outbox.send(report.week)
        run.report = report.as_dict()
        if report.tally.stopped:
            run.state = FAILED
    return report


def is_overdue(context: Context) -> bool:
    """Whether the mail of this week is due and no run has composed it to the end.

    A run that composed all and could not send it all is no reason: the outbox sends the rest. What
    waited until a deadline that it tells went by is one: it is composed anew.
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
    """Return what ``followers`` know, and what their pilots said of calls, in their order.

    What was said of one copy of a call holds for all.
    """
    ids = [recipient.id for recipient, _ in followers]
    told, last = context.sent_items.sent_keys(ids), context.sent_items.last_digest(ids)
    groups = context.links.groups()
    judged = {
        pilot.id: context.feedback.opinions(pilot.id).with_copies(groups)
        for pilot in {pilot.id: pilot for _, pilot in followers}.values()
    }
    return [
        DigestRecipient.from_pilot(
            pilot, judged[pilot.id], frozenset(told[one.id]), last.get(one.id)
        )
        for one, pilot in followers
    ]


def find_followers_without_mail(
    context: Context, week: str, pilot_id: str | None = None, *, in_order: bool = False
) -> tuple[list[PilotFollower], int]:
    """Return who has no mail of ``week`` yet, and how many follow in all.

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
    """Return how fast the settings let mail leave."""
    mail = context.settings.mail
    return SendingPace(mail.pause, mail.per_domain)


def open_outbox(
    context: Context,
    post: Mailer,
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
        sender=post.envelope_sender,
        pace=pace,
        by=by,
        clock=clock,
    )


def _compose(
    context: Context,
    compose: Compose,
    post: Mailer,
    batch: Sequence[PilotFollower],
    *,
    report: MailRunReport,
    clock: Callable[[], datetime],
) -> None:
    """Store a mail for each of ``batch`` who is to be told anything."""
    ids = [recipient.id for recipient, _ in batch]
    report.superseded += context.deliveries.supersede(ids, report.week)
    digests = compose(read_digest_recipients(context, batch))
    for (recipient, _), digest in zip(batch, digests, strict=True):
        if not digest.send:
            report.nothing += 1
            continue
        now = clock()
        report.composed += context.deliveries.add(post.digest(recipient, digest, now), now)


def _batches(of: Sequence[PilotFollower]) -> Iterator[Sequence[PilotFollower]]:
    return (of[start : start + BATCH_SIZE] for start in range(0, len(of), BATCH_SIZE))
