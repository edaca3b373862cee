"""Standing: the place of one call among all that a text is compared with, however far down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from index.every import every
from index.hit import Hit
from index.query import Query
from index.search import Searcher
from scrapers.call import Call
from service.domain.alike import near_identical
from service.domain.feedback import DEPTH, Judged, reordered
from service.domain.groups import DEEP, Group, grouped


@dataclass(frozen=True)
class Standing:
    """A call's hit, the group that it is shown in, and the place of that group, from 1."""

    hit: Hit
    group: Group
    rank: int


@dataclass(frozen=True)
class Ground:
    """What a call stands among: ``allowed`` are ids, the call's own too."""

    searcher: Searcher
    calls: Mapping[str, Call]
    opinions: Judged
    allowed: Collection[str]

    def position_of(self, query: Query, call_id: str) -> Standing | None:
        """Return where the call stands for ``query``; None when it or the text cannot be ranked.

        Calls are moved by what was judged and grouped as in a list of matches: the place is the
        one that the list has.
        """
        hits = every(self.searcher, query, self.allowed)
        place = _place(hits, call_id)
        if place is None:
            return None
        deep = max(DEPTH, place + 1)
        moved = reordered(self.searcher, hits[:deep], self.calls, self.opinions)
        place = _place(moved, call_id) or 0
        return _found(moved, place, self.calls)


def _place(hits: Sequence[Hit], call_id: str) -> int | None:
    return next((place for place, hit in enumerate(hits) if hit.document == call_id), None)


def _found(hits: Sequence[Hit], place: int, calls: Mapping[str, Call]) -> Standing:
    """Group down to the place; what lies deeper than `DEPTH` counts each for itself.

    Far down it would take long and change little.
    """
    near = min(max(DEEP, place + 1), DEPTH)
    groups = grouped(hits[:near], calls)
    hit = hits[place]
    for rank, group in enumerate(groups, 1):
        if hit in (group.lead, *group.others):
            return Standing(hit, group, rank)
    for rank, group in enumerate(groups, 1):
        if near_identical(calls[group.lead.document], calls[hit.document]):
            return Standing(hit, Group(group.lead, [*group.others, hit]), rank)
    return Standing(hit, Group(hit), len(groups) + place - near + 1)
