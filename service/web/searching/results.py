"""The answer to a search as its page shows it: in sections, with chips, facets and orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scrapers.call import Status
from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.matching.facets.facet_counts import CallFacets
from service.domain.matching.facets.order import MatchOrder
from service.domain.matching.fit import Fit
from service.domain.matching.match import Match, MatchList, MatchOptions, RankedCalls
from service.domain.pilots.pilot import Pilot
from service.messages.message import Message, message
from service.messages.words import Words
from service.use_cases.calls import known_funders
from service.use_cases.conditions import list_applicants
from service.use_cases.match import search_text
from service.web import forms
from service.web.forms import SearchForm
from service.web.searching.choices import Chip, FacetGroup, list_chips, list_facets

MOST_EXPLAINED = 12
"""Matches that are explained on the page itself; others have a page for that."""


@dataclass(frozen=True)
class ResultSections:
    """Matches by what a reader does with them: apply now, note for later, or hardly look at."""

    now: tuple[Match, ...]
    later: tuple[Match, ...]
    weak: tuple[Match, ...]

    @classmethod
    def of(cls, matches: Sequence[Match]) -> ResultSections:
        """Sort matches; one that the text names is never among the weak."""
        fitting = [one for one in matches if one.named or one.fit is not Fit.WEAK]
        later = tuple(one for one in fitting if one.call.status is Status.FORTHCOMING)
        return cls(
            now=tuple(one for one in fitting if one.call.status is not Status.FORTHCOMING),
            later=later,
            weak=tuple(one for one in matches if not one.named and one.fit is Fit.WEAK),
        )


@dataclass(frozen=True)
class SearchResults:
    """What a page of matches is made of."""

    found: MatchList
    sections: ResultSections
    facets: CallFacets | None
    groups: tuple[FacetGroup, ...]
    chips: tuple[Chip, ...]
    applicants: Mapping[str, tuple[ApplicantKind, ...]]
    notes: tuple[Message, ...] = ()
    orders: tuple[str, ...] = field(default=tuple(one.value for one in MatchOrder))

    @property
    def has_more(self) -> bool:
        """Whether more calls may fit than are shown, with those under another."""
        shown = (*self.sections.now, *self.sections.later)
        count = sum(1 + len(match.similar) for match in shown)
        return self.facets is not None and self.facets.total > count

    @property
    def explained(self) -> frozenset[str]:
        """The calls whose whole explanation stands on the page."""
        shown = (*self.sections.now, *self.sections.later)[:MOST_EXPLAINED]
        return frozenset(match.call.id for match in shown)


def find_results(
    context: Context, text: str, form: SearchForm, t: Words, pilot: Pilot | None = None
) -> SearchResults:
    """Search with a text and a reader's choices.

    Args:
        context: the stores and the index.
        text: what to match.
        form: the choices.
        t: the reader's words.
        pilot: the stored pilot whose text it is, if it is one's.

    Raises:
        InputError: the text cannot be used, or there are no calls.
        SnapshotError: there is no sound index.
    """
    funders = known_funders(context)
    known, notes = without_unknown_funders(form, funders)
    ranked = search_text(context, text, _options(known, pilot), pilot.id if pilot else "")
    return _results(context, ranked, known, (*notes, *amount_notes(ranked.facets, known)), t)


def without_unknown_funders(
    form: Any, funders: Mapping[str, str]
) -> tuple[Any, tuple[Message, ...]]:
    """Return ``form`` without funders that there are no more, and notes that say so."""
    gone = [one for one in form.funder if one not in funders]
    if not gone:
        return form, ()
    left = tuple(one for one in form.funder if one in funders)
    notes = tuple(message("note.filter.funder", funder=one) for one in gone)
    return form.model_copy(update={"funder": left}), notes


def amount_notes(facets: CallFacets | None, form: Any) -> tuple[Message, ...]:
    """Return what a reader must know of amounts that were not compared."""
    if facets is None or not form.bounds_amounts or form.unstated != "keep":
        return ()
    notes = []
    if facets.unstated:
        notes.append(message("note.amount.unstated", count=facets.unstated))
    if facets.uncompared:
        notes.append(message("note.amount.uncompared", count=facets.uncompared))
    return tuple(notes)


def _options(form: SearchForm, pilot: Pilot | None) -> MatchOptions:
    if pilot is None:
        return form.options()
    return form.options(profile=pilot.profile, language=pilot.language, exclude=pilot.exclude)


def _results(
    context: Context,
    ranked: RankedCalls,
    form: SearchForm,
    notes: tuple[Message, ...],
    t: Words,
) -> SearchResults:
    found, funders = ranked.found, known_funders(context)
    shown = {match.call.id for match in found.matches}
    shown |= {one.call.id for one in found.any_subject.calls}
    groups = list_facets(form, ranked.facets, funders, t) if ranked.facets else ()
    return SearchResults(
        found=found,
        sections=ResultSections.of(found.matches),
        facets=ranked.facets,
        groups=groups,
        chips=list_chips(form, funders, t),
        applicants=list_applicants(context, shown),
        notes=notes,
    )


def sort_links(form: SearchForm) -> dict[str, dict[str, Any]]:
    """Return for each order the parameters of the link that sorts by it."""
    parts = {name: value for name, value in forms.as_link(form).items() if name != "sort"}
    return {
        one.value: parts | ({} if one is MatchOrder.FIT else {"sort": one.value})
        for one in MatchOrder
    }
