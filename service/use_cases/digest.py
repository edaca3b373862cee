"""Preview the weekly mails: one pilot's digest, or what a run would send to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from service.context import Context
from service.domain.calls.sources import SourceStatus
from service.domain.notifications.digest import Digest, QuietWeekPolicy
from service.domain.notifications.recipient import Recipient
from service.domain.notifications.week import mail_due, week_of
from service.errors import InputError
from service.jobs.mail.digest_composer import Composer, DigestRecipient, DigestRules
from service.jobs.mail.digest_setup import open_composer, read_source_statuses
from service.jobs.mail.send_mails import (
    PilotFollower,
    find_followers,
    plan_batches,
    read_digest_recipients,
)
from service.jobs.mail.skipped_digest import SkippedDigest, attempt
from service.mail.digest_view import MailLinks
from service.mail.render import render_mail
from service.use_cases.pilots import get_pilot


@dataclass(frozen=True)
class DigestRehearsal:
    """What a run would send. ``mails`` are composed while they are read: address and subject.

    ``recipients`` counts who has no mail of the week yet, ``mailed`` who has one, or a later one,
    and ``waiting`` the mails in the outbox that are due. ``skipped`` has the pilots whose mail
    could not be made, and why, when the mails have been read.
    """

    week: str
    mails: Iterator[tuple[str, str]]
    recipients: int
    mailed: int
    waiting: int
    skipped: Mapping[str, str]


def preview_digest(context: Context, pilot_id: str, week: str | None = None) -> Digest:
    """Return the digest of a recipient who has had no mail about the pilot yet. Sends nothing.

    Args:
        context: the stores and the index.
        pilot_id: the pilot.
        week: an ISO week, such as 2026-W48, seen from its Monday; by default this week, now.

    Raises:
        UnknownPilotError: there is no such pilot.
        InputError: there is no such week.
        SnapshotError: there is no sound index.
    """
    pilot = get_pilot(context, pilot_id)
    now = resolve_moment(context.now(), week)
    composer = make_composer(context, now, read_source_statuses(context, now))
    opinions = context.feedback.opinions(pilot.id).with_copies(context.links.groups())
    return composer.digest(DigestRecipient.from_pilot(pilot, opinions))


def make_composer(
    context: Context, now: datetime, sources: Sequence[SourceStatus] = ()
) -> Composer:
    """Return what chooses and explains calls for pilots at the aware instant ``now``.

    Args:
        context: the stores and the index.
        now: the aware instant.
        sources: the state of every source, where a digest is to tell it.

    Raises:
        SnapshotError: there is no sound index.
    """
    settings, match_context = context.settings, context.match_context()
    return Composer(
        match_context.searcher,
        context.calls,
        now,
        DigestRules(settings.digest_min_score, QuietWeekPolicy(settings.digest_quiet)),
        sources,
        groups=match_context.links,
        before=match_context.prior_activity,
    )


def rehearse_digests(
    context: Context, at: datetime, pilot_id: str | None = None
) -> DigestRehearsal:
    """Return what a run would send; stores no mail, key or index.

    Args:
        context: the stores and the index.
        at: the aware instant of the mails.
        pilot_id: the pilot whose recipients are meant; None: of all.

    Raises:
        SnapshotError: there is no sound index; raised when the first mail is read.
    """
    week = week_of(at)
    another_week = week != week_of(context.now())
    followers = find_followers(context, week, pilot_id, in_order=another_week)
    skipped = dict(followers.unreadable)
    due = context.deliveries.list_due(datetime.now(UTC), week, pilot_id, as_of=at)
    return DigestRehearsal(
        week=week,
        mails=_compose_mails(context, at, followers.pending, skipped),
        recipients=len(followers.pending),
        mailed=followers.count - len(followers.pending),
        waiting=len(due),
        skipped=skipped,
    )


def _compose_mails(
    context: Context, at: datetime, followers: list[PilotFollower], skipped: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield address and subject of each mail; write down in ``skipped`` what cannot be made."""
    with open_composer(context, at) as composer:
        for batch in plan_batches(followers):
            persons: dict[str, list[tuple[Recipient, Digest]]] = {}
            digests = composer.attempts(read_digest_recipients(context, batch))
            for (recipient, pilot), digest in zip(batch, digests, strict=True):
                if isinstance(digest, SkippedDigest):
                    skipped[pilot.id] = digest.reason
                elif digest.send:
                    persons.setdefault(recipient.address.key, []).append((recipient, digest))
            for parts in persons.values():
                yield from _rehearse_mail(parts, skipped)


def _rehearse_mail(
    parts: list[tuple[Recipient, Digest]], skipped: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield address and subject of one person's mail, without the pilots that fail in it."""
    recipient = parts[0][0]
    mail = attempt(
        recipient.pilot_id, render_mail, [(digest, MailLinks()) for _, digest in parts], recipient
    )
    if not isinstance(mail, SkippedDigest):
        yield str(recipient.address), mail.subject
        return
    if len(parts) == 1:
        skipped[mail.pilot_id] = mail.reason
        return
    for part in parts:
        yield from _rehearse_mail([part], skipped)


def resolve_moment(now: datetime, week: str | None) -> datetime:
    """Return when the mail of ``week`` is made: now for this week or none, another's Monday.

    Raises:
        InputError: there is no such week.
    """
    if week is None or week == week_of(now):
        return now
    try:
        return mail_due(week)
    except ValueError as error:
        raise InputError(f"{error}.") from error
