"""Why a call, in a mail: sentences quoted, words shared, what was paid before, conditions."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.eligibility.verdict import Gate, Verdict
from service.domain.matching.match import Match
from service.domain.matching.reasons import ReasonTopic
from service.mail.safe_text import one_line
from service.messages.message import ListStyle, join_values, message
from service.messages.words import Words

_MAX_QUOTE_LENGTH, _MAX_SECTION_LENGTH, _MAX_WORD_LENGTH, _MAX_CONDITION_LENGTH = 240, 80, 40, 300
_MAX_SHARED_WORDS = 5
_GATES_SHOWN_ELSEWHERE = frozenset({"status", "deadline", "profile"})
_VERDICT_SIGNS = {Verdict.FAIL: "✕", Verdict.UNKNOWN: "?"}


@dataclass(frozen=True)
class QuoteView:
    """A sentence verbatim in the reader's quotation marks, whose it is, and its language."""

    whose: str
    text: str
    language: str


def quote_views(match: Match, language: str, t: Words) -> tuple[QuoteView, ...]:
    """Quote the first pair of sentences, the pilot's in ``language``; name the call's section."""
    if not match.evidence:
        return ()
    first = match.evidence[0]
    section = "" if first.call.section == "text" else t.known("section", first.call.section)
    theirs = " · ".join(filter(None, (t("evidence.call"), one_line(section, _MAX_SECTION_LENGTH))))
    return (
        QuoteView(t("evidence.mine"), _quote_words(first.pilot.text, t), language),
        QuoteView(theirs, _quote_words(first.call.text, t), first.call.lang),
    )


def reason_text(match: Match, about: ReasonTopic, t: Words) -> str:
    """Say what the match's reasons say about one thing."""
    said = (reason.in_(t.language) for reason in match.reasons if reason.about is about)
    return one_line(" ".join(said), _MAX_CONDITION_LENGTH)


def shared_words(match: Match) -> str:
    """List the words that pilot and call share."""
    pairs = [
        (one_line(term.pilot, _MAX_WORD_LENGTH), one_line(term.call, _MAX_WORD_LENGTH))
        for term in match.terms[:_MAX_SHARED_WORDS]
    ]
    return ", ".join(
        mine if mine.lower() == theirs.lower() else f"{mine} – {theirs}" for mine, theirs in pairs
    )


def met_conditions(match: Match, t: Words) -> str:
    """Name the conditions that are met; those of time stand in lines of their own."""
    passed = [
        gate for gate in match.gates if _adds_information(gate) and gate.verdict is Verdict.PASS
    ]
    names = [message(f"gate.{gate.name}") for gate in passed]
    return t("mail.met", names=join_values(names, ListStyle.COMMAS)) if names else ""


def unmet_conditions(match: Match, t: Words) -> tuple[tuple[str, str], ...]:
    """Return the sign of each condition that is not met, and why, with the call's own words."""
    return tuple(
        (_VERDICT_SIGNS[gate.verdict], _condition_text(gate, t))
        for gate in match.gates
        if _adds_information(gate) and gate.verdict is not Verdict.PASS
    )


def _adds_information(gate: Gate) -> bool:
    """Whether a gate says more than the lines above it, or than that the call says nothing."""
    return gate.name not in _GATES_SHOWN_ELSEWHERE and not gate.code.endswith(".silent")


def _condition_text(gate: Gate, t: Words) -> str:
    verdict = t(f"verdict.{gate.verdict}").lower()
    why = f"{t.known('gate', gate.name)}: {verdict}. {gate.reason_in(t.language)}"
    said = one_line(why, _MAX_CONDITION_LENGTH)
    return f"{said} {_quote_words(gate.quote, t)}" if gate.quote and gate.quote not in why else said


def _quote_words(text: str, t: Words) -> str:
    return t("quoted", text=one_line(text, _MAX_QUOTE_LENGTH))
