"""Match: a pilot and a call, one score, and every reason for it. API, page and mail render it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from pydantic import Field, computed_field

from index.explain.evidence import Explanation
from index.search.query import Query
from scrapers.call import Call, Deadline, Funding, Level, Status
from service.domain.awards.similar_awards import PastProject
from service.domain.calls.copies import CallCopy, list_copies
from service.domain.calls.exchange_rates import ConvertedFunding, HasConvertedFunding
from service.domain.calls.freshness import is_closing
from service.domain.calls.rounds import Round, UsualMonths
from service.domain.eligibility.gates import evaluate_gates
from service.domain.eligibility.verdict import Gate
from service.domain.frozen_model import FrozenModel
from service.domain.matching.candidates import select_candidates
from service.domain.matching.feedback import Opinion, search_with_feedback
from service.domain.matching.filters import Filters
from service.domain.matching.fit import Fit
from service.domain.matching.match_context import MatchContext
from service.domain.matching.prior_activity import PriorActivity
from service.domain.matching.quotes import Evidence, MatchedTerm, quote_evidence
from service.domain.matching.reasons import Reason, list_reasons
from service.domain.matching.result_groups import ResultGroup, SimilarCall, find_best_groups
from service.domain.pilots.profile import Profile
from service.messages.message import message
from service.messages.notes import Note


class CallCard(FrozenModel, HasConvertedFunding):
    """The facts of a call that a result shows; the whole of it is at ``/api/v1/calls/{id}``."""

    id: str
    title: str
    titles: dict[str, str]
    funder: str
    level: Level
    programme: str
    status: Status
    opens: datetime | None
    deadlines: tuple[Deadline, ...]
    next_deadline: Deadline | None
    funding: Funding | None
    url: str | None
    apply_url: str | None
    curated: bool = Field(default=False, description="Kept by hand, not read from its source.")
    checked_on: date | None = Field(
        default=None, description="When somebody last compared a curated call with its source."
    )
    stale: bool = Field(default=False, description="Curated, and long or never checked.")
    also: tuple[CallCopy, ...] = Field(
        default=(), description="The same call in other places; one of them is shown."
    )

    @classmethod
    def from_call(
        cls,
        call: Call,
        now: datetime,
        language: str,
        also: tuple[CallCopy, ...] = (),
        converted: ConvertedFunding | None = None,
    ) -> CallCard:
        """Return the card of ``call``.

        Args:
            call: as stored.
            now: the aware instant that its status is of.
            language: of the title, where there is one in it.
            also: the call's copies.
            converted: its amounts in the reader's currency.
        """
        return cls(
            id=call.id,
            title=call.titles.get(language) or next(iter(call.titles.values())),
            titles=dict(call.titles),
            funder=call.funder,
            level=call.level,
            programme=call.programme,
            status=call.status(now),
            opens=call.opens,
            deadlines=call.deadlines,
            next_deadline=call.next_deadline(now),
            funding=call.funding,
            url=call.url,
            apply_url=call.apply_url,
            curated=call.provenance.curated,
            checked_on=call.provenance.checked_on,
            stale=call.stale(now),
            also=also,
            converted=converted,
        )


class Part(FrozenModel):
    """One signal's share of the score; the contributions of a match add up to its score."""

    name: str
    value: float
    contribution: float


class Match(FrozenModel):
    """A call that may fit, with its reasons."""

    call: CallCard
    score: float = Field(
        description="How likely the call is worth reading, 0 to 1; the parts add up to it."
    )
    parts: tuple[Part, ...]
    evidence: tuple[Evidence, ...]
    terms: tuple[MatchedTerm, ...]
    gates: tuple[Gate, ...]
    similar: tuple[SimilarCall, ...] = Field(
        default=(), description="Calls nearly the same as this one, which ranks first of them."
    )
    first_seen: datetime | None = Field(
        default=None, description="When the call was first collected, if that is known."
    )
    new: bool = Field(
        default=False,
        description="First seen within 14 days, after the first collection of its funder.",
    )
    closing: bool = Field(default=False, description="Open, with a deadline within 14 days.")
    past: tuple[PastProject, ...] = Field(
        default=(), description="Projects like the text that this call or its funder has paid for."
    )
    rounds: tuple[Round, ...] = Field(default=(), description="Earlier rounds, the latest first.")
    usually: UsualMonths | None = Field(
        default=None, description="When it usually opens, if two years or more agree."
    )
    judged: Opinion | None = Field(
        default=None, description="What was said of the call for this pilot, if anything."
    )

    @computed_field(description="The score in a word.")  # type: ignore[prop-decorator]
    @property
    def fit(self) -> Fit:
        """The score in a word."""
        return Fit.from_score(self.score)

    @computed_field(  # type: ignore[prop-decorator]
        description="Why this call, in sentences: how well it fits, what is said, conditions."
    )
    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why this call, in sentences."""
        return list_reasons(self)


class MatchList(FrozenModel):
    """The answer to one text: matches, best first, and what a reader must know about them."""

    matches: tuple[Match, ...]
    language: str = Field(description="The language the text was read in.")
    as_of: datetime = Field(description="The clock that statuses were computed by.")
    considered: int = Field(description="Calls that the filters let through.")
    left_out: dict[str, int] = Field(description="Calls that the filters left out, by reason.")
    nothing_fits: bool = Field(
        default=False, description="No match may fit: those shown are only the nearest calls."
    )
    notes: tuple[Note, ...] = Field(default=(), description="Plain words about limits met.")


def match(
    scene: MatchContext,
    text: str,
    *,
    filters: Filters | None = None,
    top: int = 10,
    language: str | None = None,
    profile: Profile | None = None,
    group: bool = True,
    dismissed: bool = False,
) -> MatchList:
    """Rank the calls of ``scene`` against ``text`` and explain the best ``top``.

    Args:
        scene: calls that its index does not hold yet are left out and counted.
        text: a pilot's text, at least one letter; offsets of evidence point into it.
        filters: the reader's choices; by default only open calls.
        top: how many matches at most.
        language: ISO 639 code of ``text``; recognised when absent.
        profile: what the calls' conditions are checked against, if the pilot has one.
        group: show calls that are nearly the same as one match.
        dismissed: show also the calls that were judged not relevant.
    """
    scene = scene.with_copies()
    searcher, calls = scene.searcher, scene.calls
    query = searcher.query(text, language, explained=True)
    chosen = scene.pricing.filters(filters or Filters())
    among = select_candidates(scene, chosen, query.language, profile=profile, dismissed=dismissed)
    find = partial(
        search_with_feedback, searcher, query, calls, scene.opinions, allowed=among.leads
    )
    groups = (
        find_best_groups(find, calls, top) if group else [ResultGroup(hit) for hit in find(top)]
    )
    found = explain_matches(scene, query, groups, profile)
    poor = bool(found) and found[0].fit is Fit.WEAK
    fits = [message("note.nothing_fits")] if poor else []
    return MatchList(
        matches=found,
        language=query.language,
        as_of=scene.now,
        considered=len(among.indexed),
        left_out=among.left_out,
        nothing_fits=poor,
        notes=(*query.notes, *searcher.notes, *fits, *among.notes, *scene.notes),
    )


def explain_matches(
    scene: MatchContext, query: Query, groups: Sequence[ResultGroup], profile: Profile | None
) -> tuple[Match, ...]:
    """Explain what was found for ``query``, a match for each group: here the time goes."""
    explanations = scene.searcher.explain(query, [group.lead for group in groups])
    leads = [scene.calls[group.lead.document] for group in groups]
    prior = scene.prior_activity.activities(query, leads, scene.searcher, scene.now)
    return tuple(
        make_match(scene, group, why, query.language, profile=profile, prior=known)
        for group, why, known in zip(groups, explanations, prior, strict=True)
    )


def make_match(
    scene: MatchContext,
    group: ResultGroup,
    why: Explanation,
    language: str,
    *,
    profile: Profile | None = None,
    prior: PriorActivity | None = None,
) -> Match:
    """Put a hit and its explanation into the words of funding. Every match is made here.

    Args:
        scene: what is known of the calls; what it lacks, the match does not say.
        group: the hit, and those nearly the same as it.
        why: the explanation of the hit.
        language: of the pilot's text (ISO 639): titles are in it where they can be.
        profile: what the call's conditions are checked against, if the pilot has one.
        prior: what is known of the time before the call.
    """
    hit, now, arrivals = group.lead, scene.now, scene.arrivals
    call, prior = scene.calls[hit.document], prior or PriorActivity()
    return Match(
        call=CallCard.from_call(
            call,
            now,
            language,
            list_copies(call, scene.calls, scene.links, now, language),
            scene.pricing.funding(call.funding),
        ),
        score=hit.score,
        parts=tuple(
            Part(name=p.name, value=p.value, contribution=p.contribution) for p in hit.parts
        ),
        evidence=quote_evidence(call, why),
        terms=tuple(
            MatchedTerm(pilot=t.query, call=t.document, weight=t.weight) for t in why.terms
        ),
        gates=evaluate_gates(call, now, profile),
        similar=tuple(
            SimilarCall.from_call(scene.calls[other.document], other.score, now, language)
            for other in group.others
        ),
        first_seen=arrivals.first_seen(call.id) if arrivals else None,
        new=arrivals is not None and arrivals.is_new(call.id, now),
        closing=is_closing(call, now),
        past=prior.projects,
        rounds=prior.recurring.rounds,
        usually=prior.recurring.usually,
        judged=scene.opinions.opinion_on(call.id),
    )
