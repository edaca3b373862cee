"""Facts and profiles as the tokens that sentences are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from service.domain.facts import (
    Amount,
    Applicants,
    Consortium,
    Duration,
    Fact,
    Places,
    Readiness,
    Share,
    Stages,
)
from service.domain.profile import Profile, Wanted


def asked(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return what the facts ask for, each thing once; nothing for what they exclude."""
    found = dict.fromkeys(token for fact in facts for token in _of(fact))
    return tuple(found)


def _of(fact: Fact) -> Iterator[str]:
    for kind, tokens in _TOKENS:
        if isinstance(fact.value, kind):
            yield from tokens(fact.value)


def _consortium(value: Consortium) -> Iterator[str]:
    for name, number in value.model_dump().items():
        if number is not None:
            yield f"{name}:{number}-"


def _readiness(value: Readiness) -> Iterator[str]:
    if value.start:
        yield f"trl:{value.start[0]}-{value.start[1]}"
    if value.end:
        yield f"trlend:{value.end[0]}-{value.end[1]}"


def _money(value: Amount) -> str:
    tag = "yearly" if value.yearly else "money"
    low = "" if value.minimum is None else f"{value.minimum.normalize():f}"
    high = "" if value.maximum is None else f"{value.maximum.normalize():f}"
    return f"{tag}:{value.currency}/{low}/{high}"


_TOKENS: tuple[tuple[type, Callable[[Any], Iterable[str]]], ...] = (
    (Applicants, lambda value: (f"kind:{kind}" for kind in value.kinds)),
    (Places, lambda value: (f"place:{place}" for place in value.allowed)),
    (Consortium, _consortium),
    (Amount, lambda value: (_money(value),)),
    (Share, lambda value: (f"percent:-{value.percent.normalize():f}",)),
    (Duration, lambda value: (f"months:{value.minimum or ''}-{value.maximum or ''}",)),
    (Readiness, _readiness),
    (Stages, lambda value: (f"stage:{stage}" for stage in value.stages)),
)


def wanted(budget: Wanted | None) -> tuple[str, ...]:
    """Return the grant that is wanted."""
    if budget is None:
        return ()
    low, high = (f"{figure.normalize():f}" for figure in (budget.amount, budget.maximum))
    return (f"money:{budget.currency}/{low}/{high}",)


def percent(share: float | None) -> tuple[str, ...]:
    """Return the share that is needed."""
    return () if share is None else (f"percent:{share:g}",)


def company(profile: Profile) -> tuple[str, ...]:
    """Return how many the pilot has of parties, countries and kinds; nothing when none is named."""
    parties = profile.parties
    if not parties:
        return ()
    lands = {p.country[:2] for p in parties if p.country}
    kinds = {p.kind for p in parties if p.kind}
    found = {"parties": len(parties), "countries": len(lands), "kinds": len(kinds)}
    return tuple(f"{name}:{count}" for name, count in found.items() if count)
