"""Short-list the stored pilots that fit a call, alone and together."""

from __future__ import annotations

from index.search.hit import Hit
from service.context import Context
from service.domain.consortium.shortlist import FITTING_SCORE, Shortlist, make_shortlist
from service.domain.matching.match import Match, make_match
from service.domain.matching.match_context import MatchContext
from service.domain.matching.result_groups import ResultGroup
from service.domain.pilots.pilot import Pilot
from service.errors import UnknownCallError


def shortlist(context: Context, call_id: str, *, top: int = 10, language: str = "en") -> Shortlist:
    """Return the pilots that a call fits, best first, and which meet its rule together.

    Args:
        context: the stores and the index.
        call_id: the call.
        top: pilots at most.
        language: of the call's title.

    Raises:
        UnknownCallError: there is no such call.
        SnapshotError: there is no sound index.
    """
    call = context.calls.get(call_id)
    if call is None:
        raise UnknownCallError(call_id)
    searcher = context.searcher()
    pilots = context.pilots.all()
    queries = dict(zip((p.id for p in pilots), context.pilot_queries(pilots), strict=True))
    found = [
        (pilot, hit)
        for pilot in pilots
        for hit in searcher.search(queries[pilot.id], top=1, allowed=[call.id])
        if hit.score >= FITTING_SCORE
    ]
    found.sort(key=lambda one: (-one[1].score, one[0].id))
    scene = MatchContext(searcher, {call.id: call}, context.now())

    def explain(pilot: Pilot, hit: Hit) -> Match:
        (why,) = searcher.explain(queries[pilot.id], [hit])
        return make_match(scene, ResultGroup(hit), why, language, profile=pilot.profile)

    return make_shortlist(
        call, found, explain, scene.now, considered=len(pilots), language=language, top=top
    )
