"""The rank of one call among all that a text is compared with, however far down."""

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
    """A call's hit, the group that it is shown in, and the rank of that group, from 1."""

    hit: Hit
    group: ResultGroup
    rank: int


@dataclass(frozen=True)
class PositionReader:
    """The calls that one call is ranked among: ``allowed`` are their ids, its own too."""

    searcher: Searcher
    calls: Mapping[str, Call]
    opinions: CurrentOpinions
    allowed: Collection[str]

    def position_of(self, query: Query, call_id: str) -> RankPosition | None:
        """Return the call's position for ``query``; None when it or the text cannot be ranked.

        Opinions move calls, and near duplicates are grouped, as in a list of matches: the rank is
        the one that the list has.
        """
        hits = rank_all(self.searcher, query, self.allowed)
        index = _find_hit(hits, call_id)
        if index is None:
            return None
        depth = max(RERANK_DEPTH, index + 1)
        reranked = rerank(self.searcher, hits[:depth], self.calls, self.opinions)
        return _group_position(reranked, _find_hit(reranked, call_id) or 0, self.calls)


def _find_hit(hits: Sequence[Hit], call_id: str) -> int | None:
    return next((index for index, hit in enumerate(hits) if hit.document == call_id), None)


def _group_position(hits: Sequence[Hit], index: int, calls: Mapping[str, Call]) -> RankPosition:
    """Group the hits down to ``index``; a hit deeper than `RERANK_DEPTH` is a group by itself.

    To group deeper would take long and change little.
    """
    depth = min(max(GROUPING_DEPTH, index + 1), RERANK_DEPTH)
    groups = group_hits(hits[:depth], calls)
    hit = hits[index]
    for rank, group in enumerate(groups, 1):
        if hit in (group.lead, *group.others):
            return RankPosition(hit, group, rank)
    for rank, group in enumerate(groups, 1):
        if are_near_duplicates(calls[group.lead.document], calls[hit.document]):
            return RankPosition(hit, ResultGroup(group.lead, [*group.others, hit]), rank)
    return RankPosition(hit, ResultGroup(hit), len(groups) + index - depth + 1)
