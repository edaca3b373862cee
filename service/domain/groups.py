"""What a reader sees as one: calls that are nearly the same, under the best of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from index.hit import Hit
from scrapers.call import Call, Deadline
from service.domain.alike import near_identical
from service.domain.copies import titled
from service.domain.frozen_model import FrozenModel

DEEP = 100
"""Hits among which those nearly the same are looked for, at least."""

_SPARE = 5


@dataclass
class Group:
    """The best of some calls that are nearly the same, and the others in order of rank."""

    lead: Hit
    others: list[Hit] = field(default_factory=list)


class Similar(FrozenModel):
    """A call nearly the same as one that ranks above it."""

    id: str
    title: str
    score: float
    next_deadline: Deadline | None
    url: str | None

    @classmethod
    def from_call(cls, call: Call, score: float, now: datetime, language: str) -> Similar:
        """Return ``call`` as it is at ``now`` (aware), titled in ``language`` if it can be."""
        return cls(
            id=call.id,
            title=titled(call, language),
            score=score,
            next_deadline=call.next_deadline(now),
            url=call.url,
        )


def grouped(hits: Sequence[Hit], calls: Mapping[str, Call]) -> list[Group]:
    """Put each hit under the first better one that it is nearly the same as.

    Only with the one that leads is a call compared: chains of small differences would join calls
    that have little in common.
    """
    groups: list[Group] = []
    for hit in hits:
        call = calls[hit.document]
        known = next((g for g in groups if near_identical(calls[g.lead.document], call)), None)
        if known:
            known.others.append(hit)
        else:
            groups.append(Group(hit))
    return groups


def best_groups(
    find: Callable[[int], Sequence[Hit]], calls: Mapping[str, Call], top: int
) -> list[Group]:
    """Return the ``top`` groups.

    Args:
        find: returns so many of the best hits; asked for more until there are enough groups, or
            no more hits.
        calls: every call found, by id.
        top: how many groups at most.
    """
    depth = max(DEEP, _SPARE * top)
    while True:
        hits = find(depth)
        groups = grouped(hits, calls)
        if len(groups) >= top or len(hits) < depth:
            return groups[:top]
        depth *= 2
