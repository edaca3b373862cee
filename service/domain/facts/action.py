"""What a programme's general rules say of a type of action that a call only names.

The rules are those of the European Commission's general annexes (Horizon Europe and Euratom, work
programme 2026-2027) and of the programmes' own regulations. A call may set other conditions, so
no such fact is sure, and what the call itself says of a thing takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scrapers.call import Call
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


@dataclass(frozen=True)
class _Action:
    """A type of action by the words that name it, and the facts that hold for it."""

    named: re.Pattern[str]
    rules: tuple[tuple[str, Value], ...]


def _action(named: str, *rules: tuple[str, Value]) -> _Action:
    return _Action(re.compile(named, re.IGNORECASE), rules)


_HORIZON = r"^(?:HORIZON(?: JU)?|EURATOM)\s+"
_ACTIONS = (
    _action(
        _HORIZON + r"Research and Innovation Actions",
        *_TOGETHER,
        *_percent(100),
        ("stage", Stages(stages=(Stage.RESEARCH, Stage.FEASIBILITY))),
    ),
    # companies get 70 %, those that make no profit all of their costs
    _action(
        _HORIZON + r"Innovation Actions",
        *_TOGETHER,
        *_percent(70, 100),
        ("stage", Stages(stages=(Stage.PILOT, Stage.DEMONSTRATION))),
    ),
    _action(_HORIZON + r"Coordination and Support Actions", *_OPEN, *_percent(100)),
    _action(r"^HORIZON (?:JU )?Pre-?commercial Procurement", *_TOGETHER, *_percent(100)),
    _action(r"^HORIZON (?:JU )?Public Procurement of Innovat", *_TOGETHER, *_percent(50)),
    _action(r"^HORIZON Programme Cofund", *_TOGETHER, *_percent(70)),
    _action(
        r"^HORIZON ERC (?!Proof|Synergy)|^ERC-\d{4}-(?:STG|COG|ADG)$",
        ("applicants", _RESEARCHER),
        ("country", _EUROPE),
        *_percent(100),
    ),
    _action(
        r"^HORIZON ERC (?:Proof|Synergy)|^ERC-\d{4}-(?:POC|SYG)",
        ("applicants", _RESEARCHER),
        ("country", _EUROPE),
    ),
    _action(
        r"^HORIZON EIC Accelerator|^HORIZON-EIC-\d{4}-ACCELERATOR",
        ("applicants", Applicants(kinds=(Kind.SMALL_COMPANY,))),
        ("country", _EUROPE),
        *_percent(70),
    ),
    _action(
        r"MSCA Postdoctoral Fellowships|^HORIZON-MSCA-\d{4}-PF-",
        ("applicants", _RESEARCHER),
        ("country", _EUROPE),
    ),
    _action(
        r"MSCA (?:Doctoral Networks|Staff Exchanges)|^HORIZON-MSCA-\d{4}-(?:DN|SE)-",
        *_TOGETHER,
    ),
    _action(r"MSCA Cofund|^HORIZON-MSCA-\d{4}-COFUND", *_OPEN),
    _action(r"^DIGITAL (?:JU )?Simple Grants", *_percent(50)),
    # companies of up to medium size get 75 %
    _action(r"^DIGITAL (?:JU )?SME Support", *_percent(50, 75)),
    _action(r"^DIGITAL (?:JU )?Coordination and Support", *_percent(100)),
    _action(r"^EDF Research Actions", ("consortium", _THREE), *_percent(100)),
    _action(r"^EDF Development Actions", ("consortium", _THREE)),
)


def facts(call: Call, said: Sequence[Fact]) -> Iterator[Fact]:
    """Yield what general rules say where the call, which ``said`` is read from, says nothing."""
    known = {fact.name for fact in said}
    for quote, action in _named(call):
        for name, value in action.rules:
            if name not in known:
                yield Fact(name=name, value=value, confidence=GENERAL, quote=quote, general=True)


def _named(call: Call) -> Iterator[tuple[Quote, _Action]]:
    """Yield each type of action once, with where the record names it."""
    found: set[re.Pattern[str]] = set()
    for field in _FIELDS:
        for entry in getattr(call, field):
            for action in _ACTIONS:
                if action.named not in found and action.named.search(entry):
                    found.add(action.named)
                    yield _quote(field, entry), action


def _quote(field: str, entry: str) -> Quote:
    return Quote(field=field, lang="en", start=0, end=len(entry), text=entry)
