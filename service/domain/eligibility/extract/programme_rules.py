"""General rules of programmes, which hold for the type of action that a call names.

The rules are those of the European Commission's general annexes (Horizon Europe and Euratom, work
programme 2026-2027) and of the programmes' own regulations. A call may set other conditions, so
no such fact is sure, and a fact of the call itself takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.project_stages import ProjectStage
from service.domain.eligibility.facts import (
    GENERAL_RULE_CONFIDENCE,
    Applicants,
    Consortium,
    Fact,
    FactValue,
    FundingShare,
    Places,
    Quote,
    Stages,
)

_FIELDS = ("keywords", "identifiers")
_RESEARCHER = Applicants(kinds=(ApplicantKind.INDIVIDUAL,))
_ANY_ORGANISATION = Applicants(kinds=(ApplicantKind.ORGANISATION,))
_THREE_PARTIES = Consortium(parties=3, countries=3)
_EU_AND_ASSOCIATED = Places(allowed=("EU", "AC"))
_EU_MEMBERS = Places(allowed=("EU",))


def _percent(*shares: int) -> tuple[tuple[str, FactValue], ...]:
    return tuple(("share", FundingShare(percent=Decimal(share))) for share in shares)


_OPEN_TO_EUROPE = (("applicants", _ANY_ORGANISATION), ("country", _EU_AND_ASSOCIATED))
_OPEN_TO_CONSORTIA = (*_OPEN_TO_EUROPE, ("consortium", _THREE_PARTIES))


_PATTERNS = load("programme_rules.toml", package=__package__)
_ACTIONS = _PATTERNS.group("actions")
_RULES: dict[str, tuple[tuple[str, FactValue], ...]] = {
    "research_and_innovation": (
        *_OPEN_TO_CONSORTIA,
        *_percent(100),
        ("stage", Stages(stages=(ProjectStage.RESEARCH, ProjectStage.FEASIBILITY))),
    ),
    # companies get 70 %, those that make no profit all of their costs
    "innovation": (
        *_OPEN_TO_CONSORTIA,
        *_percent(70, 100),
        ("stage", Stages(stages=(ProjectStage.PILOT, ProjectStage.DEMONSTRATION))),
    ),
    "coordination_and_support": (*_OPEN_TO_EUROPE, *_percent(100)),
    "pre_commercial_procurement": (*_OPEN_TO_CONSORTIA, *_percent(100)),
    "procurement_of_innovation": (*_OPEN_TO_CONSORTIA, *_percent(50)),
    "cofunded_programme": (*_OPEN_TO_CONSORTIA, *_percent(70)),
    "erc_one_person": (
        ("applicants", _RESEARCHER),
        ("country", _EU_AND_ASSOCIATED),
        *_percent(100),
    ),
    "erc_proof_or_synergy": (("applicants", _RESEARCHER), ("country", _EU_AND_ASSOCIATED)),
    "eic_accelerator": (
        ("applicants", Applicants(kinds=(ApplicantKind.SMALL_COMPANY,))),
        ("country", _EU_AND_ASSOCIATED),
        *_percent(70),
    ),
    "msca_fellowship": (("applicants", _RESEARCHER), ("country", _EU_AND_ASSOCIATED)),
    "msca_network": _OPEN_TO_CONSORTIA,
    "msca_cofund": _OPEN_TO_EUROPE,
    "digital_simple_grant": _percent(50),
    # companies of up to medium size get 75 %
    "digital_sme_support": _percent(50, 75),
    "digital_coordination": _percent(100),
    "defence_research": (("consortium", _THREE_PARTIES), *_percent(100)),
    "defence_development": (("consortium", _THREE_PARTIES),),
}
"""Name and value of each fact of a type of action, by the name of the pattern that finds it."""


def facts(call: Call, own_facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the facts of general rules of each kind that the call's own facts lack."""
    own_names = {fact.name for fact in own_facts}
    for quote, action in _find_actions(call):
        for name, value in _RULES[action]:
            if name not in own_names:
                yield Fact(
                    name=name,
                    value=value,
                    confidence=GENERAL_RULE_CONFIDENCE,
                    quote=quote,
                    general=True,
                )


def _find_actions(call: Call) -> Iterator[tuple[Quote, str]]:
    """Yield each type of action once, with a quote of the record that names it."""
    actions: set[str] = set()
    for field in _FIELDS:
        for entry in getattr(call, field):
            for action, pattern in _ACTIONS.items():
                if action not in actions and pattern.search(entry):
                    actions.add(action)
                    yield _quote(field, entry), action


def _quote(field: str, entry: str) -> Quote:
    return Quote(field=field, lang="en", start=0, end=len(entry), text=entry)
