"""Comparison of a call's facts with a profile: a function for each kind of fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.countries import COUNTRY_GROUPS
from service.domain.eligibility.facts import (
    Applicants,
    Consortium,
    Duration,
    Fact,
    FundingShare,
    GrantAmount,
    Places,
    Readiness,
    Stages,
)
from service.domain.eligibility.verdict import Verdict
from service.domain.pilots.profile import Profile

_UNIVERSITIES = {ApplicantKind.PUBLIC_UNIVERSITY, ApplicantKind.PRIVATE_UNIVERSITY}
_INCLUDED_KINDS: dict[ApplicantKind, set[ApplicantKind]] = {
    ApplicantKind.ORGANISATION: set(ApplicantKind) - {ApplicantKind.INDIVIDUAL},
    ApplicantKind.UNRESTRICTED: set(ApplicantKind),
    ApplicantKind.RESEARCH: _UNIVERSITIES,
    # Swedish regions give care, and every other kind but a person may
    ApplicantKind.CARE: {ApplicantKind.REGION},
}
_POSSIBLE_KINDS: dict[ApplicantKind, set[ApplicantKind]] = {
    ApplicantKind.CARE: set(ApplicantKind) - {ApplicantKind.INDIVIDUAL},
    # a person applies through the organisation where they work
    ApplicantKind.INDIVIDUAL: set(ApplicantKind),
    **{kind: {ApplicantKind.RESEARCH, ApplicantKind.CARE} for kind in _UNIVERSITIES},
    ApplicantKind.STATE: {
        ApplicantKind.RESEARCH,
        ApplicantKind.CARE,
        ApplicantKind.PUBLIC_UNIVERSITY,
    },
    ApplicantKind.MUNICIPALITY: {ApplicantKind.CARE},
    ApplicantKind.REGION: {ApplicantKind.CARE},
    ApplicantKind.SMALL_COMPANY: {ApplicantKind.CARE, ApplicantKind.RESEARCH},
    ApplicantKind.LARGE_COMPANY: {ApplicantKind.CARE, ApplicantKind.RESEARCH},
    ApplicantKind.CIVIL_SOCIETY: {ApplicantKind.CARE, ApplicantKind.RESEARCH},
}
_VAGUE_KINDS = {ApplicantKind.ORGANISATION, ApplicantKind.UNRESTRICTED}

Comparison = tuple[Verdict, list[Fact]]
"""A verdict, and the facts that it rests on."""


def compare_applicants(facts: Sequence[Fact], kinds: Sequence[ApplicantKind]) -> Comparison:
    """Return whether one of ``kinds`` may apply, and by which facts.

    A list fails them only when it is sure and meant to be complete.
    """
    applicant_facts = [fact for fact in facts if isinstance(fact.value, Applicants)]
    excluding = [f for f in applicant_facts if f.is_sure and set(kinds) <= set(_excluded_kinds(f))]
    if excluding:
        return Verdict.FAIL, excluding
    welcoming = [f for f in applicant_facts if welcome_kinds([f], kinds)]
    if welcoming:
        return Verdict.PASS, welcoming
    listed_kinds = _named_kinds(applicant_facts)
    may_be_meant = any(
        kind in _POSSIBLE_KINDS.get(one, set()) for one in listed_kinds for kind in kinds
    )
    complete = [
        f
        for f in applicant_facts
        if f.is_sure and _applicants_of(f).closed and _applicants_of(f).kinds
    ]
    if complete and not may_be_meant and not _VAGUE_KINDS & set(kinds):
        return Verdict.FAIL, complete
    return Verdict.UNKNOWN, applicant_facts


def welcome_kinds(
    facts: Sequence[Fact], kinds: Sequence[ApplicantKind]
) -> tuple[ApplicantKind, ...]:
    """Return those of ``kinds`` that the facts name and none excludes."""
    listed = _named_kinds(facts)
    excluded = {kind for fact in facts for kind in _excluded_kinds(fact)}
    accepted = listed | {kind for name in listed for kind in _INCLUDED_KINDS.get(name, set())}
    return tuple(kind for kind in kinds if kind in accepted - excluded)


def compare_countries(facts: Sequence[Fact], homes: Sequence[str]) -> Comparison:
    """Return whether applicants of the places ``homes`` may apply, and by which facts."""
    place_facts = [(fact, fact.value) for fact in facts if isinstance(fact.value, Places)]
    excluding = [
        fact
        for fact, value in place_facts
        if fact.is_sure and all(_lies_in(h, value.excluded) for h in homes)
    ]
    if excluding:
        return Verdict.FAIL, excluding
    lists = _merge_county_lists(place_facts)
    if not lists:
        return Verdict.PASS, [fact for fact, _ in place_facts]
    fitting = [fact for fact, value in lists if any(_lies_in(h, value.allowed) for h in homes)]
    if len(fitting) == len(lists):
        return Verdict.PASS, fitting
    outside = [fact for fact, value in lists if fact not in fitting]
    # which countries are associated differs from call to call, and which county one is in
    open_ended = any(_may_contain(h, value.allowed) for _, value in lists for h in homes)
    if fitting or open_ended or not all(fact.is_sure for fact in outside):
        return Verdict.UNKNOWN, [fact for fact, _ in lists]
    return Verdict.FAIL, outside


def _merge_county_lists(place_facts: list[tuple[Fact, Places]]) -> list[tuple[Fact, Places]]:
    """Return the lists of places; counties that each have a line of their own are one list."""
    lists = [(fact, value) for fact, value in place_facts if value.allowed]
    counties = [(f, v) for f, v in lists if all(p.startswith("SE-") for p in v.allowed)]
    everywhere = Places(allowed=tuple(p for _, value in counties for p in value.allowed))
    return [(f, everywhere if (f, v) in counties else v) for f, v in lists]


def compare_consortium(value: object, profile: Profile) -> Verdict:
    """Return whether organisations and partners form the consortium that the call requires."""
    if not isinstance(value, Consortium):
        return Verdict.UNKNOWN
    parties = profile.parties
    countries = {p.country[:2] for p in parties if p.country}
    without_country = sum(p.country is None for p in parties)
    kinds = {p.kind for p in parties if p.kind}
    without_kind = sum(p.kind is None for p in parties)
    verdicts = [
        _compare_count(len(parties), 0, value.parties),
        _compare_count(len(countries), without_country, value.countries),
        _compare_count(len(kinds), without_kind, value.kinds),
    ]
    if Verdict.FAIL in verdicts:
        return Verdict.UNKNOWN if profile.partners is None else Verdict.FAIL
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.PASS


def _compare_count(known: int, unknown: int, required: int | None) -> Verdict:
    if required is None or known >= required:
        return Verdict.PASS
    return Verdict.UNKNOWN if known + unknown >= required else Verdict.FAIL


def are_contradictory(facts: Iterable[Fact]) -> bool:
    """Whether amounts of the same currency and period differ."""
    figures_by_side: dict[tuple[str, bool, str], set[Decimal]] = {}
    for fact in facts:
        value = fact.value
        if isinstance(value, GrantAmount):
            for side in ("minimum", "maximum"):
                figure = getattr(value, side)
                if figure is not None:
                    figures_by_side.setdefault((value.currency, value.yearly, side), set()).add(
                        figure
                    )
    return any(len(figures) > 1 for figures in figures_by_side.values())


def compare_amount(value: object, profile: Profile) -> Verdict | None:
    """Return whether the wanted grant lies within ``value``; None if they cannot be compared."""
    wanted = profile.budget
    if not isinstance(value, GrantAmount) or wanted is None or wanted.currency != value.currency:
        return None
    low, high = wanted.amount, wanted.maximum
    if value.yearly:
        if profile.months is None:
            return Verdict.UNKNOWN
        low, high = (figure * 12 / profile.months for figure in (low, high))
    too_much = value.maximum is not None and low > value.maximum
    too_little = value.minimum is not None and high < value.minimum
    return Verdict.FAIL if too_much or too_little else Verdict.PASS


def compare_value(value: object, profile: Profile) -> Verdict:
    """Return whether a share, duration, readiness level or stage fits that of the profile."""
    fits = True
    if isinstance(value, FundingShare) and profile.share_percent is not None:
        fits = Decimal(str(profile.share_percent)) <= value.percent
    elif isinstance(value, Duration) and profile.months is not None:
        return _compare_duration(value, profile.months)
    elif isinstance(value, Readiness) and profile.trl is not None:
        return _compare_readiness(value, profile.trl)
    elif isinstance(value, Stages) and profile.stage is not None:
        fits = profile.stage in value.stages
    return Verdict.PASS if fits else Verdict.FAIL


def _compare_duration(value: Duration, months: int) -> Verdict:
    if value.maximum is not None and months > value.maximum:
        return Verdict.FAIL
    if value.minimum is None or months >= value.minimum:
        return Verdict.PASS
    # "for five years" is a ceiling as often as a rule
    return Verdict.UNKNOWN if value.minimum == value.maximum else Verdict.FAIL


def _compare_readiness(value: Readiness, level: int) -> Verdict:
    """Return whether work at ``level`` lies between the start and the end that the call pays for.

    Work past the start and before the end fits. Whether work at the end fits, or past a start
    without an end, is unknown.
    """
    if value.start and level < value.start[0]:
        return Verdict.FAIL
    if value.end is None:
        return Verdict.PASS if value.start and level <= value.start[1] else Verdict.UNKNOWN
    if level >= value.end[1]:
        return Verdict.FAIL if level > value.end[1] else Verdict.UNKNOWN
    return Verdict.PASS


def only_exclude(facts: Iterable[Fact]) -> bool:
    """Whether the facts exclude rather than list."""
    return any(getattr(fact.value, "excluded", ()) for fact in facts)


def _applicants_of(fact: Fact) -> Applicants:
    return fact.value if isinstance(fact.value, Applicants) else Applicants()


def _excluded_kinds(fact: Fact) -> tuple[ApplicantKind, ...]:
    return _applicants_of(fact).excluded


def _named_kinds(facts: Iterable[Fact]) -> set[ApplicantKind]:
    return {kind for fact in facts for kind in _applicants_of(fact).kinds}


def _lies_in(home: str, places: Iterable[str]) -> bool:
    """Whether ``home`` lies in one of ``places``: itself, its country, or a group it is in."""
    country = home[:2]
    return any(p in (home, country) or country in COUNTRY_GROUPS.get(p, ()) for p in places)


def _may_contain(home: str, places: Iterable[str]) -> bool:
    """Whether one of ``places`` may contain ``home``, though that is not known."""
    return any(p == "AC" or (len(home) == 2 and p.startswith(f"{home}-")) for p in places)  # noqa: PLR2004  a country's code
