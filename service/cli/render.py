"""Matches as text for a terminal: what, why and by when, in that order."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Iterator

from scrapers.call import Funding, Money, Status
from scrapers.plurals import count_noun
from service.domain.calls.exchange_rates import ConvertedFunding
from service.domain.eligibility.verdict import Verdict
from service.domain.matching.call_card import CallCard
from service.domain.matching.match import Match, MatchList
from service.domain.matching.reasons import ReasonTopic, past_project_sentence, quote_sentence
from service.messages.message import Message, message
from service.messages.render import english

_MAX_WIDTH = 100
_MAX_QUOTE_LENGTH = 220
_MARKS = {Verdict.PASS: "+", Verdict.FAIL: "-", Verdict.UNKNOWN: "?"}


def render_matches(results: MatchList, clock_note: Message | None = None) -> str:
    """Return ``results`` as lines that fit the terminal."""
    width = terminal_width()
    lines = [english(clock_note)] if clock_note else []
    lines += map(english, results.notes)
    if results.hidden.sentence:
        lines.append(results.hidden.sentence.en)
    told = [
        *(one.sentence for one in results.understood),
        *(one.sentence for one in results.named),
        *(one.sentence for one in results.excluded),
    ]
    for sentence in told:
        lines += wrap_lines("", strip_controls(sentence.en), width)
    if not results.matches and not results.named and not results.excluded:
        lines.append("No call matches these filters.")
    for rank, match in enumerate(results.matches, 1):
        lines += ["", *match_lines(f"{rank:>2}. ", match, width)]
    lines += ["", _considered_line(results)]
    return "\n".join(lines)


def terminal_width() -> int:
    """Return the width of the terminal in letters, at most 100: longer lines are hard to read."""
    return min(shutil.get_terminal_size((_MAX_WIDTH, 24)).columns, _MAX_WIDTH)


def match_lines(head: str, match: Match, width: int, *, near: int = 1) -> Iterator[str]:
    """Yield the lines of a match.

    Args:
        head: comes before its title: four letters.
        match: what is shown.
        width: of the terminal.
        near: sentences shown for a condition that no sentence was found about.
    """
    card = match.call
    yield from wrap_lines(head, f"{strip_controls(card.title)}", width)
    yield "    " + " · ".join(_state_words(match))
    yield from _fit_lines(match, width)
    for gate in match.gates:
        if gate.is_silent:
            continue
        yield from wrap_lines(f"    {_MARKS[gate.verdict]} ", strip_controls(gate.reason), width)
    yield from _reason_lines(match, ReasonTopic.SILENT, width, "    ? ")
    for gate in match.gates:
        label = english(message(f"gate.{gate.name}")).lower()
        for quote in gate.nearest[:near]:
            yield from wrap_lines("      ", f"nearest, {label}: “{shorten(quote.text)}”", width)
    amount = funding_text(card.funding)
    if amount:
        yield from wrap_lines("    ", amount, width)
    for line in converted_lines(card.converted):
        yield from wrap_lines("    ", line, width)
    yield from _quote_lines(match, width)
    if match.terms:
        shared = [
            t.pilot if t.pilot.lower() == t.call.lower() else f"{t.pilot} – {t.call}"
            for t in match.terms
        ]
        yield from wrap_lines("    words: ", ", ".join(map(strip_controls, shared)), width)
    parts = " + ".join(f"{part.name} {part.contribution:.3f}" for part in match.parts)
    yield f"    {parts} = {match.score:.3f}"
    if card.curated:
        yield from wrap_lines("    ", curated_note(card), width)
    yield from _place_lines(card, width)
    yield from _reason_lines(match, ReasonTopic.USUALLY, width)
    yield from _past_lines(match, width)
    yield from _similar_lines(match, width)


def _state_words(match: Match) -> list[str]:
    """Return whose call it is and how it stands, with the day when it opens if that is ahead."""
    card = match.call
    words = [strip_controls(card.funder), card.level.value, card.status.value]
    if card.opens and card.status is Status.FORTHCOMING:
        words.append(f"opens {card.opens:%Y-%m-%d}")
    words += [match.judged.value] if match.judged else []
    return words + [name for name, on in (("new", match.new), ("closes soon", match.closing)) if on]


def _fit_lines(match: Match, width: int) -> Iterator[str]:
    """Yield that the text names the call, if it does, and how well it fits what else it says."""
    if match.named:
        yield from wrap_lines("    ", strip_controls(match.named.sentence.en), width)
    if match.parts or not match.named:
        yield from _reason_lines(match, ReasonTopic.FIT, width)


def _quote_lines(match: Match, width: int) -> Iterator[str]:
    """Yield each pair of sentences, or that no sentence shows why."""
    for evidence in match.evidence:
        yield from wrap_lines("    ", strip_controls(english(quote_sentence(evidence))), width)
    if not match.evidence:
        yield from _reason_lines(match, ReasonTopic.QUOTE, width)


def _place_lines(card: CallCard, width: int) -> Iterator[str]:
    """Yield a call's address and id, and its copies with other deadlines that they give."""
    if card.url:
        yield f"    {strip_controls(card.url)}"
    for copy in card.also:
        yield from wrap_lines(
            "    also: ", f"{strip_controls(copy.funder)}, {strip_controls(copy.id)}", width
        )
        if copy.contradiction:
            yield from wrap_lines("          ", strip_controls(copy.contradiction.en), width)
    yield f"    id: {strip_controls(card.id)}"


def _reason_lines(
    match: Match, about: ReasonTopic, width: int, head: str = "    "
) -> Iterator[str]:
    """Yield what the match's reasons say about one topic."""
    for reason in match.reasons:
        if reason.about is about:
            yield from wrap_lines(head, strip_controls(reason.en), width)


def _past_lines(match: Match, width: int) -> Iterator[str]:
    """List the projects like the pilot that were paid before, each with why it is shown."""
    for one in match.past:
        source = f"{one.similarity:.2f}; {one.award.id}"
        yield from wrap_lines(
            "    ", strip_controls(f"{english(past_project_sentence(one))} ({source})"), width
        )
        if one.evidence:
            yield from wrap_lines("        ", f"“{shorten(one.evidence.text)}”", width)


def _similar_lines(match: Match, width: int) -> Iterator[str]:
    """List the calls that are nearly the same as a match."""
    if match.similar:
        yield f"    {count_noun(len(match.similar), 'similar call')}:"
    for one in match.similar:
        due = one.next_deadline
        by = f", by {due.local():%Y-%m-%d}" if due and due.at else ""
        yield from wrap_lines(
            "      ", f"{strip_controls(one.title)} ({strip_controls(one.id)}{by})", width
        )


def curated_note(card: CallCard) -> str:
    """Say when somebody last compared a curated call with its source."""
    if card.checked_on is None:
        return "Kept by hand, never checked against the source."
    late = ": too long ago to rely on" if card.stale else ""
    return f"Kept by hand, last checked {card.checked_on:%Y-%m-%d}{late}."


def _considered_line(results: MatchList) -> str:
    line = f"{count_noun(results.considered, 'call was', 'calls were')} compared"
    if results.left_out:
        reasons = ", ".join(f"{count:,} by {reason}" for reason, count in results.left_out.items())
        line += f"; left out: {reasons} (--all shows every status)"
    return line + "."


def funding_text(funding: Funding | None) -> str:
    """Say what a call pays, in a line; nothing when that is not known."""
    if funding is None:
        return ""
    low, high = funding.minimum, funding.maximum
    parts = []
    if low and high and low != high:
        parts.append(f"{_amount_text(low)} to {_amount_text(high)} a project")
    elif high:
        parts.append(f"up to {_amount_text(high)} a project")
    elif low:
        parts.append(f"from {_amount_text(low)} a project")
    if funding.total:
        parts.append(f"{_amount_text(funding.total)} in all")
    if funding.share_percent is not None:
        parts.append(f"at most {funding.share_percent:g} % of the costs")
    if funding.expected_awards:
        number = funding.expected_awards
        parts.append(f"about {count_noun(number, 'award')}")
    return ", ".join(parts)


def converted_lines(funding: ConvertedFunding | None) -> Iterator[str]:
    """Yield each amount in the reader's currency, with its rate."""
    parts = (funding.minimum, funding.maximum, funding.total) if funding else ()
    for amount in dict.fromkeys(part for part in parts if part):
        rate = f"rate {amount.rate.normalize():f}, {amount.source} {amount.day}"
        yield f"≈ {_amount_text(amount)} ({rate})"


def _amount_text(money: Money) -> str:
    return f"{money.amount:,.0f} {money.currency}"


def shorten(text: str) -> str:
    """Return a quotation on one line, cut at a word where it is long."""
    one_line = strip_controls(" ".join(text.split()))
    return textwrap.shorten(one_line, _MAX_QUOTE_LENGTH, placeholder=" …")


def strip_controls(text: str) -> str:
    """Replace control and format codes, which could steer a terminal or turn the text around."""
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf") else " " for c in text)


def wrap_lines(head: str, text: str, width: int) -> list[str]:
    """Return ``text`` in lines of ``width``, the first after ``head`` and the others below it."""
    return textwrap.wrap(
        text, max(width, 40), initial_indent=head, subsequent_indent=" " * len(head)
    ) or [head]


def wrap_whole_words(head: str, text: str) -> list[str]:
    """Return ``text`` in lines that fit the terminal; no hyphen breaks, so ids can be copied."""
    line = strip_controls(" ".join(text.split()))
    return textwrap.wrap(
        line,
        max(terminal_width(), 40),
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_on_hyphens=False,
    ) or [head]
