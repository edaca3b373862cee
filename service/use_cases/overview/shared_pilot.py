"""A pilot's matches for whoever has the link to them: nothing to change, and nothing of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from service.context import Context
from service.domain.matching.match import MatchList
from service.domain.notifications.feed_link import FeedKind, FeedLink, FeedSubject
from service.domain.pilots.pilot import Pilot
from service.errors import GoneError, NotFoundError
from service.messages.message import message
from service.use_cases.match import match_pilot
from service.use_cases.pilots import get_pilot

MOST_SHARED: Final = 25
"""Matches on a shared page."""


@dataclass(frozen=True)
class PilotShare:
    """What a link shows: the pilot, its best matches, and the language of whoever made it."""

    pilot: Pilot
    language: str
    matches: MatchList


def open_shared_pilot(context: Context, pilot_id: str, token: str) -> PilotShare:
    """Return what the link with ``token`` shows of a pilot.

    Raises:
        NotFoundError: there is no such link to this pilot.
        GoneError: the link was revoked, or the pilot was put away.
        SnapshotError: there is no sound index.
    """
    link = context.feed_links.find(token) if token else None
    if link is None or link.subject != FeedSubject(FeedKind.PAGE, pilot_id):
        raise NotFoundError(message("problem.shared.unknown"))
    if link.revoked_at is not None:
        raise GoneError(message("problem.shared.revoked"))
    pilot = get_pilot(context, pilot_id)
    if pilot.archived_at is not None:
        raise GoneError(message("problem.shared.archived"))
    matches = match_pilot(context, pilot_id, top=MOST_SHARED)
    _note_use(context, link)
    return PilotShare(pilot, link.language, matches)


def _note_use(context: Context, link: FeedLink) -> None:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if link.used_on is None or link.used_on < today:
        context.feed_links.note_use(link.id, today)
