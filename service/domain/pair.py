"""Pair: one pilot and any one call, explained in full, also when it was not recommended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from pydantic import BaseModel, ConfigDict, Field

from index.explain import Explanation
from index.hit import Hit
from index.query import Query
from index.search import Searcher
from scrapers.call import Call
from service.domain.before import Before
from service.domain.change import Sentence
from service.domain.compared import Compared, compared
from service.domain.copies import copies
from service.domain.feedback import Judged
from service.domain.filters import Filters
from service.domain.freshness import Arrivals
from service.domain.gates.openings import Opening, openings
from service.domain.groups import Group
from service.domain.match import Match, beside, matched
from service.domain.pair_words import moved
from service.domain.pilot import Pilot
from service.domain.quotes import PilotSpan
from service.domain.same import Groups
from service.domain.standing import Ground, Standing
from service.domain.why_not import Case, WhyNot


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Without(_Frozen):
    """What becomes of the call when a sentence that is quoted is left out of the pilot's text."""

    pilot: PilotSpan
    rank: int = Field(description="The place with the sentence, as `rank` of the pair.")
    score: float
    new_rank: int | None = Field(description="The place without it; null: nothing can be ranked.")
    new_score: float
    sentence: Sentence


class Pair(_Frozen):
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
    without: tuple[Without, ...] = Field(
        description="For each sentence of the pilot that the match quotes: the ranking without it."
    )
    openings: tuple[Opening, ...] = Field(
        description="What would meet conditions that fail or are not known to be met."
    )
    language: str = Field(description="The language the text was read in.")
    as_of: datetime = Field(description="The clock that statuses were computed by.")
    notes: tuple[str, ...] = Field(description="Plain words about limits met.")


@dataclass(frozen=True)
class Known:
    """What a pair is explained by, beside the calls: each may be missing.

    ``links`` say which calls are one, ``before`` what is known of earlier rounds and paid projects,
    ``judged`` what was said of calls for the pilot, ``arrivals`` when calls were first seen.
    """

    links: Groups
    before: Before
    judged: Judged
    arrivals: Arrivals | None = None


NOTHING = Known(Groups(), Before(), Judged())


def explained(
    searcher: Searcher,
    calls: Mapping[str, Call],
    pilot: Pilot,
    call_id: str,
    now: datetime,
    *,
    filters: Filters | None = None,
    known: Known = NOTHING,
) -> Pair:
    """Explain one call for one pilot, whatever its place and whether or not it was recommended.

    Args:
        searcher: an opened snapshot.
        calls: every stored call by id, this one too.
        pilot: the pilot.
        call_id: the call.
        now: the aware instant that open and closed are computed by.
        filters: the choices of the list that it may be missing from; by default only open calls.
        known: what else is known.
    """
    chosen = filters or Filters()
    known = replace(known, judged=known.judged.spread(known.links))
    query = searcher.query(pilot.text, pilot.language, explained=True)
    among = compared(
        calls,
        searcher.documents,
        chosen,
        now,
        known=known.judged,
        joined=known.links,
        profile=pilot.profile,
        language=query.language,
    )
    one = _One(searcher, calls, pilot, call_id, now, known, query)
    group = frozenset(known.links.group(call_id))
    ground = Ground(searcher, calls, known.judged, among.leads - group | {call_id})
    standing = ground.standing(query, call_id)
    reasons = one.case(among, standing).reasons(chosen, now, pilot.profile)
    found = one.match(standing)
    return Pair(
        pilot=pilot.id,
        match=found,
        rank=standing.rank if standing else None,
        considered=len(among.indexed),
        recommended=not reasons,
        why_not=reasons,
        without=tuple(one.without(ground, found, standing)) if standing else (),
        openings=openings(calls[call_id], now, pilot.profile),
        language=query.language,
        as_of=now,
        notes=(*query.notes, *searcher.notes),
    )


@dataclass(frozen=True)
class _One:
    """A pilot, read as a query, and a call."""

    searcher: Searcher
    calls: Mapping[str, Call]
    pilot: Pilot
    call_id: str
    now: datetime
    known: Known
    query: Query

    @property
    def call(self) -> Call:
        return self.calls[self.call_id]

    def case(self, among: Compared, standing: Standing | None) -> Case:
        """Gather what may keep the call from being recommended."""
        copied = among.leads & frozenset(self.known.links.copies(self.call_id))
        return Case(
            call=self.call,
            calls=self.calls,
            language=self.query.language,
            dismissed=self.call_id in self.known.judged.dismissed,
            indexed=self.call_id in self.searcher.documents,
            vague=not self.query.parts,
            copy=min(copied, default=None),
            standing=standing,
        )

    def match(self, standing: Standing | None) -> Match:
        """Return the match; one that cannot be ranked has no score, evidence or past projects."""
        known, language, now = self.known, self.query.language, self.now
        hit = standing.hit if standing else Hit(self.call_id, 0.0, ())
        leads = standing is not None and standing.group.lead.document == self.call_id
        group = standing.group if standing and leads else Group(hit)
        before = known.before if standing else Before(known.before.rounds)
        nothing = [Explanation((), ())]
        (why,) = self.searcher.explain(self.query, [hit]) if standing else nothing
        (told,) = before.beside(self.query, [self.call], self.searcher, now)
        more = beside(group, self.calls, now, language, known.arrivals, known=known.judged)
        found = matched(
            self.call,
            hit,
            why,
            now,
            language,
            profile=self.pilot.profile,
            copied=partial(
                copies, calls=self.calls, groups=known.links, now=now, language=language
            ),
        )
        return found.model_copy(update=more | told)

    def without(self, ground: Ground, found: Match, standing: Standing) -> Iterator[Without]:
        """Rank anew without each sentence that is quoted, the language as it was recognised."""
        for span in dict.fromkeys(one.pilot for one in found.evidence):
            text = self.pilot.text[: span.start] + self.pilot.text[span.end :]
            read = self.searcher.query(text, self.query.language)
            shorter = replace(read, shares=self.query.shares)
            after = ground.standing(shorter, self.call_id)
            new = after.rank if after else None
            yield Without(
                pilot=span,
                rank=standing.rank,
                score=standing.hit.score,
                new_rank=new,
                new_score=after.hit.score if after else 0.0,
                sentence=moved(standing.rank, new),
            )
