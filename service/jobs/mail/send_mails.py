"""The weekly mails: composed, stored and sent, in steps that can each be repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service import telemetry
from service.context import Context
from service.domain.notifications.digest import Digest
from service.domain.notifications.recipient import ComposedMail, Consent, Recipient
from service.domain.notifications.week import mail_due, week_of
from service.domain.pilots.pilot import Pilot
from service.jobs.lock import hold_lock
from service.jobs.mail.digest_composer import BATCH_SIZE, DigestRecipient
from service.jobs.mail.outbox import Outbox, SendingPace, SendTally, claim_owner
from service.jobs.mail.skipped_digest import SkippedDigest, attempt
from service.mail.mailer import Mailer
from service.mail.transport import Transport
from service.store.runs import FAILED, RunStore

MAIL_LOCK = "mail"
"""Name of the lock that lets one process of a data folder send."""

LOCK_WAIT_SECONDS = 900.0
"""Seconds that the digest waits for an outbox that is sending just then."""

JOB = "digest"
"""Name of the job in the history of runs, with the week as its subject."""

PilotFollower = tuple[Recipient, Pilot]
"""A confirmed recipient with the pilot."""


Compose = Callable[[Iterable[DigestRecipient]], Iterator[Digest | SkippedDigest]]
"""Makes a digest for each recipient, in their order, or says why there is none."""


@dataclass(frozen=True)
class FollowerList:
    """Who follows pilots: those without a mail of a week (``pending``), and ``count`` in all.

    ``unreadable`` has the pilots with followers whose record cannot be read, and why.
    """

    pending: list[PilotFollower]
    count: int
    unreadable: Mapping[str, str]


@dataclass
class MailRunReport:
    """What a run did, in recipients and mails.

    ``already`` had the mail of the week, for ``nothing`` there was nothing to send; the other
    figures count mails. ``skipped`` has the pilots whose mail could not be made, and why.
    """

    week: str
    recipients: int = 0
    already: int = 0
    nothing: int = 0
    composed: int = 0
    recovered: int = 0
    superseded: int = 0
    renewed: int = 0
    skipped: dict[str, str] = field(default_factory=dict)
    tally: SendTally = field(default_factory=SendTally)

    def skip(self, pilot_id: str, reason: str) -> None:
        """Count a pilot whose mail could not be made, and write it to the log."""
        if pilot_id not in self.skipped:
            self.skipped[pilot_id] = reason
            telemetry.warn("a pilot gets no mail", pilot=pilot_id, week=self.week, reason=reason)

    def as_dict(self) -> dict[str, object]:
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
        figures = {name: getattr(self, name) for name in names}
        return figures | {"skipped": dict(self.skipped)} | self.tally.as_dict()


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

    A second run does what the first left: nobody gets two mails of a week. A pilot whose mail
    cannot be made is named in the report, and costs nobody else a mail.

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
        report.tally.unwanted += context.deliveries.drop_unwanted()
        report.renewed = context.deliveries.renew(week, clock())
        followers = find_followers(context, week, pilot_id, in_order=in_order)
        report.recipients = followers.count
        report.already = followers.count - len(followers.pending)
        for unread, reason in followers.unreadable.items():
            report.skip(unread, reason)
        for batch in plan_batches(followers.pending):
            ids = [recipient.id for recipient, _ in batch]
            report.superseded += context.deliveries.supersede(ids, report.week)
            mails = compose_mails(context, compose, mailer, batch, report=report, clock=pace.now)
            for _, mail in mails:
                report.composed += context.deliveries.add(mail, pace.now())
        outbox = open_outbox(context, mailer, transport, pace, by=by, clock=clock)
        dropped = report.tally.unwanted
        report.tally = outbox.send(week, pilot_id=pilot_id)
        report.tally.unwanted += dropped
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


def pilots_without_mail(runs: RunStore) -> dict[str, str]:
    """Return the pilots whose mail the last run could not make, and why.

    A run for one pilot that came later says what is true of it.
    """
    ended = {subject: run for subject, run in runs.newest(JOB).items() if "composed" in run.report}
    whole = [run for subject, run in ended.items() if " " not in subject]
    if not whole:
        return {}
    last = max(whole, key=lambda run: run.id)
    skipped: dict[str, str] = dict(last.report.get("skipped", {}))
    for run in ended.values():
        _, _, pilot_id = run.subject.partition(" ")
        if pilot_id and run.id > last.id:
            skipped.pop(pilot_id, None)
            skipped |= run.report.get("skipped", {})
    return skipped


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
            pilot, judged[pilot.id], frozenset(sent[one.id]), last.get(one.id), one.confirmed_at
        )
        for one, pilot in followers
    ]


def find_followers(
    context: Context, week: str, pilot_id: str | None = None, *, in_order: bool = False
) -> FollowerList:
    """Return who follows pilots, and who of them has no mail of ``week``.

    Args:
        context: the stores.
        week: an ISO week.
        pilot_id: the pilot whose recipients are meant; None for all.
        in_order: leave out who has the mail of a later week.
    """
    read, problems = context.pilots.readable()
    pilots = {pilot.id: pilot for pilot in read}
    due = mail_due(week)
    known = [
        one
        for one in context.recipients.all(pilot_id=pilot_id, consent=Consent.CONFIRMED)
        if not one.is_paused(due)
    ]
    followers = [(one, pilots[one.pilot_id]) for one in known if one.pilot_id in pilots]
    done = context.sent_items.recipients_of_week(week)
    if in_order:
        done |= context.sent_items.recipients_of_week(week, later=True)
    pending = [pair for pair in followers if pair[0].id not in done]
    followed = {one.pilot_id for one in known}
    unreadable = {id_: reason for id_, reason in problems.items() if id_ in followed}
    return FollowerList(pending, len(followers), unreadable)


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


def compose_mails(
    context: Context,
    compose: Compose,
    mailer: Mailer,
    batch: Sequence[PilotFollower],
    *,
    report: MailRunReport,
    clock: Callable[[], datetime],
) -> Iterator[tuple[Recipient, ComposedMail]]:
    """Yield the mail of each person of ``batch`` who has anything to be told; store nothing.

    Each comes with the recipient that it goes to. What cannot be made is noted in ``report``.
    """
    persons: dict[str, list[tuple[Recipient, Digest]]] = {}
    digests = compose(read_digest_recipients(context, batch))
    for (recipient, _), digest in zip(batch, digests, strict=True):
        if isinstance(digest, SkippedDigest):
            report.skip(digest.pilot_id, digest.reason)
        elif not digest.send:
            report.nothing += 1
        else:
            persons.setdefault(recipient.address.key, []).append((recipient, digest))
    for parts in persons.values():
        known = context.recipients.with_address(parts[0][0].address)
        follows = sum(one.consent is Consent.CONFIRMED for one in known)
        mail = _write_mail(mailer, parts, clock(), follows=follows, report=report)
        if mail is not None:
            yield next(one for one, _ in parts if one.id == mail.recipient_id), mail


def _write_mail(
    mailer: Mailer,
    parts: Sequence[tuple[Recipient, Digest]],
    now: datetime,
    *,
    follows: int,
    report: MailRunReport,
) -> ComposedMail | None:
    """Return the mail of one person, without the pilots that cannot be rendered."""
    mail = attempt(parts[0][0].pilot_id, mailer.digests, parts, now, follows=follows)
    if not isinstance(mail, SkippedDigest):
        return mail
    sound = []
    for recipient, digest in parts:
        alone = attempt(recipient.pilot_id, mailer.digest, recipient, digest, now)
        if isinstance(alone, SkippedDigest):
            report.skip(alone.pilot_id, alone.reason)
        else:
            sound.append((recipient, digest))
    if len(sound) == len(parts):
        report.skip(mail.pilot_id, mail.reason)
        return None
    return _write_mail(mailer, sound, now, follows=follows, report=report) if sound else None


def plan_batches(followers: Sequence[PilotFollower]) -> Iterator[list[PilotFollower]]:
    """Cut followers into batches of whole persons, those of a pilot together where they can be."""
    persons: dict[str, list[PilotFollower]] = {}
    for pair in followers:
        persons.setdefault(pair[0].address.key, []).append(pair)
    batch: list[PilotFollower] = []
    for pairs in persons.values():
        if batch and len(batch) + len(pairs) > BATCH_SIZE:
            yield batch
            batch = []
        batch = [*batch, *pairs]
    if batch:
        yield batch
