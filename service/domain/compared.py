"""Compared: the calls that a text is ranked against, and those that stay away from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from scrapers.call import Call
from service.domain.copies import leads
from service.domain.feedback import Judged
from service.domain.filters import Filters
from service.domain.profile import Profile
from service.domain.same import Groups


@dataclass(frozen=True)
class Compared:
    """Calls by id. ``leads`` has of those that are one call the one that is ranked and shown."""

    admitted: frozenset[str]
    hidden: frozenset[str]
    indexed: frozenset[str]
    leads: frozenset[str]


def compared(
    calls: Mapping[str, Call],
    documents: Collection[str],
    chosen: Filters,
    now: datetime,
    *,
    known: Judged,
    joined: Groups,
    profile: Profile | None,
    language: str,
    dismissed: bool = False,
) -> Compared:
    """Say which of ``calls`` a text is compared with.

    Args:
        calls: every stored call by id.
        documents: ids of the calls that are indexed.
        chosen: the reader's choices.
        now: the aware instant that open and closed are computed by.
        known: what was said of calls for the pilot; copies count as one.
        joined: which calls are one.
        profile: what the calls' conditions are checked against, if the pilot has one.
        language: of the text: of copies alike, the one in it leads.
        dismissed: let calls that were judged not relevant through too.
    """
    admitted = frozenset(id_ for id_, call in calls.items() if chosen.admits(call, now, profile))
    hidden = frozenset() if dismissed else admitted & known.dismissed
    indexed = (admitted - hidden) & frozenset(documents)
    return Compared(
        admitted=admitted - hidden,
        hidden=hidden,
        indexed=indexed,
        leads=frozenset(leads(indexed, calls, joined, now, language)),
    )
