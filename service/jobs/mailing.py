"""The weekly mails: composed, stored, sent and written down, each a step that can be repeated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.context import Context
from service.domain.digest import Digest, Mark
from service.domain.pilot import Pilot
from service.domain.recipient import Consent, Recipient
from service.domain.week import week_of
from service.jobs.lock import held
from service.mail.outbox import Outbox, Pace, Tally, place
from service.mail.post import Post
from service.mail.transport import Transport
from service.store.runs import FAILED

LOCK = "mail"
"""Name of the lock that lets one process of a data folder send."""

_BATCH = 256


@dataclass(frozen=True)
class Reader:
    """Whom a digest is made for: what they were told, their last mail, what the pilot marked."""

    pilot: Pilot
    told: Collection[str] = ()
    since: datetime | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)


Compose = Callable[[Iterable[Reader]], Iterator[Digest]]
"""Makes a digest for each reader, in their order."""


@dataclass
class Report:
    """What a run did, in recipients and mails."""

    week: str
    recipients: int = 0
    already: int = 0
    nothing: int = 0
    composed: int = 0
    recovered: int = 0
    superseded: int = 0
    tally: Tally = field(default_factory=Tally)

    def counts(self) -> dict[str, int | str]:
        """Return the figures as a run's row keeps them."""
        names = ("recipients", "already", "nothing", "composed", "recovered", "superseded")
        return {name: getattr(self, name) for name in names} | self.tally.report()


def send_digests(
    context: Context,
    compose: Compose,
    post: Post,
    transport: Transport,
    *,
    week: str,
    pilot_id: str | None = None,
    pace: Pace | None = None,
) -> Report:
    """Send the digests of ``week``, and whatever else waits.

    Run again it does what was left: a recipient who has a mail of the week gets no other, and
    items count as told with the mail that tells them.

    Args:
        context: the stores.
        compose: makes digests of the week.
        post: writes letters.
        transport: the way out.
        week: an ISO week, such as 2026-W48.
        pilot_id: the pilot whose recipients are mailed; None for all.
        pace: how fast; by default as the settings say.

    Raises:
        BusyError: another process sends.
    """
    report = Report(week)
    by = place(context.settings.data)
    pace = pace or pace_of(context)
    with held(context.settings.data, LOCK), context.runs.record("digest", week) as run:
        report.recovered = context.deliveries.recover(by, pace.now())
        for recipients in _batches(_waiting(context, week, pilot_id, report)):
            _compose(context, compose, post, recipients, report=report, clock=pace.now)
        outbox = outbox_of(context, post, transport, pace, by)
        report.tally = outbox.send(week, pilot_id=pilot_id)
        run.report = report.counts()
        if report.tally.stopped:
            run.state = FAILED
    return report


def send_waiting(
    context: Context, post: Post, transport: Transport, *, pace: Pace | None = None
) -> Report:
    """Send what waits, new attempts and questions to addresses, and compose nothing.

    Raises:
        BusyError: another process sends.
    """
    report = Report(week_of(context.now()))
    by = place(context.settings.data)
    pace = pace or pace_of(context)
    with held(context.settings.data, LOCK), context.runs.record("outbox") as run:
        report.recovered = context.deliveries.recover(by, pace.now())
        report.tally = outbox_of(context, post, transport, pace, by).send(report.week)
        run.report = report.counts()
        if report.tally.stopped:
            run.state = FAILED
    return report


def readers(
    context: Context, recipients: Sequence[Recipient], pilots: Mapping[str, Pilot]
) -> list[Reader]:
    """Return what ``recipients`` of ``pilots`` know, in their order."""
    ids = [recipient.id for recipient in recipients]
    told, last = context.told.keys(ids), context.told.last(ids)
    return [
        Reader(pilots[one.pilot_id], frozenset(told[one.id]), last.get(one.id))
        for one in recipients
    ]


def pace_of(context: Context) -> Pace:
    """Return how fast the settings let mail leave."""
    mail = context.settings.mail
    return Pace(mail.pause, mail.per_domain)


def outbox_of(context: Context, post: Post, transport: Transport, pace: Pace, by: str) -> Outbox:
    """Return the outbox over the context's stores."""
    return Outbox(
        context.deliveries,
        context.recipients,
        transport,
        sender=post.envelope_sender,
        pace=pace,
        by=by,
    )


def _waiting(
    context: Context, week: str, pilot_id: str | None, report: Report
) -> list[tuple[Recipient, Pilot]]:
    """Return the confirmed recipients who have no mail of ``week`` or a later one yet."""
    pilots = {pilot.id: pilot for pilot in context.pilots.all()}
    known = context.recipients.all(pilot_id=pilot_id, consent=Consent.CONFIRMED)
    followers = [one for one in known if one.pilot_id in pilots]
    done = context.told.weeks(week)
    report.recipients = len(followers)
    report.already = sum(one.id in done for one in followers)
    return [(one, pilots[one.pilot_id]) for one in followers if one.id not in done]


def _compose(
    context: Context,
    compose: Compose,
    post: Post,
    batch: Sequence[tuple[Recipient, Pilot]],
    *,
    report: Report,
    clock: Callable[[], datetime],
) -> None:
    """Store a mail for each of ``batch`` who is to be told anything."""
    recipients = [recipient for recipient, _ in batch]
    report.superseded += context.deliveries.supersede([one.id for one in recipients], report.week)
    asked = readers(context, recipients, {pilot.id: pilot for _, pilot in batch})
    for recipient, digest in zip(recipients, compose(asked), strict=True):
        if not digest.send:
            report.nothing += 1
            continue
        now = clock()
        report.composed += context.deliveries.add(post.digest(recipient, digest, now), now)


def _batches(
    of: Sequence[tuple[Recipient, Pilot]],
) -> Iterator[Sequence[tuple[Recipient, Pilot]]]:
    return (of[start : start + _BATCH] for start in range(0, len(of), _BATCH))
