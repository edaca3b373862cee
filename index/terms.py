"""Words that a query and a document share: by stem, or across languages by their common root."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.lexical import LexicalIndex, is_stop_word, stem, words
from index.query import LONGEST_READ, Query

SHOWN = 8
"""Terms of one document at most."""

_ROOT = 5
"""Letters that words of two languages must begin with to be kin: diagnostik, diagnostics."""

_KIN = 0.7
"""Share of the longer word that the common beginning must cover; "inter" is no kinship."""

_LEAST_WEIGHT = 0.25
"""Below this a word is too common to tell a reader anything."""


@dataclass(frozen=True)
class Term:
    """A word of the query and the word of the document that it met; ``weight`` is 0 to 1."""

    query: str
    document: str
    weight: float


def shared(query: Query, text: str, language: str, index: LexicalIndex | None) -> tuple[Term, ...]:
    """Return the most telling words shared by ``query`` and ``text``, which is in ``language``.

    A word's weight is how rare its stem is among the documents of that language.
    """
    if index is None:
        return ()
    theirs = dict(_stems(text, language))
    mine = dict(_stems(query.text[:LONGEST_READ], language))
    across = query.language != language
    by_root: dict[str, list[str]] = {}
    for known in theirs:
        by_root.setdefault(known[:_ROOT], []).append(known)
    found = []
    for own, surface in mine.items():
        if across:
            # "med" and "har" are words in both languages and mean nothing alike
            common = is_stop_word(surface.lower(), query.language)
            match = None if common else _kin(own, by_root.get(own[:_ROOT], []))
        else:
            match = own if own in theirs else None
        if match is not None:
            found.append(Term(surface, theirs[match], round(index.telling(match), 4)))
    telling = [term for term in found if term.weight >= _LEAST_WEIGHT]
    return tuple(sorted(telling, key=lambda t: (-t.weight, t.query))[:SHOWN])


def _stems(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield (stem, word as written) from the last word to the first, so that the first stays."""
    for word, start, end in reversed(words(text)):
        if len(word) > 2 and not re.fullmatch(r"[\d.\-’']+", word) and (s := stem(word, language)):  # noqa: PLR2004  shorter words say little
            yield s, text[start:end]


def _kin(own: str, others: list[str]) -> str | None:
    """Return the word of another language that begins like ``own`` for most of its length."""
    best, covered = None, _KIN
    for other in others:
        common = 0
        for mine, theirs in zip(own, other, strict=False):
            if mine != theirs:
                break
            common += 1
        share = common / max(len(own), len(other))
        if common >= _ROOT and share >= covered:
            best, covered = other, share
    return best
