"""The deadlines of a digest as a calendar (RFC 5545), for readers to add to their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from service.mail.digest_view import DigestView, EventView

_MAX_OCTETS = 75
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def render_calendar(view: DigestView) -> str:
    """Return the deadlines of every call in ``view``; nothing when none has a date."""
    if not view.events:
        return ""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//fundscout//digest//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape(view.calendar_name)}",
        *(line for event in view.events for line in _event_lines(event, view.made_at)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in fold_line(line))


def _event_lines(event: EventView, made_at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_format_instant(made_at)}"
    yield f"SEQUENCE:{max(0, (made_at - _EPOCH) // timedelta(minutes=1))}"
    if event.whole_day:
        yield f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.starts + timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART:{_format_instant(event.starts)}"
    yield f"SUMMARY:{_escape(event.summary)}"
    yield f"DESCRIPTION:{_escape(chr(10).join(event.description))}"
    if event.url:
        yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _format_instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escape(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def fold_line(text: str) -> Iterator[str]:
    """Cut a line after at most 75 octets, never within a letter; the next begin with a space."""
    if len(text.encode()) <= _MAX_OCTETS:
        yield text
        return
    piece, size = "", 0
    for character in text:
        octets = len(character.encode())
        if size + octets > _MAX_OCTETS:
            yield piece
            piece, size = " ", 1
        piece += character
        size += octets
    yield piece
