"""Pair: one pilot and any one call, explained in full, also when it was not recommended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import Field

from index.explain.evidence import Explanation
from index.search.hit import Hit
from index.search.query import Query
from scrapers.call import Call
from service.domain.eligibility.counterfactuals import Counterfactual, find_counterfactuals
from service.domain.frozen_model import FrozenModel
from service.domain.matching.candidates import Candidates, select_candidates
from service.domain.matching.filters import Filters
from service.domain.matching.match import Match, explain_matches, make_match
from service.domain.matching.match_context import MatchContext
from service.domain.matching.prior_activity import PriorKnowledge
from service.domain.matching.quotes import PilotSpan
from service.domain.matching.rank_position import RankedCalls, RankPosition
from service.domain.matching.result_groups import ResultGroup
from service.domain.matching.why_not import RecommendationCase, WhyNot
from service.domain.pilots.pilot import Pilot
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
    scene: MatchContext, pilot: Pilot, call_id: str, filters: Filters | None = None
) -> CallExplanation:
    """Explain one call for one pilot, whatever its place and whether or not it was recommended.

    Args:
        scene: where; the call is one of its calls.
        pilot: the pilot.
        call_id: the call.
        filters: the choices of the list that it may be missing from; by default only open calls.
    """
    scene, chosen = scene.with_copies(), scene.pricing.filters(filters or Filters())
    query = scene.searcher.query(pilot.text, pilot.language, explained=True)
    among = select_candidates(scene, chosen, query.language, profile=pilot.profile)
    one = _PilotAndCall(scene, pilot, call_id, query)
    group = frozenset(scene.links.group(call_id))
    ground = RankedCalls(
        scene.searcher, scene.calls, scene.opinions, among.leads - group | {call_id}
    )
    standing = ground.position_of(query, call_id)
    reasons = one.make_case(among, standing).reasons(chosen, scene.now, pilot.profile)
    found = one.make_match(standing)
    return CallExplanation(
        pilot=pilot.id,
        match=found,
        rank=standing.rank if standing else None,
        considered=len(among.indexed),
        recommended=not reasons,
        why_not=reasons,
        without=tuple(one.sentence_effects(ground, found, standing)) if standing else (),
        openings=find_counterfactuals(one.call, scene.now, pilot.profile),
        language=query.language,
        as_of=scene.now,
        notes=(*query.notes, *scene.searcher.notes, *scene.notes),
    )


@dataclass(frozen=True)
class _PilotAndCall:
    """A pilot, read as a query, and a call."""

    scene: MatchContext
    pilot: Pilot
    call_id: str
    query: Query

    @property
    def call(self) -> Call:
        return self.scene.calls[self.call_id]

    def make_case(self, among: Candidates, standing: RankPosition | None) -> RecommendationCase:
        """Gather what may keep the call from being recommended."""
        scene = self.scene
        copied = among.leads & frozenset(scene.links.copies(self.call_id))
        return RecommendationCase(
            call=self.call,
            calls=scene.calls,
            language=self.query.language,
            is_dismissed=self.call_id in scene.opinions.dismissed,
            is_indexed=self.call_id in scene.searcher.documents,
            is_vague=not self.query.parts,
            copy=min(copied, default=None),
            position=standing,
        )

    def make_match(self, standing: RankPosition | None) -> Match:
        """Return the match; one that cannot be ranked has no score, evidence or past projects."""
        if standing is None:
            return self._unranked()
        leads = standing.group.lead.document == self.call_id
        group = standing.group if leads else ResultGroup(standing.hit)
        (found,) = explain_matches(self.scene, self.query, [group], self.pilot.profile)
        return found

    def _unranked(self) -> Match:
        scene, group = self.scene, ResultGroup(Hit(self.call_id, 0.0, ()))
        rounds = PriorKnowledge(scene.prior_activity.rounds)
        (prior,) = rounds.activities(self.query, [self.call], scene.searcher, scene.now)
        unexplained = Explanation((), ())
        return make_match(
            scene, group, unexplained, self.query.language, profile=self.pilot.profile, prior=prior
        )

    def sentence_effects(
        self, ground: RankedCalls, found: Match, standing: RankPosition
    ) -> Iterator[SentenceEffect]:
        """Rank anew without each sentence that is quoted, the language as it was recognised."""
        for span in dict.fromkeys(one.pilot for one in found.evidence):
            text = self.pilot.text[: span.start] + self.pilot.text[span.end :]
            read = self.scene.searcher.query(text, self.query.language)
            shorter = replace(read, shares=self.query.shares)
            after = ground.position_of(shorter, self.call_id)
            new = after.rank if after else None
            yield SentenceEffect(
                pilot=span,
                rank=standing.rank,
                score=standing.hit.score,
                new_rank=new,
                new_score=after.hit.score if after else 0.0,
                sentence=Sentence.of(moved(standing.rank, new)),
            )


def moved(old: int, new: int | None) -> Message:
    """Say where a call goes without a sentence; ``new`` is None when nothing can be ranked."""
    if new is None:
        return message("without.nothing")
    way = "stays" if new == old else "falls" if new > old else "rises"
    return message(f"without.{way}", old=str(old), new=str(new))
