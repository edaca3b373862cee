"""What a reader sees as one: calls that are nearly the same, under the best of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from index.query import Query
from index.search import Hit, Searcher
from scrapers.call import Call
from service.domain.alike import near_identical

_DEPTH = 100
_SPARE = 5


@dataclass
class Group:
    """The best of some calls that are nearly the same, and the others in order of rank."""

    lead: Hit
    others: list[Hit] = field(default_factory=list)


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
    searcher: Searcher, query: Query, calls: Mapping[str, Call], allowed: Collection[str], top: int
) -> list[Group]:
    """Return the ``top`` groups; a search goes deeper until there are as many, or no more calls."""
    depth = max(_DEPTH, _SPARE * top)
    while True:
        hits = searcher.search(query, top=depth, allowed=allowed)
        groups = grouped(hits, calls)
        if len(groups) >= top or len(hits) < depth:
            return groups[:top]
        depth *= 2
