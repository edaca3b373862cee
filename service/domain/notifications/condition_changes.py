"""Conditions that differ between two versions of a call, read from their texts.

A funder that changes who may apply often changes a sentence and no field. Texts are edited for a
comma all the time, so what is compared is what the sentences say, not their words.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from scrapers.call import Call
from service.domain.calls.history import Change, ChangeKind, change_of, change_with_sentence
from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.facts import LIKELY_CONFIDENCE, Fact
from service.domain.eligibility.gate_messages import message_fields
from service.domain.eligibility.message_values import fact_tokens
from service.messages.message import Message, message

_FIELD_OF = {
    "applicants": "eligibility",
    "amount": "funding.maximum",
    "share": "funding.share_percent",
    "invitation": "invited_only",
}
"""The field of a record that a condition is also kept in: told from there, it is not told twice."""


@dataclass(frozen=True)
class _Condition:
    """What a call asks for, by one fact: short terms, and its words for people."""

    terms: frozenset[str]
    asked: Message | None


def compare_conditions(before: Call, after: Call) -> tuple[Change, ...]:
    """Return the conditions that the texts of two versions state differently.

    Only what is stated as a rule counts. A version whose text is the same is not read.
    """
    if (before.texts, before.sections, before.titles) == (
        after.texts,
        after.sections,
        after.titles,
    ):
        return ()
    was, now = (_conditions(extract_facts(call)) for call in (before, after))
    return tuple(
        _condition_change(name, was.get(name), now.get(name))
        for name in dict.fromkeys((*now, *was))
        if _terms(was.get(name)) != _terms(now.get(name))
    )


def _terms(condition: _Condition | None) -> frozenset[str]:
    return frozenset() if condition is None else condition.terms


def _conditions(facts: Collection[Fact]) -> dict[str, _Condition]:
    """Return the conditions that are stated as rules, by the name of their fact."""
    by_name: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.confidence > LIKELY_CONFIDENCE and not fact.general:
            by_name.setdefault(fact.name, []).append(fact)
    return {name: _condition(some) for name, some in by_name.items()}


def _condition(facts: Collection[Fact]) -> _Condition:
    terms = frozenset(term for fact in facts for term in fact.value.terms())
    tokens = fact_tokens(facts)
    asked = message("condition.asked", **message_fields({"asked": tokens})) if tokens else None
    return _Condition(terms, asked)


def _condition_change(name: str, was: _Condition | None, now: _Condition | None) -> Change:
    field = _FIELD_OF.get(name, f"conditions.{name}")
    title = message(f"gate.{name}")
    before, after = (one.asked if one else None for one in (was, now))
    if (was and before is None) or (now and after is None) or before == after:
        # what is excluded has no words of its own
        old, new = (", ".join(sorted(_terms(one))) for one in (was, now))
        return change_with_sentence(field, old, new, message("change.condition", name=title))
    change = change_of(field, title, before, after)
    return change.model_copy(update={"kind": ChangeKind.CHANGED}) if was and now else change
