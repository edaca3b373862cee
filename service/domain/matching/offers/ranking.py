"""Calls found for a text as a set: those that may fit, and those that hold all its words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from index.search.hit import Hit
from index.search.query import Query
from service.domain.matching.fit import Fit
from service.domain.matching.match import Match, explain_matches
from service.domain.matching.match_context import MatchContext
from service.domain.matching.result_groups import ResultGroup
from service.domain.matching.wishes.named_calls import read_names
from service.domain.pilots.reading.read_text import read_text

MOST_FOUND = 500
"""Calls that a text finds by what it means, at most."""


@dataclass
class RankedOffers:
    """The calls found for a text, best first; ``query`` says which part of it found a call."""

    hits: dict[str, tuple[Hit, Query]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    language: str = "en"

    def explain(self, context: MatchContext, call_ids: Sequence[str]) -> dict[str, Match]:
        """Return the match of some of the calls, by id; one that nothing scored has none."""
        wanted = [self.hits[id_] for id_ in call_ids if id_ in self.hits]
        matches: dict[str, Match] = {}
        for query in dict.fromkeys(query for _, query in wanted):
            groups = [ResultGroup(hit) for hit, own in wanted if own is query]
            matches |= {
                match.call.id: match for match in explain_matches(context, query, groups, None)
            }
        return matches


def rank_offers(
    context: MatchContext, text: str, allowed: Collection[str], with_words: Collection[str]
) -> RankedOffers:
    """Return the calls of ``allowed`` that ``text`` finds.

    Calls that the text names come first, then those that may fit by score, then those that only
    hold all its words, by id.

    Args:
        context: the calls and their index.
        text: a few words or a whole project; of one without a letter or digit nothing is found.
        allowed: ids that may be found.
        with_words: ids of calls that hold all words of the text.
    """
    names = read_names(text, context.names)
    read = read_text(text, None, names=names.spans)
    query = context.searcher.query(read.edited, None, explained=True)
    allowed = frozenset(allowed)
    scored: dict[str, tuple[Hit, Query]] = {}
    for one in query.projects or (query,):
        for hit in context.searcher.search(
            one, top=MOST_FOUND, allowed=allowed & context.searcher.documents
        ):
            known = scored.get(hit.document)
            if known is None or known[0].score < hit.score:
                scored[hit.document] = hit, one
    named = [
        copy
        for name in names.listed()
        for id_ in name.calls
        for copy in context.links.group(id_)
        if copy in allowed
    ]
    fitting = [id_ for id_, (hit, _) in scored.items() if Fit.from_score(hit.score) is not Fit.WEAK]
    fitting.sort(key=lambda id_: -scored[id_][0].score)
    worded = sorted(allowed.intersection(with_words))
    ids = list(dict.fromkeys([*named, *fitting[:MOST_FOUND], *worded]))
    return RankedOffers({id_: scored[id_] for id_ in ids if id_ in scored}, ids, query.language)
