"""Sentences of a text, as offsets, so that every quotation can be checked."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAX_LENGTH = 600
"""Characters after which a sentence without a full stop is cut at a space."""

# A stop, perhaps closing quotes, then white space; or a line's end; or a stop glued to the next
# capital, as portals leave it when they strip markup. Every repeat is bounded.
_BOUNDARY = re.compile(r"[.!?…][\"'”’»)\]]{0,3}(?=\s)|\n|[a-zåäöéü)][.!?:](?=[A-ZÅÄÖ][a-zåäö])")

_MIN_LENGTH = 25
"""Characters below which a sentence is a heading or a fragment."""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,2000}")

_ABBREVIATIONS = frozenset(
    "t.ex bl.a m.fl d.v.s dvs o.s.v osv s.k f.d m.m kl ca nr st resp inkl exkl max min "
    "e.g i.e etc et al no vs art fig dr prof approx incl".split()
)


@dataclass(frozen=True)
class Span:
    """``text[start:end]``, in code points."""

    start: int
    end: int

    def shift(self, by: int) -> Span:
        """Return the span ``by`` code points further on."""
        return Span(self.start + by, self.end + by)


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences of ``text[start:end]`` in order, without surrounding white space."""
    stop = len(text) if end is None else end
    spans: list[Span] = []
    begin = start
    for match in _BOUNDARY.finditer(text, start, stop):
        if _is_abbreviation(text, begin, match.start(), match.group()):
            continue
        spans.extend(_trim(text, begin, match.end()))
        begin = match.end()
    spans.extend(_trim(text, begin, stop))
    return spans


def _is_abbreviation(text: str, begin: int, stop: int, mark: str) -> bool:
    """Whether the full stop at ``stop`` belongs to a word such as "t.ex." or a lone number."""
    if not mark.startswith("."):
        return False
    before = text[max(begin, stop - 12) : stop].split()
    word = before[-1].lower().lstrip("(") if before else ""
    follower = text[stop + len(mark) : stop + len(mark) + 2].strip()[:1]
    return word in _ABBREVIATIONS or (word.isdigit() and len(word) < 3 and follower.islower())  # noqa: PLR2004  "den 3. maj" but not a year


def _trim(text: str, start: int, end: int) -> list[Span]:
    """Strip white space and cut what is far too long at spaces; nothing for blanks."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    spans: list[Span] = []
    while end - start > _MAX_LENGTH:
        cut = text.rfind(" ", start + 1, start + _MAX_LENGTH)
        cut = cut if cut > start else start + _MAX_LENGTH
        spans.append(Span(start, cut))
        start = cut + (text[cut] == " ")
    return [*spans, Span(start, end)] if end > start else spans


def is_prose(text: str, span: Span, share: float = 0.6) -> bool:
    """Return whether at least ``share`` of ``text[start:end]`` is letters outside of addresses."""
    piece = text[span.start : span.end]
    prose = _ADDRESS.sub("", piece)
    letters = sum(character.isalpha() for character in prose)
    return letters >= share * len(piece)


def prose_sentences(text: str, span: Span) -> list[Span]:
    """Return the sentences of ``text`` within ``span`` that can be quoted: those that are prose.

    Headings and fragments are left out unless there is nothing else.
    """
    sentences = split_sentences(text, span.start, span.end)
    prose = [s for s in sentences if s.end - s.start >= _MIN_LENGTH and is_prose(text, s)]
    return prose or sentences or [span]
