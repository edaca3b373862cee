"""Why a call was recommended, in sentences that API, pages, mails and terminal show."""

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
from service.domain.matching.fit import Fit
from service.domain.matching.quotes import Evidence
from service.messages.catalogue import SOURCE, catalogue
from service.messages.formats import whole
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
"""Characters of a quotation within a sentence; the evidence has all of it."""

_MAX_TITLE_LENGTH = 100
"""Characters of a project's title within a sentence."""

_TIME_GATES = frozenset({"status", "deadline"})
_OPENS_LATER = frozenset({"status.opens", "status.forthcoming"})
"""Codes of a call that opens later: it is marked as such, and no reason against it."""


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
    """A match, as far as reasons need it; `Match` itself imports this module."""

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
    """Return why the call of ``match`` was recommended, in the order that a reader needs it.

    How well it fits; the pair of sentences that shows why, or that there is none; conditions that
    are met, not met and not known, and those that the call does not mention; the nearest project
    that was paid before; when it usually opens. What else is not known is left out.
    """
    return tuple(Reason.of(sentence, about=topic) for topic, sentence in _iterate_reasons(match))


def _iterate_reasons(match: ExplainedMatch) -> Iterator[tuple[ReasonTopic, Message]]:
    if match.parts:
        yield ReasonTopic.FIT, message(f"reason.fit.{match.fit}")
    if match.evidence:
        yield ReasonTopic.QUOTE, quote_sentence(match.evidence[0])
    elif match.parts:
        yield ReasonTopic.QUOTE, message("evidence.none")
    yield from gate_reasons(match.gates)
    for project in match.past[:1]:
        yield ReasonTopic.PAST, past_project_sentence(project)
    if match.usually:
        yield ReasonTopic.USUALLY, usual_months_sentence(match.usually)


def quote_sentence(pair: Evidence) -> Message:
    """Return a sentence that quotes both texts and names the section of the call."""
    section = pair.call.section
    call = _shorten(pair.call.text)
    if pair.call.field == "titles":
        key = "reason.quote.title"
    else:
        key = "reason.quote.section" if section not in ("", "text") else "reason.quote"
    return message(
        key,
        pilot=_shorten(pair.pilot.text),
        call=call,
        stop="" if call.endswith((".", "!", "?", "…")) else ".",
        section=section_name(section),
    )


def gate_reasons(gates: Sequence[Gate]) -> Iterator[tuple[ReasonTopic, Message]]:
    """Yield which conditions are met, which fail and why, and which are not known and why."""
    met = [g for g in gates if g.verdict is Verdict.PASS and g.name not in _TIME_GATES]
    if met:
        yield ReasonTopic.MET, message("reason.met", names=_join_gate_names(met))
    for gate in gates:
        if gate.verdict is Verdict.FAIL and gate.code not in _OPENS_LATER:
            yield ReasonTopic.FAIL, message("reason.fail", reason=gate.message)
    for gate in gates:
        if gate.verdict is Verdict.UNKNOWN and not gate.is_silent:
            # without a profile, the gate's own message already says that nothing was checked
            whole = gate.name == "profile"
            sentence = gate.message if whole else message("reason.unknown", reason=gate.message)
            yield ReasonTopic.UNKNOWN, sentence
    silent = [gate for gate in gates if gate.is_silent]
    if silent:
        yield ReasonTopic.SILENT, message("reason.silent", names=_join_gate_names(silent))


def past_project_sentence(project: PastProject) -> Message:
    """Return that a project like the pilot was paid: whose it is, how much it got, and when."""
    award = project.award
    values = (
        _on_one_line(award.coordinator or ""),
        _format_grant(award.amount, award.currency),
        str(award.year or ""),
    )
    known = [value for value in values if value]
    facts = (
        message("reason.past.facts", facts=join_values(known, ListStyle.COMMAS)) if known else ""
    )
    return message(
        f"reason.past.{project.why}", title=_shorten(award.title, _MAX_TITLE_LENGTH), facts=facts
    )


def usual_months_sentence(usual: UsualMonths) -> Message:
    """Return in what months a call usually opens or closes, and in which years it did."""
    return message(
        f"reason.usually.{usual.what}",
        months=join_values(map(Month, usual.months), ListStyle.OR),
        years=join_values(map(str, usual.years), ListStyle.COMMAS),
    )


def section_name(name: str) -> Message:
    """Return the name of a section of a call; a name that is the funder's own stays as it is."""
    plain = name.lower().replace("_", " ").replace("-", " ")
    if f"section.{plain}" in catalogue(SOURCE).texts:
        return message(f"section.{plain}")
    return verbatim(_on_one_line(name))


def _join_gate_names(gates: Iterable[Gate]) -> ValueList:
    names = dict.fromkeys(gate.name for gate in gates)
    return join_values((message(f"gate.{name}") for name in names), ListStyle.COMMAS)


def _format_grant(amount: Decimal | None, currency: str | None) -> Value:
    if amount is None or currency is None:
        return ""
    return message("quantity.money", figure=whole(amount), currency=_on_one_line(currency))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _shorten(text: str, length: int = _MAX_QUOTE_LENGTH) -> str:
    """Return ``text`` on one line, cut at a word where it is long."""
    return (
        textwrap.shorten(_on_one_line(text), length, placeholder=" …")
        or _on_one_line(text)[:length]
    )
