"""The deadlines of calls as a calendar to subscribe to: an event for each, however it moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scrapers.call import Call
from service.domain.matching.call_card import make_card
from service.domain.matching.match_context import StoredCalls
from service.domain.notifications.deadline_tracks import TrackedDeadline, track_deadlines
from service.domain.notifications.events import CallVersions
from service.feeds.feed_view import call_page
from service.mail.calendar import EventView, event_uid, render_calendar
from service.mail.digest_view import deadline_event
from service.mail.safe_text import SafeText, SafeWords, safe_link

RENEWED_EVERY = timedelta(hours=6)
"""How often a program is asked to come again."""

KEPT_AFTER = timedelta(days=30)
"""How long a deadline stays when it is over or was withdrawn, so that programs take note."""


@dataclass(frozen=True)
class DatedCall:
    """A call in a calendar, with its versions, oldest first.

    ``withdrawn_at`` is when its source stopped listing it, ``relisted_at`` when it listed it
    again, if so.
    """

    call: Call
    versions: CallVersions
    withdrawn_at: datetime | None = None
    relisted_at: datetime | None = None


def render_deadlines(
    name: SafeText,
    pilot_id: str,
    calls: Iterable[DatedCall],
    stored: StoredCalls,
    t: SafeWords,
    *,
    public_url: str,
) -> bytes:
    """Return every deadline of ``calls`` as a calendar in a reader's words.

    Args:
        name: of the calendar.
        pilot_id: whose calendar it is.
        calls: in any order.
        stored: what cards are made of; its clock says what is over.
        t: the reader's words.
        public_url: of the installation, for links.
    """
    events = sorted(
        (event for dated in calls for event in _events(dated, pilot_id, stored, t, public_url)),
        key=lambda event: (event.starts, event.uid),
    )
    return render_calendar(name, events, renewed_every=RENEWED_EVERY)


def _events(
    dated: DatedCall, pilot_id: str, stored: StoredCalls, t: SafeWords, public_url: str
) -> Iterator[EventView]:
    card = make_card(stored, dated.call, t.language)
    for track in track_deadlines(dated.versions):
        shown = _as_listed(track, dated)
        if _is_over(shown, stored.now):
            continue
        yield deadline_event(
            card,
            shown.deadline,
            t,
            uid=event_uid(pilot_id, card.id, shown.stage, shown.number),
            url=safe_link(call_page(public_url, card.id, t.language)),
            changed_at=shown.changed_at,
            cancelled=shown.withdrawn,
        )


def _as_listed(track: TrackedDeadline, dated: DatedCall) -> TrackedDeadline:
    """Return a deadline as it is when its call is not listed any more, or again."""
    gone = dated.withdrawn_at
    if gone is not None and not track.withdrawn and track.instant >= gone:
        return replace(track, withdrawn=True, changed_at=max(gone, track.changed_at))
    back = dated.relisted_at
    if back is not None and back > track.changed_at and track.instant >= back:
        return replace(track, changed_at=back)
    return track


def _is_over(track: TrackedDeadline, now: datetime) -> bool:
    ended = track.changed_at if track.withdrawn else track.instant
    return ended < now - KEPT_AFTER
