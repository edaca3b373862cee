"""What a text says that it does not want, so that it is not read as a wish.

A word such as "inte" or "not" turns a wish away in few of its uses. Only those count that say so
by their form (`negations.toml`): somebody seeks, wants or needs no money for it, a project is not
about it, or it stands as a phrase of its own after a comma. What is turned away must be a subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.search.empty_query import is_empty_query
from index.text.sentences import Span, split_sentences
from scrapers.reading.patterns import load

_PATTERNS = load("negations.toml", package=__package__)

_LONGEST_KEYWORD_LINE = 200
_MOST = 50


@dataclass(frozen=True)
class UnwantedPhrase:
    """A stretch of a text that turns something away, and the phrases that name what."""

    span: Span
    phrases: tuple[str, ...]


def find_unwanted(text: str, stop: int | None = None) -> tuple[UnwantedPhrase, ...]:
    """Return what ``text`` says that it does not want, in its order, up to the offset ``stop``."""
    found: list[UnwantedPhrase] = []
    for span in split_sentences(text, 0, stop):
        found += _in_sentence(text, span)
        if len(found) >= _MOST:
            break
    return tuple(found[:_MOST])


def _in_sentence(text: str, sentence: Span) -> Iterator[UnwantedPhrase]:
    """Yield what one sentence turns away; of what lies over each other the first."""
    line = text[sentence.start : sentence.end]
    matches = []
    if _PATTERNS.denial.search(line):
        wishes = _PATTERNS.group("wishes").values()
        matches += [match for pattern in wishes for match in pattern.finditer(line)]
    if len(line) <= _LONGEST_KEYWORD_LINE and not re.search(r"[.!?](?:\s|$)", line):
        matches += _PATTERNS.minus.finditer(line)
    end = -1
    for match in sorted(matches, key=lambda one: (one.start("phrase"), -one.end("phrase"))):
        phrases = _phrases(match["phrase"])
        if match.start() < end or not phrases:
            continue
        end = match.end("phrase")
        yield UnwantedPhrase(_stretch(line, match).shift(sentence.start), phrases)


def _phrases(listed: str) -> tuple[str, ...]:
    """Return the subjects of a list; none when one of them is none."""
    parts = [part.strip() for part in _PATTERNS.list_mark.split(listed) if part.strip()]
    if any(is_empty_query(part) or _PATTERNS.state.fullmatch(part) for part in parts):
        return ()
    return tuple(parts)


def _stretch(line: str, match: re.Match[str]) -> Span:
    """Return what is taken out of a sentence: all that the pattern found, without blanks around."""
    first = match.start("from") if match.groupdict().get("from") else match.start()
    last = max(match.end(), match.end("phrase"))
    while line[first : first + 1].isspace():
        first += 1
    while last > first and line[last - 1].isspace():
        last -= 1
    return Span(first, last)
