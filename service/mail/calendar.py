"""Deadlines as a calendar (RFC 5545): of a mail, to add, and of a feed, to subscribe to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from service.mail.safe_text import SafeLink, SafeText

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_PRODUCT = "-//fundscout//digest//EN"


@dataclass(frozen=True)
class EventView:
    """A deadline for a calendar.

    ``starts`` is on the funder's clock, ``whole_day`` when the funder names no time of day.
    ``uid`` is the same however the deadline moves, so that its event moves. ``changed_at`` is
    the aware instant since which it is as it is; ``cancelled``: there is no such deadline any more.
    """

    uid: str
    starts: datetime
    whole_day: bool
    summary: SafeText
    description: tuple[SafeText | SafeLink, ...]
    url: SafeLink
    changed_at: datetime
    cancelled: bool = False


def event_uid(pilot_id: str, call_id: str, stage: int | None, number: int = 0) -> str:
    """Return an event's name: of the call, the stage and its place there, whatever day it is on.

    Args:
        pilot_id: the pilot whose calendar it is in.
        call_id: the call.
        stage: of the deadline, if it has one.
        number: its place among the deadlines of the stage, from 0.
    """
    place = f"\0{number}" if number else ""
    whole = f"{pilot_id}\0{call_id}\0{stage or ''}{place}"
    return f"{hashlib.sha256(whole.encode()).hexdigest()[:32]}@fundscout"


def render_calendar(
    name: SafeText, events: Sequence[EventView], *, renewed_every: timedelta | None = None
) -> bytes:
    """Return ``events`` as a calendar; one without any is a calendar all the same.

    Args:
        name: of the calendar.
        events: in their order.
        renewed_every: how often a subscriber is asked to come again; None for a calendar that
            nobody subscribes to.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    if renewed_every is not None:
        hours = f"PT{int(renewed_every.total_seconds() // 3600)}H"
        calendar.add("refresh-interval", renewed_every, parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", hours)
    for event in events:
        calendar.add_component(_make_event(event))
    written: bytes = calendar.to_ical()
    return written


def _make_event(view: EventView) -> Event:
    event = Event()
    changed = view.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", view.uid)
    event.add("dtstamp", changed)
    event.add("sequence", max(0, (changed - _EPOCH) // timedelta(minutes=1)))
    if view.whole_day:
        event.add("dtstart", view.starts.date())
        event.add("dtend", view.starts.date() + timedelta(days=1))
    else:
        # in UTC: a program shows it on its reader's clock, and needs no table of a funder's zone
        event.add("dtstart", view.starts.astimezone(UTC))
    event.add("summary", view.summary)
    event.add("description", "\n".join(view.description))
    if view.url:
        event.add("url", view.url)
    event.add("transp", "TRANSPARENT")
    if view.cancelled:
        event.add("status", "CANCELLED")
    return event
