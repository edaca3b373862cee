"""What a reader sees as one: calls that are nearly the same, under the best of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from index.search.hit import Hit
from scrapers.call import Call, Deadline
from service.domain.calls.copies import title_in
from service.domain.calls.near_duplicates import are_near_duplicates
from service.domain.frozen_model import FrozenModel

GROUPING_DEPTH = 100
"""Hits among which those nearly the same are looked for, at least."""

_SPARE = 5


@dataclass
class ResultGroup:
    """The best of some calls that are nearly the same, and the others in order of rank."""

    lead: Hit
    others: list[Hit] = field(default_factory=list)


class SimilarCall(FrozenModel):
    """A call nearly the same as one that ranks above it."""

    id: str
    title: str
    score: float
    next_deadline: Deadline | None
    url: str | None

    @classmethod
    def from_call(cls, call: Call, score: float, now: datetime, language: str) -> SimilarCall:
        """Return ``call`` as it is at ``now`` (aware), titled in ``language`` if it can be."""
        return cls(
            id=call.id,
            title=title_in(call, language),
            score=score,
            next_deadline=call.next_deadline(now),
            url=call.url,
        )


def group_hits(hits: Sequence[Hit], calls: Mapping[str, Call]) -> list[ResultGroup]:
    """Put each hit under the first better one that it is nearly the same as.

    Only with the one that leads is a call compared: chains of small differences would join calls
    that have little in common.
    """
    groups: list[ResultGroup] = []
    for hit in hits:
        call = calls[hit.document]
        known = next((g for g in groups if are_near_duplicates(calls[g.lead.document], call)), None)
        if known:
            known.others.append(hit)
        else:
            groups.append(ResultGroup(hit))
    return groups


def find_best_groups(
    find: Callable[[int], Sequence[Hit]], calls: Mapping[str, Call], top: int
) -> list[ResultGroup]:
    """Return the ``top`` groups.

    Args:
        find: returns so many of the best hits; asked for more until there are enough groups, or
            no more hits.
        calls: every call found, by id.
        top: how many groups at most.
    """
    depth = max(GROUPING_DEPTH, _SPARE * top)
    while True:
        hits = find(depth)
        groups = group_hits(hits, calls)
        if len(groups) >= top or len(hits) < depth:
            return groups[:top]
        depth *= 2
