"""Lists of calls: filtered, in the order an applicant needs them, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from scrapers.call import Call, Status
from service.domain.filters import Filters

ORDER = (Status.OPEN, Status.FORTHCOMING, Status.UNKNOWN, Status.CLOSED)
"""Statuses as they matter to someone who looks for a call to apply to."""

T = TypeVar("T")


def chosen(calls: Iterable[Call], filters: Filters, words: str, now: datetime) -> list[Call]:
    """Return the calls that pass ``filters`` and hold every word of ``words``, in order.

    Open calls come first, by their next deadline; then what opens soon, by its opening; closed
    calls come last, the latest deadline first. Calls alike in that stand by id.
    """
    wanted = words.casefold().split()
    found = [c for c in calls if filters.admits(c, now) and _holds(c, wanted)]
    return sorted(found, key=lambda call: _place(call, now))


def page_of(entries: Sequence[T], page: int, size: int) -> tuple[tuple[T, ...], int]:
    """Return page ``page`` (from 1) of ``entries`` and how many pages there are."""
    pages = max(1, -(-len(entries) // size))
    start = (page - 1) * size
    return tuple(entries[start : start + size]), pages


def _holds(call: Call, wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    parts = [call.id, call.funder, call.programme, *call.identifiers, *call.keywords]
    text = "\n".join([*parts, *call.titles.values(), *call.texts.values()]).casefold()
    return all(word in text for word in wanted)


def _place(call: Call, now: datetime) -> tuple[int, float, str]:
    status = call.status(now)
    instants = [d.at.timestamp() for d in call.deadlines if d.at is not None]
    upcoming = call.next_deadline(now)
    if status is Status.CLOSED:
        when = -max(instants, default=0.0)
    elif status is Status.FORTHCOMING and call.opens is not None:
        when = call.opens.timestamp()
    elif upcoming is not None and upcoming.at is not None:
        when = upcoming.at.timestamp()
    else:
        when = float("inf")
    return ORDER.index(status), when, call.id
