"""Codes in a text: words and numbers joined by hyphens, as topics, calls and files are numbered.

A code reads the same with any kind of hyphen, with underscores or spaces for them, in lower case,
with hidden characters in it, or with a line's end in its middle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from index.text.limits import normalize
from index.text.sentences import Span

_HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_HYPHENS = "\\-\u2010-\u2015\u2212\ufe63\uff0d_"
_TOKEN = re.compile(rf"[^\W_](?:[{_HIDDEN}]*[^\W_])*")
_HIDDEN_RUN = re.compile(rf"[{_HIDDEN}]+")
_TIGHT = re.compile(
    rf"[{_HYPHENS}]{{1,3}}|[{_HYPHENS}]\s{{0,4}}\n\s{{0,4}}|\n\s{{0,4}}[{_HYPHENS}]"
)
_GLUED = re.compile(r"[/.:+&·]")
_LOOSE = re.compile(rf"[\s{_HYPHENS}]{{1,8}}")

_MIN_PARTS = 3
_MIN_DIGITS = 3
_MIN_SHORT_DIGITS = 4


class Joint(IntEnum):
    """How a token of a text is joined to the one before it."""

    APART = 0
    LOOSE = 1
    GLUED = 2
    TIGHT = 3


@dataclass(frozen=True)
class CodeToken:
    """A run of letters and digits, ``word`` casefolded, and how it is joined to the one before."""

    word: str
    start: int
    end: int
    joint: Joint

    @property
    def digits(self) -> int:
        """How many digits are in it."""
        return sum(letter.isdigit() for letter in self.word)

    @property
    def is_number(self) -> bool:
        """Whether it is of digits alone."""
        return self.word.isdigit()


def code_tokens(text: str, stop: int | None = None) -> list[CodeToken]:
    """Return the tokens of ``text``, up to the offset ``stop``."""
    tokens: list[CodeToken] = []
    before = 0
    for match in _TOKEN.finditer(text, 0, len(text) if stop is None else stop):
        start, end = match.span()
        joint = _joint(text[before:start]) if tokens else Joint.APART
        word = _HIDDEN_RUN.sub("", normalize("NFKC", match.group())).casefold()
        tokens.append(CodeToken(word, start, end, joint))
        before = end
    return tokens


def _joint(gap: str) -> Joint:
    gap = _HIDDEN_RUN.sub("", gap)
    if _TIGHT.fullmatch(gap):
        return Joint.TIGHT
    if _GLUED.fullmatch(gap):
        return Joint.GLUED
    return Joint.LOOSE if _LOOSE.fullmatch(gap) else Joint.APART


def tight_runs(tokens: Sequence[CodeToken]) -> Iterator[range]:
    """Yield the runs of ``tokens`` that hyphens join, as ranges of places; single ones too."""
    first = 0
    for place in range(1, len(tokens) + 1):
        if place == len(tokens) or tokens[place].joint is not Joint.TIGHT:
            yield range(first, place)
            first = place


def written_codes(text: str, stop: int | None = None) -> list[Span]:
    """Return what is written like a code in ``text``, whether or not anybody knows it.

    That is three parts or more with three digits or more, or two parts with four, in capitals and
    digits (``RFA-CA-27-001``, ``EU4H-2026``), or a year and a number of five (``2026-01234``).
    A name such as COVID-19 or SARS-CoV-2 is none.
    """
    tokens = code_tokens(text, stop)
    return [
        Span(own[0].start, own[-1].end)
        for run in tight_runs(tokens)
        if is_code(text, own := [tokens[place] for place in run])
    ]


def is_code(text: str, tokens: Sequence[CodeToken]) -> bool:
    """Return whether tokens of ``text`` that hyphens join are written like a code."""
    if is_diary_number([token.word for token in tokens]):
        return True
    digits = sum(token.digits for token in tokens)
    head = text[tokens[0].start : tokens[0].end]
    if len(tokens) < 2 or not (head.isupper() and len(head) > 1):  # noqa: PLR2004  a pair at least
        return False
    least = _MIN_DIGITS if len(tokens) >= _MIN_PARTS else _MIN_SHORT_DIGITS
    return digits >= least


def is_diary_number(words: Sequence[str]) -> bool:
    """Return whether ``words`` are a year and a number of five digits, as agencies number files."""
    match words:
        case [year, number]:
            return bool(re.fullmatch(r"(?:19|20)\d\d", year) and re.fullmatch(r"\d{5}", number))
        case _:
            return False
