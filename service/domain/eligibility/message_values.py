"""Facts and profiles as tokens, which fill the sentences of gates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

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
from service.domain.pilots.profile import Profile, WantedGrant


def fact_tokens(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the tokens of what facts require, each once; what they exclude has none."""
    tokens = dict.fromkeys(token for fact in facts for token in _tokens_of(fact))
    return tuple(tokens)


def _tokens_of(fact: Fact) -> Iterator[str]:
    for kind, tokens in _TOKEN_MAKERS:
        if isinstance(fact.value, kind):
            yield from tokens(fact.value)


def _consortium_tokens(value: Consortium) -> Iterator[str]:
    for name, number in value.model_dump().items():
        if number is not None:
            yield f"{name}:{number}-"


def _readiness_tokens(value: Readiness) -> Iterator[str]:
    if value.start:
        yield f"trl:{value.start[0]}-{value.start[1]}"
    if value.end:
        yield f"trlend:{value.end[0]}-{value.end[1]}"


def _amount_token(value: GrantAmount) -> str:
    tag = "yearly" if value.yearly else "money"
    low = "" if value.minimum is None else f"{value.minimum.normalize():f}"
    high = "" if value.maximum is None else f"{value.maximum.normalize():f}"
    return f"{tag}:{value.currency}/{low}/{high}"


_TOKEN_MAKERS: tuple[tuple[type, Callable[[Any], Iterable[str]]], ...] = (
    (Applicants, lambda value: (f"kind:{kind}" for kind in value.kinds)),
    (Places, lambda value: (f"place:{place}" for place in value.allowed)),
    (Consortium, _consortium_tokens),
    (GrantAmount, lambda value: (_amount_token(value),)),
    (FundingShare, lambda value: (f"percent:-{value.percent.normalize():f}",)),
    (Duration, lambda value: (f"months:{value.minimum or ''}-{value.maximum or ''}",)),
    (Readiness, _readiness_tokens),
    (Stages, lambda value: (f"stage:{stage}" for stage in value.stages)),
)


def budget_tokens(budget: WantedGrant | None) -> tuple[str, ...]:
    """Return the token of the wanted grant."""
    if budget is None:
        return ()
    low, high = (f"{figure.normalize():f}" for figure in (budget.amount, budget.maximum))
    return (f"money:{budget.currency}/{low}/{high}",)


def percent_tokens(share: float | None) -> tuple[str, ...]:
    """Return the token of the share of the costs that the grant must pay."""
    return () if share is None else (f"percent:{share:g}",)


def party_tokens(profile: Profile) -> tuple[str, ...]:
    """Return the tokens of the numbers of a pilot's parties, countries and kinds, if it has any."""
    parties = profile.parties
    if not parties:
        return ()
    countries = {p.country[:2] for p in parties if p.country}
    kinds = {p.kind for p in parties if p.kind}
    counts = {"parties": len(parties), "countries": len(countries), "kinds": len(kinds)}
    return tuple(f"{name}:{count}" for name, count in counts.items() if count)
