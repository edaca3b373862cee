"""The deadlines of a digest as a calendar (RFC 5545), to be taken into anyone's own.

A call's event has the same UID in every mail, so that a moved deadline moves the event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from scrapers.call import Deadline
from service.domain.matching.call_card import CallCard
from service.domain.notifications.digest import Digest
from service.mail.digest_view import MAX_TITLE_LENGTH, DigestView, MailLinks
from service.mail.safe_text import isolate_direction, one_line
from service.messages import facts
from service.untrusted_text import web_url

_MAX_OCTETS = 75
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def render_calendar(digest: Digest, view: DigestView, links: MailLinks) -> str:
    """Return the deadlines of every call told in ``digest``; nothing when none has a date."""
    events = [
        event
        for item in (*digest.items, *digest.brief)
        if (event := list(_event_lines(item.match.call, digest, view, links)))
    ]
    if not events:
        return ""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//fundscout//digest//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape(view.t('mail.calendar.name', pilot=view.pilot))}",
        *(one for event in events for one in event),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for one in lines for folded in fold_line(one))


def _event_lines(
    card: CallCard, digest: Digest, view: DigestView, links: MailLinks
) -> Iterator[str]:
    deadline = card.next_deadline
    if deadline is None or deadline.at is None:
        return
    title = isolate_direction(
        one_line(card.titles.get(view.language) or card.title, MAX_TITLE_LENGTH)
    )
    url = links.call(card.id).open or web_url(card.url)
    lines = [one_line(card.funder), facts.deadline(deadline, view.t), deadline.zone, url]
    yield "BEGIN:VEVENT"
    yield f"UID:{event_uid(digest.pilot_id, card.id, deadline)}"
    yield f"DTSTAMP:{_format_instant(digest.as_of)}"
    yield f"SEQUENCE:{max(0, (digest.as_of - _EPOCH) // timedelta(minutes=1))}"
    yield from _event_time(deadline)
    yield f"SUMMARY:{_escape(view.t('mail.calendar.title', title=title))}"
    yield f"DESCRIPTION:{_escape(chr(10).join(filter(None, lines)))}"
    if url:
        yield f"URL:{url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def event_uid(pilot_id: str, call_id: str, deadline: Deadline) -> str:
    """Return the event's name: of the call and the stage, whatever day it falls on."""
    whole = f"{pilot_id}\0{call_id}\0{deadline.stage or ''}"
    return f"{hashlib.sha256(whole.encode()).hexdigest()[:32]}@fundscout"


def _event_time(deadline: Deadline) -> Iterator[str]:
    """Say a time of day as an instant; a day without one is a whole day where the funder is."""
    local = deadline.local()
    if deadline.date_only:
        yield f"DTSTART;VALUE=DATE:{local:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{local + timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART:{_format_instant(local)}"


def _format_instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escape(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def fold_line(text: str) -> Iterator[str]:
    """Cut a line after at most 75 octets, never within a letter; what follows begins blank."""
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
