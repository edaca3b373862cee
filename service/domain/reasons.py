"""Reasons: why a call, put into sentences. Terminal, page, API and mail take their words here."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from service.domain.change import Sentence
from service.domain.fit import Fit, figures
from service.domain.gates.gate import Gate, Verdict
from service.domain.gates.sentences import Values, fill
from service.domain.names import gate_name, months, section_name
from service.domain.past import PastProject
from service.domain.quotes import Evidence
from service.domain.reason_words import OR, say
from service.domain.rounds import Usually

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

    @classmethod
    def of(cls, about: About, said: Sentence) -> Reason:
        """Return ``said`` as a reason."""
        return cls(about=about, en=said.en, sv=said.sv)


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
    return tuple(_reasons(match))


def _reasons(match: Explained) -> Iterator[Reason]:
    if match.parts:
        score = f"{match.score:.{figures(match.score)}f}"
        fit = say(f"fit.{match.fit}", score=Sentence(en=score, sv=score.replace(".", ",")))
        yield Reason.of(About.FIT, fit)
    for one in match.evidence[:1]:
        yield Reason.of(About.QUOTE, quote_said(one))
    yield from gates_said(match.gates)
    for project in match.past[:1]:
        yield Reason.of(About.PAST, past_said(project))
    if match.usually:
        yield Reason.of(About.USUALLY, usually_said(match.usually))


def quote_said(one: Evidence) -> Sentence:
    """Say what the two texts say, and in which section the call does."""
    section = one.call.section
    known = "quote.section" if section not in ("", "text") else "quote"
    told = _short(one.call.text)
    named = Sentence(en=section_name(section, "en"), sv=section_name(section, "sv"))
    return say(
        "quote.title" if one.call.field == "titles" else known,
        pilot=_short(one.pilot.text),
        call=told,
        stop="" if told.endswith((".", "!", "?", "…")) else ".",
        section=Sentence(en=_line(named.en), sv=_line(named.sv)),
    )


def gates_said(gates: Sequence[Gate]) -> Iterator[Reason]:
    """Say which conditions are met, which fail and why, and which are not known and why."""
    met = [g for g in gates if g.verdict is Verdict.PASS and g.name not in _OF_TIME]
    if met:
        yield Reason.of(About.MET, say("met", names=_named(met)))
    for gate in gates:
        if gate.verdict is Verdict.FAIL:
            yield Reason.of(About.FAIL, say("fail", reason=gate.why))
    for gate in gates:
        if gate.verdict is Verdict.UNKNOWN and not gate.silent:
            # of a pilot without a profile it is said that nothing was checked
            why = gate.why if gate.name == "profile" else say("unknown", reason=gate.why)
            yield Reason.of(About.UNKNOWN, why)
    silent = [gate for gate in gates if gate.silent]
    if silent:
        yield Reason.of(About.SILENT, say("silent", names=_named(silent)))


def past_said(one: PastProject) -> Sentence:
    """Say that a project like the pilot was paid: whose it is, how much it got, and when."""
    award = one.award
    facts = [_line(award.coordinator or ""), _sum(award.amount, award.currency), award.year or ""]
    told = Sentence(en=_listed(facts, "en"), sv=_listed(facts, "sv"))
    return say(f"past.{one.why}", title=_short(award.title, _TITLE), facts=told)


def usually_said(of: Usually) -> Sentence:
    """Say in what months a call usually opens or closes, and the years that say so."""
    named = Sentence(
        en=OR.en.join(months("en")[month - 1] for month in of.months),
        sv=OR.sv.join(months("sv")[month - 1] for month in of.months),
    )
    return say(f"usually.{of.what}", months=named, years=", ".join(map(str, of.years)))


def _named(gates: Iterable[Gate]) -> Sentence:
    names = list(dict.fromkeys(gate.name for gate in gates))
    return Sentence(
        en=", ".join(gate_name(name, "en") for name in names),
        sv=", ".join(gate_name(name, "sv") for name in names),
    )


def _sum(amount: Decimal | None, currency: str | None) -> str | Sentence:
    if amount is None or currency is None:
        return ""
    figure = f"{amount.quantize(Decimal(1)) if amount % 1 == 0 else amount:f}"
    values: Values = {"sum": (f"money:{_line(currency)}/{figure}/{figure}",)}
    return Sentence(en=fill("{sum}", values, "en"), sv=fill("{sum}", values, "sv"))


def _listed(facts: Iterable[str | int | Sentence], language: str) -> str:
    """Return what is known in brackets; nothing when nothing is."""
    said = [one.in_(language) if isinstance(one, Sentence) else str(one) for one in facts]
    known = ", ".join(filter(None, said))
    return f" ({known})" if known else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str, most: int = _LONGEST) -> str:
    """Return ``text`` on one line, cut at a word where it is long."""
    return textwrap.shorten(_line(text), most, placeholder=" …") or _line(text)[:most]
