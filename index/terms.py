"""Words that a query and a document share: by stem, or across languages as the model has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from index.aligned import Aligned
from index.lexical import LexicalIndex, stem, words
from index.query import LONGEST_READ, Query

SHOWN = 8
"""Terms of one document at most."""

_LEAST_WEIGHT = 0.25
"""Below this a word is too common to tell a reader anything."""


@dataclass(frozen=True)
class Term:
    """A word of the query and the word of the document that it met; ``weight`` is 0 to 1."""

    query: str
    document: str
    weight: float


def shared(query: Query, text: str, language: str, index: LexicalIndex | None) -> tuple[Term, ...]:
    """Return the most telling words shared by ``query`` and ``text``, both in ``language``.

    A word's weight is how rare its stem is among the documents of that language.
    """
    if index is None:
        return ()
    theirs = dict(_stems(text, language))
    mine = dict(_stems(query.text[:LONGEST_READ], language))
    return _telling(
        Term(surface, theirs[own], index.telling(own))
        for own, surface in mine.items()
        if own in theirs
    )


def across(pairs: Iterable[Aligned], language: str, index: LexicalIndex | None) -> tuple[Term, ...]:
    """Return the most telling of words that say the same in two languages.

    Args:
        pairs: what `index.aligned` found.
        language: the document's.
        index: its words; weights are as in `shared`.
    """
    if index is None:
        return ()
    return _telling(
        Term(pair.asked, pair.told, index.telling(stem(pair.head, language))) for pair in pairs
    )


def _telling(found: Iterable[Term]) -> tuple[Term, ...]:
    """Return the terms that tell a reader something, by weight, once each."""
    kept: dict[tuple[str, str], Term] = {}
    for term in found:
        if term.weight >= _LEAST_WEIGHT:
            key = (term.query.lower(), term.document.lower())
            kept.setdefault(key, replace(term, weight=round(term.weight, 4)))
    return tuple(sorted(kept.values(), key=lambda term: (-term.weight, term.query))[:SHOWN])


def _stems(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield (stem, word as written) from the last word to the first, so that the first stays."""
    for word, start, end in reversed(words(text)):
        if len(word) > 2 and not re.fullmatch(r"[\d.\-’']+", word) and (s := stem(word, language)):  # noqa: PLR2004  shorter words say little
            yield s, text[start:end]
