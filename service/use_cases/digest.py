"""Preview what the next weekly mail of a pilot would tell."""

from __future__ import annotations

from datetime import datetime

from service.context import Context
from service.domain.notifications.digest import Digest, QuietWeekPolicy
from service.domain.notifications.week import mail_due, week_of
from service.errors import InputError
from service.jobs.mail.digest_composer import Composer, DigestRecipient, DigestRules
from service.jobs.mail.digest_setup import read_source_statuses
from service.use_cases.pilots import get_pilot


def preview_digest(context: Context, pilot_id: str, week: str | None = None) -> Digest:
    """Return the digest for somebody who has had no mail about the pilot yet. Sends nothing.

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
    now = moment_of(context.now(), week)
    settings, scene = context.settings, context.match_context()
    composer = Composer(
        scene.searcher,
        context.calls,
        now,
        DigestRules(settings.digest_min_score, QuietWeekPolicy(settings.digest_quiet)),
        read_source_statuses(scene.calls, context.runs, now),
        groups=scene.links,
        before=scene.prior_activity,
    )
    judged = context.feedback.opinions(pilot.id).with_copies(scene.links)
    return composer.digest(DigestRecipient.from_pilot(pilot, judged))


def moment_of(now: datetime, week: str | None) -> datetime:
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
