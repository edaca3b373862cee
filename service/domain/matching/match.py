"""A match of a pilot and a call: one score, and every reason for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

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
from service.domain.matching.candidates import Candidates, select_candidates
from service.domain.matching.feedback import Opinion, search_with_feedback
from service.domain.matching.filters import Filters
from service.domain.matching.fit import Fit
from service.domain.matching.match_context import MatchContext, StoredCalls
from service.domain.matching.other_calls.any_subject import AnySubjectList, find_any_subject
from service.domain.matching.other_calls.hidden_calls import HiddenCalls, find_hidden
from service.domain.matching.prior_activity import PriorActivity, PriorActivityIndex
from service.domain.matching.quotes import Evidence, MatchedTerm, quote_evidence
from service.domain.matching.reasons import Reason, list_reasons
from service.domain.matching.result_groups import ResultGroup, SimilarCall, find_best_groups
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


def find_matches(
    context: MatchContext,
    text: str,
    *,
    filters: Filters | None = None,
    top: int = 10,
    language: str | None = None,
    profile: Profile | None = None,
    group: bool = True,
    dismissed: bool = False,
    wishes: Wishes | None = None,
    counted: Collection[Counted] = (),
) -> MatchList:
    """Rank the calls of ``context`` against ``text`` and explain the best ``top``.

    Args:
        context: the calls; those that its index does not hold yet are left out and counted.
        text: a pilot's text, at least one letter; offsets of evidence point into it.
        filters: the reader's choices; by default calls that are open or open later.
        top: how many matches at most.
        language: ISO 639 code of ``text``; recognised when absent.
        profile: what the calls' conditions are checked against, if the pilot has one.
        group: show calls that are nearly the same as one match.
        dismissed: show also the calls that were judged not relevant.
        wishes: what is excluded, and what of the text is read as it stands.
        counted: kinds of sections of ``text`` that count in full, whatever they are taken to be.
    """
    context, wishes = context.with_opinions_on_copies(), wishes or Wishes()
    names = read_names(text, context.names)
    read = read_text(text, language, names=names.spans, as_written=wishes.as_written)
    query = context.searcher.query(
        read.edited, language, explained=True, counted=counted_kinds(counted)
    )
    chosen = context.pricing.with_rates(filters or Filters())
    candidates = select_candidates(
        context, chosen, query.language, profile=profile, dismissed=dismissed
    )
    named = NamedCalls(names, context.calls, context.links, candidates.leads, context.now)
    exclusions = Exclusions(context.searcher, wishes)
    first = find_named_matches(context, query, named, chosen, profile)[:top]
    best: list[tuple[ResultGroup, Query]] = []
    if names.is_ranked and len(first) < top:
        leads = candidates.leads - named.groups if named.groups else candidates.leads
        best = _find_best(context, query, leads, exclusions, top - len(first), group=group)
    groups = [each for each, _ in best]
    matches = _explain_best(context, best, profile)
    nothing_fits = bool(matches) and matches[0].fit is Fit.WEAK and not first
    sections = text_parts(query)
    warnings = [message("note.nothing_fits")] if nothing_fits else exclusions.notes(groups)
    little = little_note(sections)
    warnings = [little, *warnings] if little else warnings
    shown = _shown_ids(context, groups) | {match.call.id for match in first}
    hidden, any_subject = HiddenCalls(), AnySubjectList()
    if names.is_ranked:  # a code alone says nothing that other calls could be compared with
        hidden = _find_hidden(context, query, candidates, groups)
        any_subject = find_any_subject(context, candidates.leads, shown, profile, query.language)
    return MatchList(
        matches=(*first, *matches),
        language=query.language,
        as_of=context.now,
        considered=candidates.considered,
        left_out=candidates.left_out,
        hidden=hidden,
        any_subject=any_subject,
        nothing_fits=nothing_fits,
        notes=(*query.notes, *context.searcher.notes, *warnings, *candidates.notes, *context.notes),
        named=named.text_names(),
        understood=list_understood(read.understood),
        excluded=exclusions.report(groups, context.calls, context.now, query.language),
        sections=sections,
    )


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
    best: list[tuple[ResultGroup, Query]] = []
    seen: set[str] = set()
    # of equals the order of the search stays
    for each, own in sorted(found, key=lambda pair: -pair[0].lead.score):
        if each.lead.document not in seen and len(best) < top:
            best.append((each, own))
            seen |= {hit.document for hit in (each.lead, *each.others)}
    return best


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
