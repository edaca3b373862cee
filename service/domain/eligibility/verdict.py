"""A gate: one condition, its verdict, and the reason as a code with values for any language."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field, computed_field

from service.domain.eligibility.facts import Fact, Quote
from service.domain.eligibility.gate_messages import Values, gate_message
from service.domain.frozen_model import FrozenModel
from service.messages.message import Message, verbatim
from service.messages.render import english, render
from service.messages.sentence import Sentence


class Verdict(StrEnum):
    """What a gate says; unknown is an answer, not an error."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Gate(FrozenModel):
    """One condition and its verdict; ``quote`` is the call's own wording, empty without one."""

    name: str
    verdict: Verdict
    reason: str = Field(description="Why, in English.")
    quote: str = ""
    spans: tuple[Quote, ...] = Field(
        default=(), description="Where the call says so: code points of the call as stored."
    )
    confidence: float = Field(
        default=1.0, ge=0, le=1, description="How sure it is that the call says so."
    )
    nearest: tuple[Quote, ...] = Field(
        default=(),
        description="Where no sentence was found: those of the call that are nearest to the "
        "question, verbatim, the nearest first. They carry no verdict.",
    )
    code: str = Field(default="", description="The reason as a code, the same in every language.")
    values: Values = Field(default_factory=dict, description="What the reason's words are made of.")

    @property
    def is_silent(self) -> bool:
        """Whether the call states nothing by which the gate could be judged."""
        return self.code.endswith(".silent")

    @computed_field(description="Why, in English and Swedish.")  # type: ignore[prop-decorator]
    @property
    def why(self) -> Sentence:
        """The reason in every language; without a code only the English one is known."""
        return Sentence.of(self.message)

    @property
    def message(self) -> Message:
        """The reason as a message, in no language yet."""
        return gate_message(self.code, self.values) if self.code else verbatim(self.reason)

    def reason_in(self, language: str) -> str:
        """Return the reason in a language."""
        return render(self.message, language)


def make_gate(
    name: str,
    verdict: Verdict,
    code: str,
    values: Values | None = None,
    *,
    facts: Iterable[Fact] = (),
    quote: str = "",
) -> Gate:
    """Return a gate whose reason has the code ``name.code``.

    Args:
        name: the name of the condition.
        verdict: whether it is met.
        code: the reason within the condition.
        values: what fills the reason's sentence.
        facts: the facts that the gate rests on: it quotes them, and has the least confidence of
            any of them.
        quote: the call's wording, where no fact has a quote.
    """
    evidence = tuple(facts)
    spans = tuple(dict.fromkeys(fact.quote for fact in evidence if fact.quote))
    full = f"{name}.{code}"
    filled = dict(values or {})
    if evidence and spans and all(fact.general for fact in evidence):
        filled["action"] = (spans[0].text,)
    return Gate(
        name=name,
        verdict=verdict,
        reason=english(gate_message(full, filled)),
        quote=spans[0].text if spans else quote,
        spans=spans,
        confidence=min((fact.confidence for fact in evidence), default=1.0),
        code=full,
        values=filled,
    )
