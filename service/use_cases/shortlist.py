"""List the stored pilots that fit a call, alone and as teams."""

from __future__ import annotations

from index.search.hit import Hit
from service.context import Context
from service.domain.consortium.shortlist import FITTING_SCORE, Shortlist, make_shortlist
from service.domain.matching.feedback import rerank
from service.domain.matching.match import Match, make_match
from service.domain.matching.match_context import StoredCalls
from service.domain.matching.result_groups import ResultGroup
from service.domain.matching.wishes.exclusions import excluded_topic
from service.domain.pilots.pilot import Pilot
from service.errors import UnknownCallError
from service.messages.sentence import Sentence
from service.use_cases.sources import call_gap_notes


def shortlist_pilots(
    context: Context, call_id: str, *, top: int = 10, language: str = "en"
) -> Shortlist:
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
    opinions, groups, calls = (
        context.feedback.all_opinions(),
        context.links.groups(),
        context.calls.reader(),
    )

    def score(pilot: Pilot) -> list[Hit]:
        hits = searcher.search(queries[pilot.id], top=1, allowed=[call.id])
        own = opinions.get(pilot.id)
        return rerank(searcher, hits, calls, own.with_copies(groups)) if own else hits

    ranked = [
        (pilot, hit)
        for pilot in pilots
        for hit in score(pilot)
        if hit.score >= FITTING_SCORE and not excluded_topic(searcher, pilot.exclude, call.id)
    ]
    ranked.sort(key=lambda pair: (-pair[1].score, pair[0].id))
    stored = StoredCalls(
        calls={call.id: call}, now=context.now(), conditions=context.calls.condition_reader()
    )

    def explain(pilot: Pilot, hit: Hit) -> Match:
        (explanation,) = searcher.explain(queries[pilot.id], [hit])
        return make_match(stored, ResultGroup(hit), explanation, language, profile=pilot.profile)

    made = make_shortlist(
        stored, call, ranked, explain, considered=len(pilots), language=language, top=top
    )
    gaps = (Sentence.of(note) for note in call_gap_notes(context, call_id))
    return made.model_copy(update={"notes": (*made.notes, *gaps)})
