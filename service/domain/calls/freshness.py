"""Whether a call is new or about to close: shown with the score, never a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from scrapers.call import Call, Status
from service.domain.calls.ids import source_of

FRESH_PERIOD = timedelta(days=14)
"""How long a call is new after it was first seen, and how long before its deadline it closes."""

_FIRST_COLLECTION_PERIOD = timedelta(hours=12)
"""Calls seen so soon after a funder's first one belong to its first collection."""


class Arrivals:
    """When calls were first seen."""

    def __init__(
        self, first_seen: Mapping[str, datetime], began: Mapping[str, datetime] | None = None
    ) -> None:
        """Take when each call was first seen, and when each funder's first one was, if known."""
        self._seen = first_seen
        self._began = _first_of_funders(first_seen) if began is None else began

    def first_seen(self, call_id: str) -> datetime | None:
        """Return when the call was first seen; None for a call that is not stored."""
        return self._seen.get(call_id)

    def is_new(self, call_id: str, now: datetime) -> bool:
        """Return whether the call came lately, after its funder's other calls.

        When a funder is collected for the first time, all its calls come at once: none is new.
        """
        seen = self._seen.get(call_id)
        if seen is None or seen <= self._began[source_of(call_id)] + _FIRST_COLLECTION_PERIOD:
            return False
        return timedelta(0) <= now - seen <= FRESH_PERIOD


def _first_of_funders(first_seen: Mapping[str, datetime]) -> dict[str, datetime]:
    began: dict[str, datetime] = {}
    for id_, seen in first_seen.items():
        funder = source_of(id_)
        began[funder] = min(seen, began.get(funder, seen))
    return began


def is_closing(call: Call, now: datetime) -> bool:
    """Return whether ``call`` is open and its next deadline is at most two weeks away."""
    deadline = call.next_deadline(now)
    if call.status(now) is not Status.OPEN or deadline is None or deadline.at is None:
        return False
    return deadline.at - now <= FRESH_PERIOD
