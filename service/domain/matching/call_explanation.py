"""One call explained in full for one pilot, whether or not it was recommended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import Field

from index.search.query import Query
from scrapers.call import Call
from service.domain.eligibility.counterfactuals import Counterfactual, find_counterfactuals
from service.domain.eligibility.facts import Fact
from service.domain.frozen_model import FrozenModel
from service.domain.matching.candidates import Candidates, select_candidates
from service.domain.matching.filters import Filters
from service.domain.matching.match import Match, explain_matches, make_unranked_match
from service.domain.matching.match_context import MatchContext
from service.domain.matching.quotes import PilotSpan
from service.domain.matching.rank_position import PositionReader, RankPosition
from service.domain.matching.result_groups import ResultGroup
from service.domain.matching.why_not import RecommendationCase, WhyNot
from service.domain.matching.wishes.exclusions import excluded_topic
from service.domain.matching.wishes.named_calls import read_names
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.reading.read_text import read_text
from service.messages.message import Message, message
from service.messages.notes import Note
from service.messages.sentence import Sentence


class SentenceEffect(FrozenModel):
    """What becomes of the call when a sentence that is quoted is left out of the pilot's text."""

    pilot: PilotSpan
    rank: int = Field(description="The place with the sentence, as `rank` of the pair.")
    score: float
    new_rank: int | None = Field(description="The place without it; null: nothing can be ranked.")
    new_score: float
    sentence: Sentence


class CallExplanation(FrozenModel):
    """A pilot and a call: the match, its place, what keeps it down and what would change it."""

    pilot: str
    match: Match = Field(
        description="As in a list of matches; score 0 and no parts when nothing can be ranked."
    )
    rank: int | None = Field(
        description="The place that the call has, or would have if it were let through, as in a "
        "list of matches; null when it cannot be ranked."
    )
    considered: int = Field(description="Calls that the filters let through.")
    recommended: bool = Field(description="Whether a list shows it among the first ten.")
    why_not: tuple[WhyNot, ...] = Field(description="Every reason why it is not recommended.")
    without: tuple[SentenceEffect, ...] = Field(
        description="For each sentence of the pilot that the match quotes: the ranking without it."
    )
    openings: tuple[Counterfactual, ...] = Field(
        description="What would meet conditions that fail or are not known to be met."
    )
    language: str = Field(description="The language the text was read in.")
    as_of: datetime = Field(description="The clock that statuses were computed by.")
    notes: tuple[Note, ...] = Field(description="Plain words about limits met.")


def explain_call(
    context: MatchContext, pilot: Pilot, call_id: str, filters: Filters | None = None
) -> CallExplanation:
    """Explain one call for one pilot, whatever its rank and whether or not it was recommended.

    Args:
        context: the calls; the call is one of them.
        pilot: the pilot.
        call_id: the call.
        filters: the choices of the list that it may be missing from;
            by default those that are open or open later.
    """
    context = context.with_opinions_on_copies()
    chosen = context.pricing.with_rates(filters or Filters())
    query = _read(context, pilot.text, pilot.language, explained=True)
    candidates = select_candidates(context, chosen, query.language, profile=pilot.profile)
    pair = _PilotAndCall(context, pilot, call_id, query)
    copies = frozenset(context.links.group(call_id))
    ranked = PositionReader(
        context.searcher, context.calls, context.opinions, candidates.leads - copies | {call_id}
    )
    position = ranked.position_of(query, call_id)
    why_not = pair.make_case(candidates, position).reasons(chosen, context.now, pilot.profile)
    match = pair.make_match(position)
    return CallExplanation(
        pilot=pilot.id,
        match=match,
        rank=position.rank if position else None,
        considered=candidates.considered,
        recommended=not why_not,
        why_not=why_not,
        without=tuple(pair.sentence_effects(ranked, match, position)) if position else (),
        openings=find_counterfactuals(pair.call, context.now, pilot.profile, pair.facts),
        language=query.language,
        as_of=context.now,
        notes=(*query.notes, *context.searcher.notes, *context.notes),
    )


@dataclass(frozen=True)
class _PilotAndCall:
    """A pilot, read as a query, and a call."""

    context: MatchContext
    pilot: Pilot
    call_id: str
    query: Query

    @property
    def call(self) -> Call:
        return self.context.calls[self.call_id]

    @property
    def facts(self) -> tuple[Fact, ...]:
        return self.context.conditions.facts(self.call)

    def make_case(
        self, candidates: Candidates, position: RankPosition | None
    ) -> RecommendationCase:
        """Gather what may keep the call from being recommended."""
        context = self.context
        shown_copies = candidates.leads & frozenset(context.links.copies(self.call_id))
        return RecommendationCase(
            call=self.call,
            facts=self.facts,
            calls=context.calls,
            language=self.query.language,
            is_dismissed=self.call_id in context.opinions.dismissed,
            is_indexed=self.call_id in context.searcher.documents,
            is_vague=not self.query.parts,
            excluded=excluded_topic(context.searcher, self.pilot.exclude, self.call_id),
            copy=min(shown_copies, default=None),
            position=position,
        )

    def make_match(self, position: RankPosition | None) -> Match:
        """Return the match; one that cannot be ranked has no score, evidence or past projects."""
        if position is None:
            return self._make_unranked_match()
        leads = position.group.lead.document == self.call_id
        group = position.group if leads else ResultGroup(position.hit)
        (match,) = explain_matches(self.context, self.query, [group], self.pilot.profile)
        return match

    def _make_unranked_match(self) -> Match:
        return make_unranked_match(self.context, self.query, self.call, self.pilot.profile)

    def sentence_effects(
        self, ranked: PositionReader, match: Match, position: RankPosition
    ) -> Iterator[SentenceEffect]:
        """Rank again without each quoted sentence, in the language of the whole text."""
        for span in dict.fromkeys(pair.pilot for pair in match.evidence):
            text = self.pilot.text[: span.start] + self.pilot.text[span.end :]
            query = _read(self.context, text, self.query.language)
            after = ranked.position_of(replace(query, shares=self.query.shares), self.call_id)
            new_rank = after.rank if after else None
            yield SentenceEffect(
                pilot=span,
                rank=position.rank,
                score=position.hit.score,
                new_rank=new_rank,
                new_score=after.hit.score if after else 0.0,
                sentence=Sentence.of(rank_change_sentence(position.rank, new_rank)),
            )


def _read(
    context: MatchContext, text: str, language: str | None, *, explained: bool = False
) -> Query:
    """Return a pilot's text as a query, read as it is for a list of matches."""
    names = read_names(text, context.names).spans
    edited = read_text(text, language, names=names).edited
    return context.searcher.query(edited, language, explained=explained)


def rank_change_sentence(old: int, new: int | None) -> Message:
    """Return where a call goes without a sentence; ``new`` is None when nothing can be ranked."""
    if new is None:
        return message("without.nothing")
    way = "stays" if new == old else "falls" if new > old else "rises"
    return message(f"without.{way}", old=str(old), new=str(new))
