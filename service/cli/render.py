"""Matches as text for a terminal: what, why and by when, in that order."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Iterator

from scrapers.call import Funding, Money
from scrapers.counted import counted
from service.domain.gates import Verdict
from service.domain.match import CallCard, Match, MatchList
from service.domain.rates import ConvertedFunding
from service.domain.reasons import About, past_said, quote_said
from service.messages.message import Message
from service.messages.render import english

_WIDEST = 100
_QUOTE = 220
_MARKS = {Verdict.PASS: "+", Verdict.FAIL: "-", Verdict.UNKNOWN: "?"}


def rendered(found: MatchList, clock_note: Message | None = None) -> str:
    """Return ``found`` as lines that fit the terminal."""
    width = terminal()
    lines = [english(clock_note)] if clock_note else []
    lines += map(english, found.notes)
    if not found.matches:
        lines.append("No call matches these filters.")
    for rank, match in enumerate(found.matches, 1):
        lines += ["", *match_lines(f"{rank:>2}. ", match, width)]
    lines += ["", _considered(found)]
    return "\n".join(lines)


def terminal() -> int:
    """Return how many letters fit a line; more than a hundred are hard to read."""
    return min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)


def match_lines(head: str, match: Match, width: int) -> Iterator[str]:
    """Yield the lines that tell a match; ``head`` (four letters) stands before its title."""
    card = match.call
    yield from wrapped(head, f"{clean(card.title)}", width)
    facts = [clean(card.funder), card.level.value, card.status.value]
    facts += [match.judged.value] if match.judged else []
    facts += [name for name, holds in (("new", match.new), ("closes soon", match.closing)) if holds]
    yield "    " + " · ".join(facts)
    yield from _reasons(match, About.FIT, width)
    for gate in match.gates:
        if gate.is_silent:
            continue
        yield from wrapped(f"    {_MARKS[gate.verdict]} ", clean(gate.reason), width)
    yield from _reasons(match, About.SILENT, width, "    ? ")
    amount = money(card.funding)
    if amount:
        yield from wrapped("    ", amount, width)
    for line in converted(card.converted):
        yield from wrapped("    ", line, width)
    for evidence in match.evidence:
        yield from wrapped("    ", clean(english(quote_said(evidence))), width)
    if match.terms:
        shared = [
            t.pilot if t.pilot.lower() == t.call.lower() else f"{t.pilot} – {t.call}"
            for t in match.terms
        ]
        yield from wrapped("    words: ", ", ".join(map(clean, shared)), width)
    parts = " + ".join(f"{part.name} {part.contribution:.3f}" for part in match.parts)
    yield f"    {parts} = {match.score:.3f}"
    if card.curated:
        yield from wrapped("    ", by_hand(card), width)
    yield from _where(card, width)
    yield from _reasons(match, About.USUALLY, width)
    yield from _past(match, width)
    yield from _similar(match, width)


def _where(card: CallCard, width: int) -> Iterator[str]:
    """Say where a call is found, and where else; name other deadlines that are given there."""
    if card.url:
        yield f"    {clean(card.url)}"
    for copy in card.also:
        yield from wrapped("    also: ", f"{clean(copy.funder)}, {clean(copy.id)}", width)
        if copy.contradiction:
            yield from wrapped("          ", clean(copy.contradiction.en), width)
    yield f"    id: {clean(card.id)}"


def _reasons(match: Match, about: About, width: int, head: str = "    ") -> Iterator[str]:
    """Yield what the match's reasons say about one thing."""
    for reason in match.reasons:
        if reason.about is about:
            yield from wrapped(head, clean(reason.en), width)


def _past(match: Match, width: int) -> Iterator[str]:
    """List the projects like the pilot that were paid before, each with why it stands here."""
    for one in match.past:
        nearness = f"{one.similarity:.2f}; {one.award.id}"
        yield from wrapped("    ", clean(f"{english(past_said(one))} ({nearness})"), width)
        if one.evidence:
            yield from wrapped("        ", f"“{short(one.evidence.text)}”", width)


def _similar(match: Match, width: int) -> Iterator[str]:
    """List the calls that are nearly the same as a match."""
    if match.similar:
        yield f"    {counted(len(match.similar), 'similar call')}:"
    for one in match.similar:
        due = one.next_deadline
        by = f", by {due.local():%Y-%m-%d}" if due and due.at else ""
        yield from wrapped("      ", f"{clean(one.title)} ({clean(one.id)}{by})", width)


def by_hand(card: CallCard) -> str:
    """Say since when nobody has compared a curated call with its source."""
    if card.checked_on is None:
        return "Kept by hand, never checked against the source."
    late = ": too long ago to rely on" if card.stale else ""
    return f"Kept by hand, last checked {card.checked_on:%Y-%m-%d}{late}."


def _considered(found: MatchList) -> str:
    line = f"{counted(found.considered, 'call was', 'calls were')} compared"
    if found.left_out:
        reasons = ", ".join(f"{count:,} by {reason}" for reason, count in found.left_out.items())
        line += f"; left out: {reasons} (--all shows every status)"
    return line + "."


def money(funding: Funding | None) -> str:
    """Say what a call pays, in a line; nothing when that is not known."""
    if funding is None:
        return ""
    low, high = funding.minimum, funding.maximum
    said = []
    if low and high and low != high:
        said.append(f"{_amount(low)} to {_amount(high)} a project")
    elif high:
        said.append(f"up to {_amount(high)} a project")
    elif low:
        said.append(f"from {_amount(low)} a project")
    if funding.total:
        said.append(f"{_amount(funding.total)} in all")
    if funding.share_percent is not None:
        said.append(f"at most {funding.share_percent:g} % of the costs")
    if funding.expected_awards:
        number = funding.expected_awards
        said.append(f"about {counted(number, 'award')}")
    return ", ".join(said)


def converted(of: ConvertedFunding | None) -> Iterator[str]:
    """Say each amount in the reader's currency, with its rate."""
    parts = (of.minimum, of.maximum, of.total) if of else ()
    for one in dict.fromkeys(part for part in parts if part):
        rate = f"rate {one.rate.normalize():f}, {one.source} {one.day}"
        yield f"≈ {_amount(one)} ({rate})"


def _amount(money: Money) -> str:
    return f"{money.amount:,.0f} {money.currency}"


def short(text: str) -> str:
    """Return a quotation on one line, cut at a word where it is long."""
    one_line = clean(" ".join(text.split()))
    return textwrap.shorten(one_line, _QUOTE, placeholder=" …")


def clean(text: str) -> str:
    """Take out what could steer a terminal or turn the text around: control and format codes."""
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf") else " " for c in text)


def wrapped(head: str, text: str, width: int) -> list[str]:
    """Return ``text`` in lines of ``width``, the first after ``head`` and the others below it."""
    return textwrap.wrap(
        text, max(width, 40), initial_indent=head, subsequent_indent=" " * len(head)
    ) or [head]
