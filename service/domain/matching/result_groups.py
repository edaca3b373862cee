"""Groups of calls that are nearly the same, each shown under the best of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import computed_field

from index.search.hit import Hit
from scrapers.call import Call, Deadline
from service.domain.calls.copies import title_in
from service.domain.calls.near_duplicates import are_near_duplicates, likely_pairs
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.frozen_model import FrozenModel
from service.domain.matching.fit import Fit

GROUPING_DEPTH = 100
"""Hits that are grouped, at least."""

_HITS_PER_GROUP = 5
"""Hits that are asked for at first, for each group that is wanted."""


_MAX_AT_ONCE = 1000
"""Hits whose pairs are looked at all at once: of more, the pairs would take too much memory."""


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

    @computed_field(description="The score in a word.")  # type: ignore[prop-decorator]
    @property
    def fit(self) -> Fit:
        """The score in a word."""
        return Fit.from_score(self.score)

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

    A call is compared only with the lead of a group: chains of small differences would join calls
    that have little in common.
    """
    read_ahead(calls, [hit.document for hit in hits])
    found = [calls[hit.document] for hit in hits]
    likely = likely_pairs(found) if len(found) <= _MAX_AT_ONCE else None
    leads: list[tuple[int, ResultGroup]] = []
    for place, hit in enumerate(hits):
        for lead, group in leads:
            if (likely is None or likely[place, lead]) and are_near_duplicates(
                found[lead], found[place]
            ):
                group.others.append(hit)
                break
        else:
            leads.append((place, ResultGroup(hit)))
    return [group for _, group in leads]


def find_best_groups(
    find_hits: Callable[[int], Sequence[Hit]], calls: Mapping[str, Call], top: int
) -> list[ResultGroup]:
    """Return the ``top`` groups.

    Args:
        find_hits: returns that many of the best hits; called for more until there are enough
            groups, or no more hits.
        calls: every call that may be a hit, by id.
        top: how many groups at most.
    """
    depth = max(GROUPING_DEPTH, _HITS_PER_GROUP * top)
    while True:
        hits = find_hits(depth)
        groups = group_hits(hits, calls)
        if len(groups) >= top or len(hits) < depth:
            return groups[:top]
        depth *= 2
