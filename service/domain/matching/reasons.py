"""Reasons: why a call, put into sentences. Terminal, page, API and mail take their words here."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from service.domain.awards.similar_awards import PastProject
from service.domain.calls.rounds import UsualMonths
from service.domain.eligibility.verdict import Gate, Verdict
from service.domain.matching.fit import Fit, score_decimals
from service.domain.matching.quotes import Evidence
from service.messages.catalogue import SOURCE, catalogue
from service.messages.formats import rounded, whole
from service.messages.message import (
    ListStyle,
    Message,
    Month,
    Value,
    ValueList,
    join_values,
    message,
    verbatim,
)
from service.messages.sentence import Sentence

_MAX_QUOTE_LENGTH = 220
"""Letters of a quotation within a sentence; whole ones stand in the evidence."""

_MAX_TITLE_LENGTH = 100
"""Letters of a project's title within a sentence."""

_TIME_GATES = frozenset({"status", "deadline"})


class ReasonTopic(StrEnum):
    """What a reason is about."""

    FIT = "fit"
    QUOTE = "quote"
    MET = "met"
    FAIL = "fail"
    UNKNOWN = "unknown"
    SILENT = "silent"
    PAST = "past"
    USUALLY = "usually"


class Reason(Sentence):
    """One reason, a sentence in both languages."""

    about: ReasonTopic = Field(
        description="What it is about: whoever shows that otherwise may skip it."
    )


class ExplainedMatch(Protocol):
    """What reasons are taken from: a match, seen from below."""

    @property
    def score(self) -> float:
        """How likely the call is worth reading."""
        ...

    @property
    def parts(self) -> Sequence[object]:
        """What the score is made of; nothing when there is none."""
        ...

    @property
    def fit(self) -> Fit:
        """The score in a word."""
        ...

    @property
    def evidence(self) -> Sequence[Evidence]:
        """Sentences of both, the best pair first."""
        ...

    @property
    def gates(self) -> Sequence[Gate]:
        """The conditions."""
        ...

    @property
    def past(self) -> Sequence[PastProject]:
        """Projects that were paid before, the nearest first."""
        ...

    @property
    def usually(self) -> UsualMonths | None:
        """When the call usually opens."""
        ...


def list_reasons(match: ExplainedMatch) -> tuple[Reason, ...]:
    """Return why the call of ``match``, in the order that a reader needs it.

    How well it fits; the sentences that matter most; conditions that are met, not met and not
    known, and those that the call says nothing of; the nearest project that was paid before; when
    it usually opens. What is not known of a match is left out.
    """
    return tuple(Reason.of(said, about=about) for about, said in _iterate_reasons(match))


def _iterate_reasons(match: ExplainedMatch) -> Iterator[tuple[ReasonTopic, Message]]:
    if match.parts:
        score = rounded(match.score, score_decimals(match.score))
        yield ReasonTopic.FIT, message(f"reason.fit.{match.fit}", score=score)
    for one in match.evidence[:1]:
        yield ReasonTopic.QUOTE, quote_sentence(one)
    yield from gate_reasons(match.gates)
    for project in match.past[:1]:
        yield ReasonTopic.PAST, past_project_sentence(project)
    if match.usually:
        yield ReasonTopic.USUALLY, usual_months_sentence(match.usually)


def quote_sentence(one: Evidence) -> Message:
    """Say what the two texts say, and in which section the call does."""
    section = one.call.section
    known = "reason.quote.section" if section not in ("", "text") else "reason.quote"
    call = _shorten(one.call.text)
    return message(
        "reason.quote.title" if one.call.field == "titles" else known,
        pilot=_shorten(one.pilot.text),
        call=call,
        stop="" if call.endswith((".", "!", "?", "…")) else ".",
        section=section_name(section),
    )


def gate_reasons(gates: Sequence[Gate]) -> Iterator[tuple[ReasonTopic, Message]]:
    """Say which conditions are met, which fail and why, and which are not known and why."""
    met = [g for g in gates if g.verdict is Verdict.PASS and g.name not in _TIME_GATES]
    if met:
        yield ReasonTopic.MET, message("reason.met", names=_join_gate_names(met))
    for gate in gates:
        if gate.verdict is Verdict.FAIL:
            yield ReasonTopic.FAIL, message("reason.fail", reason=gate.message)
    for gate in gates:
        if gate.verdict is Verdict.UNKNOWN and not gate.is_silent:
            # of a pilot without a profile it is said that nothing was checked
            profile = gate.name == "profile"
            why = gate.message if profile else message("reason.unknown", reason=gate.message)
            yield ReasonTopic.UNKNOWN, why
    silent = [gate for gate in gates if gate.is_silent]
    if silent:
        yield ReasonTopic.SILENT, message("reason.silent", names=_join_gate_names(silent))


def past_project_sentence(one: PastProject) -> Message:
    """Say that a project like the pilot was paid: whose it is, how much it got, and when."""
    award = one.award
    facts = [_on_one_line(award.coordinator or ""), _format_grant(award.amount, award.currency)]
    known = [fact for fact in (*facts, str(award.year or "")) if fact]
    said = message("reason.past.facts", facts=join_values(known, ListStyle.COMMAS)) if known else ""
    return message(
        f"reason.past.{one.why}", title=_shorten(award.title, _MAX_TITLE_LENGTH), facts=said
    )


def usual_months_sentence(of: UsualMonths) -> Message:
    """Say in what months a call usually opens or closes, and the years that say so."""
    return message(
        f"reason.usually.{of.what}",
        months=join_values(map(Month, of.months), ListStyle.OR),
        years=join_values(map(str, of.years), ListStyle.COMMAS),
    )


def section_name(name: str) -> Message:
    """Return what a section of a call is called; one with a name of the funder's own keeps it."""
    plain = name.lower().replace("_", " ").replace("-", " ")
    known = catalogue(SOURCE).texts
    return (
        message(f"section.{plain}") if f"section.{plain}" in known else verbatim(_on_one_line(name))
    )


def _join_gate_names(gates: Iterable[Gate]) -> ValueList:
    names = dict.fromkeys(gate.name for gate in gates)
    return join_values((message(f"gate.{name}") for name in names), ListStyle.COMMAS)


def _format_grant(amount: Decimal | None, currency: str | None) -> Value:
    if amount is None or currency is None:
        return ""
    return message("quantity.money", figure=whole(amount), currency=_on_one_line(currency))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _shorten(text: str, most: int = _MAX_QUOTE_LENGTH) -> str:
    """Return ``text`` on one line, cut at a word where it is long."""
    return textwrap.shorten(_on_one_line(text), most, placeholder=" …") or _on_one_line(text)[:most]
