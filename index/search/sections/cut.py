"""A text cut into sections: lines, and of a long line a few sentences at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from index.text.sentences import Span, split_sentences

SECTION_LENGTH = 300
"""Characters of a section at most, unless a single sentence is longer."""

_NUMBER = r"(?:\(?(?:\d{1,2}|[A-Za-z])(?:\.?\d{1,2}){0,3}[a-z]?[.)]?\s{1,3})?"
_WRITTEN = r"(?=[^:\n]{0,80}(?:[a-zåäö]|[^\W\d_]{3} [^\W\d_]{3}))"
_LABEL = re.compile(_NUMBER + _WRITTEN + r"[^\W_](?:[^:.?!()\n]|\([^()\n]{0,40}\)){1,50}:\s+(?=\S)")
"""What stands before a colon at the beginning of a line, as the fields of a form have it: a number
of its own, and now and then in brackets how to fill it in. One word in capitals is an acronym."""

_MOST_LABEL_WORDS = 6
_LABELLED_LENGTH = 250
"""Characters of a line that can be a field of a form; a longer one is a paragraph."""


class Break(IntEnum):
    """What stands between a section and the one before it."""

    NONE = 0
    LINE = 1
    BLANK = 2


@dataclass(frozen=True)
class LinePart:
    """``text[span.start:span.end]``: a line or a part of one.

    ``line`` counts the lines of the text that have something in them, and ``before`` is what parts
    the section from the one before it.
    """

    span: Span
    line: int
    before: Break


def cut_sections(text: str, stop: int | None = None) -> list[LinePart]:
    """Return the sections of ``text[:stop]`` in order; what is blank belongs to none."""
    sections: list[LinePart] = []
    number, gap = 0, Break.BLANK
    for start, end in _lines(text, min(len(text), len(text) if stop is None else stop)):
        body = _after_label(text, start, end)
        spans = split_sentences(text, start, body) if body > start else []
        spans += _gather(split_sentences(text, body, end))
        if not spans:
            gap = Break.BLANK
            continue
        for place, span in enumerate(spans):
            sections.append(LinePart(span, number, gap if place == 0 else Break.NONE))
        number, gap = number + 1, Break.LINE
    return sections


def _lines(text: str, stop: int) -> list[tuple[int, int]]:
    lines = []
    start = 0
    while start < stop:
        end = text.find("\n", start, stop)
        end = stop if end < 0 else end
        lines.append((start, end))
        start = end + 1
    return lines


def _after_label(text: str, start: int, end: int) -> int:
    """Return where the label at the beginning of a line ends; ``start`` if there is none."""
    if end - start > _LABELLED_LENGTH:
        return start
    label = _LABEL.match(text, start, end)
    if label is None or len(label.group().split()) > _MOST_LABEL_WORDS:
        return start
    return label.end()


def _gather(sentences: list[Span]) -> list[Span]:
    """Join sentences of one line as long as they are short together."""
    spans: list[Span] = []
    for sentence in sentences:
        if spans and sentence.end - spans[-1].start <= SECTION_LENGTH:
            spans[-1] = Span(spans[-1].start, sentence.end)
        else:
            spans.append(sentence)
    return spans
