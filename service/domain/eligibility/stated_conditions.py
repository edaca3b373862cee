"""The conditions of a call as names and short terms, each with the words that state it."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from service.domain.eligibility.facts import Fact, Quote
from service.domain.frozen_model import FrozenModel


class StatedCondition(FrozenModel):
    """One condition that was read in a call."""

    name: str = Field(
        description="applicants, country, consortium, amount, share, duration, trl, stage, invited."
    )
    terms: tuple[str, ...] = Field(description="What it says, such as `max:2000000 SEK`.")
    quote: str = Field(
        description="The words that state it, verbatim; empty for a field of the record."
    )
    confidence: float = Field(ge=0, le=1, description="How sure it is that the call says so.")
    span: Quote | None = Field(default=None, description="Where the words stand in the call.")
    general: bool = Field(
        default=False, description="Whether only a programme's general rules say so."
    )


def list_conditions(facts: Iterable[Fact]) -> tuple[StatedCondition, ...]:
    """Return ``facts`` as conditions, in their order."""
    return tuple(
        StatedCondition(
            name=fact.name,
            terms=tuple(sorted(fact.value.terms())),
            quote=fact.quote.text if fact.quote else "",
            confidence=fact.confidence,
            span=fact.quote,
            general=fact.general,
        )
        for fact in facts
    )
