"""Lists of calls: filtered, in the order an applicant needs them, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from scrapers.call import Call, Status
from service.domain.copies import copies, leads
from service.domain.filters import Filters
from service.domain.match import CallCard
from service.domain.same import Groups

ORDER = (Status.OPEN, Status.FORTHCOMING, Status.UNKNOWN, Status.CLOSED)
"""Statuses as they matter to someone who looks for a call to apply to."""

T = TypeVar("T")


def chosen(
    calls: Mapping[str, Call],
    groups: Groups,
    filters: Filters,
    words: str,
    now: datetime,
) -> list[Call]:
    """Return the calls that pass ``filters`` and hold every word of ``words``, in order.

    Of several that ``groups`` says are one, the one that leads is returned.

    Open calls come first, by their next deadline; then what opens soon, by its opening; closed
    calls come last, the latest deadline first. Calls alike in that stand by id.
    """
    wanted = words.casefold().split()
    found = [id_ for id_, c in calls.items() if filters.admits(c, now) and _holds(c, wanted)]
    language = filters.languages[0] if filters.languages else ""
    once = leads(found, calls, groups, now, language)
    return sorted((calls[id_] for id_ in once), key=lambda call: _place(call, now))


def cards(
    shown: Sequence[Call],
    calls: Mapping[str, Call],
    groups: Groups,
    now: datetime,
    language: str,
) -> tuple[CallCard, ...]:
    """Return the cards of the calls on a page, each with its copies among ``calls``."""
    return tuple(
        CallCard.of(call, now, language, copies(call, calls, groups, now, language))
        for call in shown
    )


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
