"""Standing: the place of one call among all that a text is compared with, however far down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from index.search.exhaustive import rank_all
from index.search.hit import Hit
from index.search.query import Query
from index.search.searcher import Searcher
from scrapers.call import Call
from service.domain.calls.near_duplicates import are_near_duplicates
from service.domain.matching.feedback import RERANK_DEPTH, CurrentOpinions, rerank
from service.domain.matching.result_groups import GROUPING_DEPTH, ResultGroup, group_hits


@dataclass(frozen=True)
class RankPosition:
    """A call's hit, the group that it is shown in, and the place of that group, from 1."""

    hit: Hit
    group: ResultGroup
    rank: int


@dataclass(frozen=True)
class RankedCalls:
    """What a call stands among: ``allowed`` are ids, the call's own too."""

    searcher: Searcher
    calls: Mapping[str, Call]
    opinions: CurrentOpinions
    allowed: Collection[str]

    def position_of(self, query: Query, call_id: str) -> RankPosition | None:
        """Return where the call stands for ``query``; None when it or the text cannot be ranked.

        Calls are moved by what was judged and grouped as in a list of matches: the place is the
        one that the list has.
        """
        hits = rank_all(self.searcher, query, self.allowed)
        place = _hit_position(hits, call_id)
        if place is None:
            return None
        deep = max(RERANK_DEPTH, place + 1)
        moved = rerank(self.searcher, hits[:deep], self.calls, self.opinions)
        place = _hit_position(moved, call_id) or 0
        return _group_position(moved, place, self.calls)


def _hit_position(hits: Sequence[Hit], call_id: str) -> int | None:
    return next((place for place, hit in enumerate(hits) if hit.document == call_id), None)


def _group_position(hits: Sequence[Hit], place: int, calls: Mapping[str, Call]) -> RankPosition:
    """Group down to the place; what lies deeper than `DEPTH` counts each for itself.

    Far down it would take long and change little.
    """
    near = min(max(GROUPING_DEPTH, place + 1), RERANK_DEPTH)
    groups = group_hits(hits[:near], calls)
    hit = hits[place]
    for rank, group in enumerate(groups, 1):
        if hit in (group.lead, *group.others):
            return RankPosition(hit, group, rank)
    for rank, group in enumerate(groups, 1):
        if are_near_duplicates(calls[group.lead.document], calls[hit.document]):
            return RankPosition(hit, ResultGroup(group.lead, [*group.others, hit]), rank)
    return RankPosition(hit, ResultGroup(hit), len(groups) + place - near + 1)
