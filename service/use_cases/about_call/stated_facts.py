"""The conditions of a call in a reader's words, each with the sentence that states it."""

from __future__ import annotations

from pydantic import Field

from service.context import Context
from service.domain.eligibility.facts import Applicants, Fact, InvitationOnly, Places, Quote
from service.domain.eligibility.gate_messages import message_fields
from service.domain.eligibility.message_values import fact_tokens
from service.domain.frozen_model import FrozenModel
from service.errors import UnknownCallError
from service.messages.message import ListStyle, Message, Value, join_values, message
from service.messages.sentence import Sentence


class StatedFact(FrozenModel):
    """A condition of a call: what it is about, what it says, and the words that say so."""

    gate: str = Field(description="applicants, country, consortium, amount and so on.")
    says: Sentence
    quote: Quote | None = Field(
        description="The words that state it, verbatim; null for a field of the record."
    )
    is_sure: bool = Field(description="Whether the call states it as a rule.")
    general: bool = Field(description="Whether only a programme's general rules say so.")


def list_stated_facts(context: Context, call_id: str) -> tuple[StatedFact, ...]:
    """Return the conditions that were read in a call, in their order, each once.

    Raises:
        UnknownCallError: there is no such call.
    """
    call = context.calls.get(call_id)
    if call is None:
        raise UnknownCallError(call_id)
    found: dict[tuple[str, str, str], StatedFact] = {}
    for fact in context.calls.condition_reader().facts(call):
        says = describe_fact(fact)
        if says is None:
            continue
        stated = StatedFact(
            gate="invitation" if isinstance(fact.value, InvitationOnly) else fact.name,
            says=Sentence.of(says),
            quote=fact.quote,
            is_sure=fact.is_sure,
            general=fact.general,
        )
        found.setdefault(
            (stated.gate, stated.says.en, fact.quote.text if fact.quote else ""), stated
        )
    return tuple(found.values())


def describe_fact(fact: Fact) -> Message | None:
    """Return what a condition says in words; None when it says nothing that can be worded."""
    if isinstance(fact.value, InvitationOnly):
        return message("call.says.invited") if fact.value.only else None
    tokens = fact_tokens([fact])
    excluded = _excluded_tokens(fact)
    if not tokens and not excluded:
        return None
    if not excluded:
        return message("call.says", what=_worded(tokens))
    if not tokens:
        return message("call.says.not", what=_worded(excluded))
    return message("call.says.but", what=_worded(tokens), but=_worded(excluded))


def _excluded_tokens(fact: Fact) -> tuple[str, ...]:
    if isinstance(fact.value, Applicants):
        return tuple(f"kind:{kind}" for kind in fact.value.excluded)
    if isinstance(fact.value, Places):
        return tuple(f"place:{place}" for place in fact.value.excluded)
    return ()


def _worded(tokens: tuple[str, ...]) -> Value:
    """Return tokens in words; what may be one of several is joined with "or"."""
    return message_fields({"what": tokens})["what"] if tokens else join_values((), ListStyle.AND)
