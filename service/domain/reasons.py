"""Reasons: why a call, put into sentences. Terminal, page, API and mail take their words here."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from service.domain.fit import Fit, figures
from service.domain.gates.gate import Gate, Verdict
from service.domain.past import PastProject
from service.domain.quotes import Evidence
from service.domain.rounds import Usually
from service.messages.catalogue import SOURCE, catalogue
from service.messages.formats import rounded, whole
from service.messages.message import (
    Joined,
    Message,
    Month,
    Several,
    Value,
    listed,
    message,
    verbatim,
)
from service.messages.sentence import Sentence

_LONGEST = 220
"""Letters of a quotation within a sentence; whole ones stand in the evidence."""

_TITLE = 100
"""Letters of a project's title within a sentence."""

_OF_TIME = frozenset({"status", "deadline"})


class About(StrEnum):
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

    about: About = Field(description="What it is about: whoever shows that otherwise may skip it.")


class Explained(Protocol):
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
    def usually(self) -> Usually | None:
        """When the call usually opens."""
        ...


def reasons(match: Explained) -> tuple[Reason, ...]:
    """Return why the call of ``match``, in the order that a reader needs it.

    How well it fits; the sentences that matter most; conditions that are met, not met and not
    known, and those that the call says nothing of; the nearest project that was paid before; when
    it usually opens. What is not known of a match is left out.
    """
    return tuple(Reason.from_text(said, about=about) for about, said in _reasons(match))


def _reasons(match: Explained) -> Iterator[tuple[About, Message]]:
    if match.parts:
        score = rounded(match.score, figures(match.score))
        yield About.FIT, message(f"reason.fit.{match.fit}", score=score)
    for one in match.evidence[:1]:
        yield About.QUOTE, quote_said(one)
    yield from gates_said(match.gates)
    for project in match.past[:1]:
        yield About.PAST, past_said(project)
    if match.usually:
        yield About.USUALLY, usually_said(match.usually)


def quote_said(one: Evidence) -> Message:
    """Say what the two texts say, and in which section the call does."""
    section = one.call.section
    known = "reason.quote.section" if section not in ("", "text") else "reason.quote"
    call = _short(one.call.text)
    return message(
        "reason.quote.title" if one.call.field == "titles" else known,
        pilot=_short(one.pilot.text),
        call=call,
        stop="" if call.endswith((".", "!", "?", "…")) else ".",
        section=section_name(section),
    )


def gates_said(gates: Sequence[Gate]) -> Iterator[tuple[About, Message]]:
    """Say which conditions are met, which fail and why, and which are not known and why."""
    met = [g for g in gates if g.verdict is Verdict.PASS and g.name not in _OF_TIME]
    if met:
        yield About.MET, message("reason.met", names=_named(met))
    for gate in gates:
        if gate.verdict is Verdict.FAIL:
            yield About.FAIL, message("reason.fail", reason=gate.message)
    for gate in gates:
        if gate.verdict is Verdict.UNKNOWN and not gate.is_silent:
            # of a pilot without a profile it is said that nothing was checked
            profile = gate.name == "profile"
            why = gate.message if profile else message("reason.unknown", reason=gate.message)
            yield About.UNKNOWN, why
    silent = [gate for gate in gates if gate.is_silent]
    if silent:
        yield About.SILENT, message("reason.silent", names=_named(silent))


def past_said(one: PastProject) -> Message:
    """Say that a project like the pilot was paid: whose it is, how much it got, and when."""
    award = one.award
    facts = [_line(award.coordinator or ""), _sum(award.amount, award.currency)]
    known = [fact for fact in (*facts, str(award.year or "")) if fact]
    said = message("reason.past.facts", facts=listed(known, Joined.COMMAS)) if known else ""
    return message(f"reason.past.{one.why}", title=_short(award.title, _TITLE), facts=said)


def usually_said(of: Usually) -> Message:
    """Say in what months a call usually opens or closes, and the years that say so."""
    return message(
        f"reason.usually.{of.what}",
        months=listed(map(Month, of.months), Joined.OR),
        years=listed(map(str, of.years), Joined.COMMAS),
    )


def section_name(name: str) -> Message:
    """Return what a section of a call is called; one with a name of the funder's own keeps it."""
    plain = name.lower().replace("_", " ").replace("-", " ")
    known = catalogue(SOURCE).texts
    return message(f"section.{plain}") if f"section.{plain}" in known else verbatim(_line(name))


def _named(gates: Iterable[Gate]) -> Several:
    names = dict.fromkeys(gate.name for gate in gates)
    return listed((message(f"gate.{name}") for name in names), Joined.COMMAS)


def _sum(amount: Decimal | None, currency: str | None) -> Value:
    if amount is None or currency is None:
        return ""
    return message("quantity.money", figure=whole(amount), currency=_line(currency))


def _line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str, most: int = _LONGEST) -> str:
    """Return ``text`` on one line, cut at a word where it is long."""
    return textwrap.shorten(_line(text), most, placeholder=" …") or _line(text)[:most]
