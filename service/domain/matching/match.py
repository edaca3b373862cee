"""A match of a pilot and a call: one score, and every reason for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
from pydantic import Field, computed_field

from index.explain.evidence import Explanation
from index.search.hit import Hit
from index.search.query import Query
from scrapers.call import Call
from service.domain.awards.similar_awards import PastProject
from service.domain.calls.freshness import is_closing
from service.domain.calls.rounds import Round, UsualMonths
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.eligibility.gates import evaluate_gates
from service.domain.eligibility.verdict import Gate
from service.domain.frozen_model import FrozenModel
from service.domain.matching.call_card import CallCard, make_card
from service.domain.matching.candidates import Candidates, index_of, select_candidates
from service.domain.matching.facets.facet_counts import CallFacets, FacetCounter
from service.domain.matching.facets.order import MatchOrder, sort_key
from service.domain.matching.feedback import Opinion, search_with_feedback
from service.domain.matching.filters import Filters
from service.domain.matching.fit import Fit
from service.domain.matching.match_context import MatchContext, StoredCalls
from service.domain.matching.other_calls.any_subject import AnySubjectList, find_any_subject
from service.domain.matching.other_calls.hidden_calls import HiddenCalls, find_hidden
from service.domain.matching.prior_activity import PriorActivity, PriorActivityIndex
from service.domain.matching.quotes import Evidence, MatchedTerm, quote_evidence
from service.domain.matching.reasons import Reason, list_reasons
from service.domain.matching.result_groups import (
    ResultGroup,
    SimilarCall,
    find_best_groups,
    group_hits,
)
from service.domain.matching.wishes.exclusions import ExcludedTopic, Exclusions, FindHits
from service.domain.matching.wishes.named_calls import (
    NamedAs,
    NamedCalls,
    TextName,
    read_names,
)
from service.domain.matching.wishes.understood import UnderstoodText, list_understood
from service.domain.pilots.profile import Profile
from service.domain.pilots.reading.read_text import read_text
from service.domain.pilots.reading.text_sections import (
    Counted,
    TextPart,
    counted_kinds,
    little_note,
    text_parts,
)
from service.domain.pilots.wishes import Wishes
from service.messages.message import message
from service.messages.notes import Note

MOST_FITTING = 500
"""Calls that may fit that are counted and sorted; a text that more fit says next to nothing."""


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
    named: NamedAs | None = Field(
        default=None, description="How the text names the call, if it does: it comes first then."
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
    hidden: HiddenCalls = Field(
        default=HiddenCalls(),
        description="Of the calls left out, those that fit better than the best match.",
    )
    any_subject: AnySubjectList = Field(
        default=AnySubjectList(), description="Calls that are open to any subject."
    )
    nothing_fits: bool = Field(
        default=False, description="No match may fit: those shown are only the nearest calls."
    )
    notes: tuple[Note, ...] = Field(default=(), description="Plain words about limits met.")
    named: tuple[TextName, ...] = Field(
        default=(), description="Names of calls in the text, stored or unknown, in its order."
    )
    understood: tuple[UnderstoodText, ...] = Field(
        default=(), description="Where the text was not read as it stands: acronyms, unwanted."
    )
    excluded: tuple[ExcludedTopic, ...] = Field(
        default=(), description="What the reader excludes, with the calls left out for it."
    )
    sections: tuple[TextPart, ...] = Field(
        default=(),
        description="The sections of the text, what each is taken to be, and how much it counted.",
    )


@dataclass(frozen=True)
class MatchOptions:
    """What a reader chose for a list of matches.

    Attributes:
        filters: the reader's choices; by default calls that are open or open later.
        top: how many matches at most.
        language: ISO 639 code of the text; recognised when absent.
        profile: what the calls' conditions are checked against, if the pilot has one.
        group: show calls that are nearly the same as one match.
        dismissed: show also the calls that were judged not relevant.
        wishes: what is excluded, and what of the text is read as it stands.
        counted: kinds of sections of the text that count in full, whatever they are taken to be.
        order: what the matches are sorted by. By anything but fit only calls that may fit are
            shown, if there are any.
    """

    filters: Filters | None = None
    top: int = 10
    language: str | None = None
    profile: Profile | None = None
    group: bool = True
    dismissed: bool = False
    wishes: Wishes | None = None
    counted: Collection[Counted] = ()
    order: MatchOrder = MatchOrder.FIT


@dataclass(frozen=True)
class RankedCalls:
    """Matches, and what the calls that may fit can be narrowed by; None where nothing is ranked."""

    found: MatchList
    facets: CallFacets | None = None


def find_matches(
    context: MatchContext, text: str, options: MatchOptions | None = None, **chosen: Any
) -> MatchList:
    """Rank the calls of ``context`` against ``text`` and explain the best.

    Args:
        context: the calls; those that its index does not hold yet are left out and counted.
        text: a pilot's text, at least one letter; offsets of evidence point into it.
        options: the reader's choices.
        chosen: the same by name, in place of ``options``.
    """
    return _Ranking(context, text, options or MatchOptions(**chosen)).find()


def rank_calls(context: MatchContext, text: str, options: MatchOptions) -> RankedCalls:
    """Return what `find_matches` does, with facets of all calls that may fit."""
    ranking = _Ranking(context, text, options)
    found = ranking.find()
    return RankedCalls(found, ranking.count_facets())


class _Ranking:
    """One text, compared with the calls of a context."""

    def __init__(self, context: MatchContext, text: str, options: MatchOptions) -> None:
        self.context = context.with_opinions_on_copies()
        context = self.context
        self.options = options
        wishes = options.wishes or Wishes()
        self.names = read_names(text, context.names)
        self.read = read_text(
            text, options.language, names=self.names.spans, as_written=wishes.as_written
        )
        self.query = context.searcher.query(
            self.read.edited,
            options.language,
            explained=True,
            counted=counted_kinds(options.counted),
        )
        self.filters = context.pricing.with_rates(options.filters or Filters())
        self.exclusions = Exclusions(context.searcher, wishes)

    def find(self) -> MatchList:
        """Return the matches with all that a reader must know of them."""
        context, options, query = self.context, self.options, self.query
        candidates = select_candidates(
            context,
            self.filters,
            query.language,
            profile=options.profile,
            dismissed=options.dismissed,
        )
        named = NamedCalls(self.names, context.calls, context.links, candidates.leads, context.now)
        first = find_named_matches(context, query, named, self.filters, options.profile)
        first = first[: options.top]
        best = self._find_best(candidates.leads, named, options.top - len(first))
        groups = [each for each, _ in best]
        matches = _explain_best(context, best, options.profile)
        nothing_fits = bool(matches) and matches[0].fit is Fit.WEAK and not first
        sections = text_parts(query)
        warnings = [message("note.nothing_fits")] if nothing_fits else self.exclusions.notes(groups)
        little = little_note(sections)
        warnings = [little, *warnings] if little else warnings
        shown = _shown_ids(context, groups) | {match.call.id for match in first}
        hidden, any_subject = HiddenCalls(), AnySubjectList()
        if (
            self.names.is_ranked
        ):  # a code alone says nothing that other calls could be compared with
            hidden = _find_hidden(context, query, candidates, _best_first(groups))
            any_subject = find_any_subject(
                context, candidates.leads, shown, options.profile, query.language
            )
        return MatchList(
            matches=(*first, *matches),
            language=query.language,
            as_of=context.now,
            considered=candidates.considered,
            left_out=candidates.left_out,
            hidden=hidden,
            any_subject=any_subject,
            nothing_fits=nothing_fits,
            notes=(
                *query.notes,
                *context.searcher.notes,
                *warnings,
                *candidates.notes,
                *context.notes,
            ),
            named=named.text_names(),
            understood=list_understood(self.read.understood),
            excluded=self.exclusions.report(groups, context.calls, context.now, query.language),
            sections=sections,
        )

    def count_facets(self) -> CallFacets | None:
        """Return how many of the calls that may fit each further choice would leave."""
        if not self.names.is_ranked:
            return None
        context, options = self.context, self.options
        index = index_of(context)
        allowed = context.searcher.documents
        if not options.dismissed:
            allowed = allowed - set(context.opinions.dismissed)
        fitting = {hit.document for _, hits in self._fitting(allowed) for hit in hits}
        within = np.zeros(len(index.columns), np.bool_)
        within[[index.columns.rows[id_] for id_ in fitting if id_ in index.columns.rows]] = True
        counter = FacetCounter(
            index, self.filters, context.now, options.profile, context.pricing.currency
        )
        return counter.count(within)

    def _find_best(
        self, leads: frozenset[str], named: NamedCalls, top: int
    ) -> list[tuple[ResultGroup, Query]]:
        """Return the best groups of the calls that are not named, in the order that is asked for.

        Args:
            leads: the calls that the filters let through.
            named: the calls that the text names.
            top: how many groups.
        """
        if not self.names.is_ranked or top <= 0:
            return []
        allowed = leads - named.groups if named.groups else leads
        sorted_best = self._find_sorted(allowed, top)
        if sorted_best:
            return sorted_best
        return _find_best(
            self.context, self.query, allowed, self.exclusions, top, group=self.options.group
        )

    def _find_sorted(self, allowed: frozenset[str], top: int) -> list[tuple[ResultGroup, Query]]:
        """Return the groups that come first in another order than fit; none when nothing fits."""
        if self.options.order is MatchOrder.FIT:
            return []
        found: list[tuple[ResultGroup, Query]] = []
        for one, hits in self._fitting(allowed):
            if self.options.group:
                found += [(each, one) for each in group_hits(hits, self.context.calls)]
            else:
                found += [(ResultGroup(hit), one) for hit in hits]
        key = sort_key(
            index_of(self.context).columns, self.options.order, self.filters, self.context.now
        )
        ordered = sorted(found, key=lambda pair: -pair[0].lead.score)
        ordered.sort(key=lambda pair: key(pair[0].lead.document))
        return _without_repeats(ordered, top)

    def _fitting(self, allowed: frozenset[str]) -> Iterator[tuple[Query, list[Hit]]]:
        """Yield each project of the text with the calls that may fit it, the best first."""
        context = self.context
        for one in self.query.projects or (self.query,):
            hits = search_with_feedback(
                context.searcher,
                one,
                context.calls,
                context.opinions,
                MOST_FITTING,
                allowed=allowed,
            )
            likely = [hit for hit in hits if Fit.from_score(hit.score) is not Fit.WEAK]
            yield one, self.exclusions.leave_out(likely)


def _find_hidden(
    context: MatchContext, query: Query, candidates: Candidates, groups: Sequence[ResultGroup]
) -> HiddenCalls:
    """Return the calls that filters leave out and that fit better than the best of ``groups``."""
    excluded = candidates.excluded()
    find_hits = partial(
        search_with_feedback,
        context.searcher,
        query,
        context.calls,
        context.opinions,
        allowed=excluded.ids,
    )
    return find_hidden(find_hits, excluded, groups[0].lead if groups else None)


def _find_best(
    context: MatchContext,
    query: Query,
    leads: Collection[str],
    exclusions: Exclusions,
    top: int,
    *,
    group: bool,
) -> list[tuple[ResultGroup, Query]]:
    """Return the ``top`` groups of a text's projects, each call where it stands best."""
    found: list[tuple[ResultGroup, Query]] = []
    for one in query.projects or (query,):
        search = partial(
            search_with_feedback, context.searcher, one, context.calls, context.opinions
        )
        find_hits = exclusions.keep(partial(search, allowed=leads))
        found += [(each, one) for each in _find_groups(context, find_hits, top, group=group)]
    # of equals the order of the search stays
    return _without_repeats(sorted(found, key=lambda pair: -pair[0].lead.score), top)


def _without_repeats(
    found: Iterable[tuple[ResultGroup, Query]], top: int
) -> list[tuple[ResultGroup, Query]]:
    """Return the first ``top`` groups in which no call stands that an earlier one has."""
    best: list[tuple[ResultGroup, Query]] = []
    seen: set[str] = set()
    for each, own in found:
        if each.lead.document not in seen and len(best) < top:
            best.append((each, own))
            seen |= {hit.document for hit in (each.lead, *each.others)}
    return best


def _best_first(groups: Sequence[ResultGroup]) -> list[ResultGroup]:
    return sorted(groups, key=lambda group: -group.lead.score)


def _explain_best(
    context: MatchContext, best: Sequence[tuple[ResultGroup, Query]], profile: Profile | None
) -> tuple[Match, ...]:
    """Return the match of each group, explained by the project that found it; in their order."""
    matches: dict[str, Match] = {}
    for query in dict.fromkeys(own for _, own in best):
        groups = [each for each, own in best if own is query]
        explained = explain_matches(context, query, groups, profile)
        matches |= {each.lead.document: m for each, m in zip(groups, explained, strict=True)}
    return tuple(matches[each.lead.document] for each, _ in best)


def _find_groups(
    context: MatchContext, find_hits: FindHits, top: int, *, group: bool
) -> Sequence[ResultGroup]:
    """Return the best ``top`` hits, those nearly the same together if ``group`` says so."""
    if group:
        return find_best_groups(find_hits, context.calls, top)
    return [ResultGroup(hit) for hit in find_hits(top)]


def find_named_matches(
    context: MatchContext,
    query: Query,
    named: NamedCalls,
    filters: Filters,
    profile: Profile | None,
) -> tuple[Match, ...]:
    """Return the calls that the text names, in its order, whatever the filters say of them.

    They are scored by what else the text says; one that nothing scores has 0.
    """
    allowed = frozenset(named.shown) & context.searcher.documents
    hits = (
        search_with_feedback(
            context.searcher,
            query,
            context.calls,
            context.opinions,
            len(allowed),
            allowed=allowed,
        )
        if allowed
        else []
    )
    matches = {
        match.call.id: match
        for match in explain_matches(context, query, [ResultGroup(hit) for hit in hits], profile)
    }
    found: list[Match] = []
    for id_ in named.shown:
        call = context.calls[id_]
        facts = context.conditions.facts(call)
        hidden = filters.exclusion_reason(call, context.now, profile, facts)
        match = matches.get(id_) or make_unranked_match(context, query, call, profile)
        found.append(match.model_copy(update={"named": named.named_as(id_, hidden)}))
    return tuple(found)


def make_unranked_match(
    context: MatchContext, query: Query, call: Call, profile: Profile | None
) -> Match:
    """Return the match of a call that is not ranked: without score, evidence or past projects."""
    rounds_only = PriorActivityIndex(context.prior_activity.rounds)
    (prior,) = rounds_only.for_calls(query, [call], context.searcher, context.now)
    return make_match(
        context,
        ResultGroup(Hit(call.id, 0.0, ())),
        Explanation((), ()),
        query.language,
        profile=profile,
        prior=prior,
    )


def explain_matches(
    context: MatchContext, query: Query, groups: Sequence[ResultGroup], profile: Profile | None
) -> tuple[Match, ...]:
    """Return the match of each group's best hit. Explaining takes most of a search's time."""
    explanations = context.searcher.explain(query, [group.lead for group in groups])
    shown = _shown_ids(context, groups)
    read_ahead(context.calls, shown)
    context.modified.fetch(shown)
    calls = [context.calls[group.lead.document] for group in groups]
    context.conditions.fetch(calls)
    prior = context.prior_activity.for_calls(query, calls, context.searcher, context.now)
    return tuple(
        make_match(context, group, explanation, query.language, profile=profile, prior=activity)
        for group, explanation, activity in zip(groups, explanations, prior, strict=True)
    )


def _shown_ids(context: StoredCalls, groups: Sequence[ResultGroup]) -> set[str]:
    """Return the calls that matches show: those found, and their copies."""
    hits = {hit.document for group in groups for hit in (group.lead, *group.others)}
    return hits | {copy for group in groups for copy in context.links.copies(group.lead.document)}


def make_match(
    stored: StoredCalls,
    group: ResultGroup,
    explanation: Explanation,
    language: str,
    *,
    profile: Profile | None = None,
    prior: PriorActivity | None = None,
) -> Match:
    """Put a hit and its explanation into the words of funding. Every match is made here.

    Args:
        stored: the calls; what it lacks, the match does not show.
        group: the hit, and those nearly the same as it.
        explanation: of the hit.
        language: of the pilot's text (ISO 639): titles are in it where they can be.
        profile: what the call's conditions are checked against, if the pilot has one.
        prior: what happened before the call.
    """
    hit, now, arrivals = group.lead, stored.now, stored.arrivals
    call, prior = stored.calls[hit.document], prior or PriorActivity()
    return Match(
        call=make_card(stored, call, language),
        score=hit.score,
        parts=tuple(
            Part(name=part.name, value=part.value, contribution=part.contribution)
            for part in hit.parts
        ),
        evidence=quote_evidence(call, explanation),
        terms=tuple(
            MatchedTerm(pilot=term.query, call=term.document, weight=term.weight)
            for term in explanation.terms
        ),
        gates=_add_nearest(
            stored, call, evaluate_gates(call, now, profile, stored.conditions.facts(call))
        ),
        similar=tuple(
            SimilarCall.from_call(stored.calls[other.document], other.score, now, language)
            for other in group.others
        ),
        first_seen=arrivals.first_seen(call.id) if arrivals else None,
        new=arrivals is not None and arrivals.is_new(call.id, now),
        closing=is_closing(call, now),
        past=prior.projects,
        rounds=prior.round_history.rounds,
        usually=prior.round_history.usually,
        judged=stored.opinions.opinion_on(call.id),
    )


def _add_nearest(stored: StoredCalls, call: Call, gates: Sequence[Gate]) -> tuple[Gate, ...]:
    """Return ``gates``, the silent ones with the sentences of ``call`` that are nearest to them."""
    silent = [gate.name for gate in gates if gate.is_silent]
    if stored.nearest is None or not silent:
        return tuple(gates)
    found = stored.nearest.find(call, silent)
    return tuple(
        gate.model_copy(update={"nearest": found.get(gate.name, ())}) if gate.is_silent else gate
        for gate in gates
    )
