"""The events of a call one after another, as somebody would be told who looks all the time.

A mail tells what is new since the last mail; a feed has no reader that it knows. So it says what a
mail would have said at the first moment that it could, by the same functions. Nothing counts as
told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrapers.call import Call
from service.domain.notifications.events import (
    CLOSING_REASONS,
    CallVersions,
    Event,
    EventReason,
    SentLog,
    find_closing_events,
    find_events,
    find_opening_events,
    with_relisting,
)

_NOTICES = (timedelta(days=14), timedelta(days=3))
"""How long before a deadline its notices are due."""

_JUST_AFTER = timedelta(microseconds=1)


@dataclass(frozen=True)
class TimedEvent:
    """An event, the aware instant from which it could be told, and the call as it was then."""

    event: Event
    at: datetime
    call: Call

    @property
    def is_closing(self) -> bool:
        """Whether it is a notice that the call closes."""
        return self.event.reason in CLOSING_REASONS


def list_timed_events(
    versions: CallVersions, now: datetime, *, relisted_at: datetime | None = None
) -> tuple[TimedEvent, ...]:
    """Return the events of a call up to ``now``, oldest first.

    A clock may stand before a version was seen, as that of the examples does: what was seen is told
    all the same, and deadlines are counted from the clock.

    Args:
        versions: of the call, oldest first, at least one.
        now: the aware instant up to which deadlines come near.
        relisted_at: when its source listed it again after it was missing, if so.
    """
    whole = with_relisting(versions, relisted_at)
    known: list[str] = []
    found: list[TimedEvent] = []
    for number, (seen, call) in enumerate(whole):
        at = min(seen, now)
        until = whole[number + 1][0] if number + 1 < len(whole) else now + _JUST_AFTER
        for event in find_events(whole[: number + 1], SentLog(known), since=None, now=at, until=at):
            known.append(event.key)
            if event.reason is not EventReason.FORTHCOMING:  # the entry of a new call says it
                found.append(TimedEvent(event, seen, call))
        for due in _notice_instants(call, seen, min(until, now + _JUST_AFTER)):
            for event in (
                *find_opening_events(whole[: number + 1], SentLog(known), due, due),
                *find_closing_events(call, SentLog(known), due, due),
            ):
                known.append(event.key)
                found.append(TimedEvent(event, due, call))
    return tuple(found)


def _notice_instants(call: Call, first: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the instants after ``first`` and before ``end`` at which a notice may become due."""
    instants = {call.opens} if call.opens else set()
    for deadline in call.deadlines:
        if deadline.at is not None:
            # with the one before it over, a deadline may be near already
            instants |= {deadline.at + _JUST_AFTER, *(deadline.at - one for one in _NOTICES)}
    return iter(sorted(at for at in instants if first < at < end))
