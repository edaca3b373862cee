"""Why a call, in a mail: sentences quoted, words shared, what was paid before, conditions."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.gates import Gate, Verdict
from service.domain.match import Match
from service.domain.reasons import About
from service.mail.safe import line
from service.messages.message import Joined, listed, message
from service.messages.words import Words

_QUOTE, _NAME, _WORD, _SENTENCE = 240, 80, 40, 300
_WORDS = 5
_SAID_ELSEWHERE = frozenset({"status", "deadline", "profile"})
_SIGNS = {Verdict.FAIL: "✕", Verdict.UNKNOWN: "?"}


@dataclass(frozen=True)
class Quote:
    """A sentence verbatim in the reader's quotation marks, whose it is, and its language."""

    whose: str
    text: str
    language: str


def quotes(match: Match, language: str, t: Words) -> tuple[Quote, ...]:
    """Quote the first pair of sentences, the pilot's in ``language``; name the call's section."""
    if not match.evidence:
        return ()
    first = match.evidence[0]
    section = "" if first.call.section == "text" else t.known("section", first.call.section)
    theirs = " · ".join(filter(None, (t("evidence.call"), line(section, _NAME))))
    return (
        Quote(t("evidence.mine"), _quoted(first.pilot.text, t), language),
        Quote(theirs, _quoted(first.call.text, t), first.call.lang),
    )


def told(match: Match, about: About, t: Words) -> str:
    """Say what the match's reasons say about one thing."""
    said = (reason.in_(t.language) for reason in match.reasons if reason.about is about)
    return line(" ".join(said), _SENTENCE)


def shared(match: Match) -> str:
    """List the words that pilot and call share."""
    pairs = [(line(term.pilot, _WORD), line(term.call, _WORD)) for term in match.terms[:_WORDS]]
    return ", ".join(
        mine if mine.lower() == theirs.lower() else f"{mine} – {theirs}" for mine, theirs in pairs
    )


def met(match: Match, t: Words) -> str:
    """Name the conditions that are met; those of time stand in lines of their own."""
    passed = [gate for gate in match.gates if _tells(gate) and gate.verdict is Verdict.PASS]
    names = [message(f"gate.{gate.name}") for gate in passed]
    return t("mail.met", names=listed(names, Joined.COMMAS)) if names else ""


def conditions(match: Match, t: Words) -> tuple[tuple[str, str], ...]:
    """Return the sign of each condition that is not met, and why, with the call's own words."""
    return tuple(
        (_SIGNS[gate.verdict], _condition(gate, t))
        for gate in match.gates
        if _tells(gate) and gate.verdict is not Verdict.PASS
    )


def _tells(gate: Gate) -> bool:
    """Whether a gate says more than the lines above it, or than that the call says nothing."""
    return gate.name not in _SAID_ELSEWHERE and not gate.code.endswith(".silent")


def _condition(gate: Gate, t: Words) -> str:
    verdict = t(f"verdict.{gate.verdict}").lower()
    why = f"{t.known('gate', gate.name)}: {verdict}. {gate.reason_in(t.language)}"
    said = line(why, _SENTENCE)
    return f"{said} {_quoted(gate.quote, t)}" if gate.quote and gate.quote not in why else said


def _quoted(text: str, t: Words) -> str:
    return t("quoted", text=line(text, _QUOTE))
