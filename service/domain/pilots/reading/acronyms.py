"""Acronyms of health and research, and what they stand for in Swedish and in English.

`acronyms.tsv` has a line for each meaning. One with beginnings of words holds only in a text that
has one of them, and comes before the usual meaning; one for a language holds in texts in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.text.sentences import Span

_WORD = re.compile(r"[^\W_]+(?:[&-][^\W_]+)*")
_MOST_CAPITALS = 0.5
_MIN_SHOUTED_WORDS = 4
_SIDE = 80
"""Characters before and after an acronym in brackets that may spell it out."""


@dataclass(frozen=True)
class AcronymMeaning:
    """What an acronym stands for; ``cues`` are beginnings of words that must be in the text."""

    acronym: str
    only_in: str
    swedish: str
    english: str
    cues: tuple[str, ...]

    def in_language(self, language: str) -> str:
        """Return the long form in a language: in English where there is none in it."""
        return {"sv": self.swedish}.get(language, self.english)

    def holds_in(self, folded: str, language: str) -> bool:
        """Return whether it is meant in a text, casefolded, in a language."""
        if self.only_in and language != self.only_in:
            return False
        return not self.cues or any(re.search(rf"\b{re.escape(cue)}", folded) for cue in self.cues)

    def is_spelled_out_in(self, folded: str) -> bool:
        """Return whether a text, casefolded, has the long form itself."""
        return self.swedish.casefold() in folded or self.english.casefold() in folded


@dataclass(frozen=True)
class FoundAcronym:
    """An acronym at ``span`` of a text, and its meaning there."""

    span: Span
    meaning: AcronymMeaning


@cache
def acronym_meanings() -> dict[str, tuple[AcronymMeaning, ...]]:
    """Return the meanings of each acronym, in the order in which they are tried."""
    found: dict[str, tuple[AcronymMeaning, ...]] = {}
    lines = files(__package__).joinpath("acronyms.tsv").read_text("utf-8").splitlines()
    for line in lines[1:]:
        acronym, only_in, swedish, english, cues = line.split("\t")
        meaning = AcronymMeaning(
            acronym, only_in, swedish, english, tuple(filter(None, cues.split(",")))
        )
        found[acronym] = (*found.get(acronym, ()), meaning)
    return found


def find_acronyms(text: str, language: str, stop: int | None = None) -> Iterator[FoundAcronym]:
    """Yield the first of each acronym that ``text`` does not spell out itself, up to ``stop``.

    Args:
        text: any text.
        language: ISO 639 code; of words written in capitals that are acronyms in one language only.
        stop: where to stop looking.
    """
    meanings, folded = acronym_meanings(), text.casefold()
    seen: set[str] = set()
    for match in _WORD.finditer(text, 0, len(text) if stop is None else stop):
        acronym = _acronym_of(match.group())
        if acronym is None or acronym in seen or _is_shouted(text, match.span()):
            continue
        seen.add(acronym)
        held = (one for one in meanings[acronym] if one.holds_in(folded, language))
        meaning = next(held, None)
        span = Span(match.start(), match.start() + len(acronym))
        if meaning is None or meaning.is_spelled_out_in(folded) or _is_explained(text, span):
            continue
        yield FoundAcronym(span, meaning)


def _acronym_of(word: str) -> str | None:
    """Return the acronym that a word is or begins with, as in KOL-patienter."""
    meanings = acronym_meanings()
    if word in meanings:
        return word
    head, hyphen, rest = word.partition("-")
    return head if hyphen and head in meanings and rest.islower() else None


def _is_shouted(text: str, span: tuple[int, int]) -> bool:
    """Return whether a word stands in a line of capitals, where any word looks like an acronym."""
    start, end = text.rfind("\n", 0, span[0]) + 1, text.find("\n", span[1])
    line = text[max(start, span[0] - 300) : (end if end >= 0 else len(text))][:600]
    words = [word for word in _WORD.findall(line) if word.isalpha()]
    shouted = sum(word.isupper() and len(word) > 1 for word in words)
    return len(words) >= _MIN_SHOUTED_WORDS and shouted > _MOST_CAPITALS * len(words)


def _is_explained(text: str, span: Span) -> bool:
    """Return whether brackets spell an acronym out: "akut njurskada (AKI)", "AKI (akut ...)"."""
    letters = [letter for letter in text[span.start : span.end].casefold() if letter.isalpha()]
    before = text[max(0, span.start - _SIDE) : span.start].rstrip()
    after = text[span.end : span.end + _SIDE].lstrip()
    if before.endswith("(") and after.startswith(")"):
        return True
    if not after.startswith("("):
        return False
    words = _WORD.findall(after[1:].partition(")")[0].casefold())
    return len(words) > 1 and words[0][:1] == letters[0]
