"""What a programme's general rules say of a type of action that a call only names.

The rules are those of the European Commission's general annexes (Horizon Europe and Euratom, work
programme 2026-2027) and of the programmes' own regulations. A call may set other conditions, so
no such fact is sure, and what the call itself says of a thing takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.facts.record import (
    GENERAL,
    Applicants,
    Consortium,
    Fact,
    Kind,
    Places,
    Quote,
    Share,
    Stage,
    Stages,
    Value,
)

_FIELDS = ("keywords", "identifiers")
_RESEARCHER = Applicants(kinds=(Kind.INDIVIDUAL,))
_ANY = Applicants(kinds=(Kind.ORGANISATION,))
_THREE = Consortium(parties=3, countries=3)
_EUROPE = Places(allowed=("EU", "AC"))
_MEMBERS = Places(allowed=("EU",))


def _percent(*shares: int) -> tuple[tuple[str, Value], ...]:
    return tuple(("share", Share(percent=Decimal(share))) for share in shares)


_OPEN = (("applicants", _ANY), ("country", _EUROPE))
_TOGETHER = (*_OPEN, ("consortium", _THREE))


_PATTERNS = load("action.toml", package=__package__)
_ACTIONS = _PATTERNS.group("actions")
_RULES: dict[str, tuple[tuple[str, Value], ...]] = {
    "research_and_innovation": (
        *_TOGETHER,
        *_percent(100),
        ("stage", Stages(stages=(Stage.RESEARCH, Stage.FEASIBILITY))),
    ),
    # companies get 70 %, those that make no profit all of their costs
    "innovation": (
        *_TOGETHER,
        *_percent(70, 100),
        ("stage", Stages(stages=(Stage.PILOT, Stage.DEMONSTRATION))),
    ),
    "coordination_and_support": (*_OPEN, *_percent(100)),
    "pre_commercial_procurement": (*_TOGETHER, *_percent(100)),
    "procurement_of_innovation": (*_TOGETHER, *_percent(50)),
    "cofunded_programme": (*_TOGETHER, *_percent(70)),
    "erc_one_person": (("applicants", _RESEARCHER), ("country", _EUROPE), *_percent(100)),
    "erc_proof_or_synergy": (("applicants", _RESEARCHER), ("country", _EUROPE)),
    "eic_accelerator": (
        ("applicants", Applicants(kinds=(Kind.SMALL_COMPANY,))),
        ("country", _EUROPE),
        *_percent(70),
    ),
    "msca_fellowship": (("applicants", _RESEARCHER), ("country", _EUROPE)),
    "msca_network": _TOGETHER,
    "msca_cofund": _OPEN,
    "digital_simple_grant": _percent(50),
    # companies of up to medium size get 75 %
    "digital_sme_support": _percent(50, 75),
    "digital_coordination": _percent(100),
    "defence_research": (("consortium", _THREE), *_percent(100)),
    "defence_development": (("consortium", _THREE),),
}
"""What holds for a type of action, by the name of the pattern that finds it: (fact, value)."""


def facts(call: Call, said: Sequence[Fact]) -> Iterator[Fact]:
    """Yield what general rules say where the call, which ``said`` is read from, says nothing."""
    known = {fact.name for fact in said}
    for quote, action in _named(call):
        for name, value in _RULES[action]:
            if name not in known:
                yield Fact(name=name, value=value, confidence=GENERAL, quote=quote, general=True)


def _named(call: Call) -> Iterator[tuple[Quote, str]]:
    """Yield each type of action once, with where the record names it."""
    found: set[str] = set()
    for field in _FIELDS:
        for entry in getattr(call, field):
            for action, pattern in _ACTIONS.items():
                if action not in found and pattern.search(entry):
                    found.add(action)
                    yield _quote(field, entry), action


def _quote(field: str, entry: str) -> Quote:
    return Quote(field=field, lang="en", start=0, end=len(entry), text=entry)
