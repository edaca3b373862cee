"""Words that a query and a document share: by stem, by spelling, or as the model aligns them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from index.explain.general_words import is_general
from index.explain.word_alignment import WordAlignment
from index.search.query import MAX_QUERY_LENGTH, Query
from index.store.words.bm25 import LexicalIndex
from index.text.cognates import MIN_SIMILARITY, spelling_similarity
from index.text.tokens import stem, word_offsets

MAX_TERMS = 8
"""Terms of one document at most."""

_MIN_SIMILARITY = 0.7
"""How alike words of two languages must be to be shown; below it too many are alike by chance."""

_MIN_COGNATE_LENGTH = 6
"""Letters of a query's word that is shown so; shorter ones often mean another: fall, barn."""

_MIN_MATCH_LENGTH = 5
"""Letters of the document's word. An ending makes a short word long, and hides that it is one of
those: parterna is no part, fallen no fall. With four letters six matches in seven were wrong."""

_NAME_PATTERN = re.compile(r".+[A-ZÅÄÖ\d]")
"""Names and abbreviations, which count however short they are: AI, mRNA, CO2."""

_MIN_WEIGHT = 0.25
"""Below this a word is too common to tell a reader anything."""


@dataclass(frozen=True)
class SharedTerm:
    """A word of the query and the document's word for it; ``weight`` is 0 to 1."""

    query: str
    document: str
    weight: float


class SharedTermFinder:
    """Finds words of one query in documents: by stem, or spelled alike in another language."""

    def __init__(self, query: Query) -> None:
        self._text = query.text[:MAX_QUERY_LENGTH]
        self._language = query.language
        self._known: dict[str, dict[str, tuple[str, float]]] = {}

    def find_in(self, text: str, index: LexicalIndex | None) -> tuple[SharedTerm, ...]:
        """Return the most specific words shared with ``text``.

        Args:
            text: of a document.
            index: the word index of its language. A word's weight is its rarity there, times how
                like the query's word it is.
        """
        if index is None:
            return ()
        if index.language not in self._known:
            self._known[index.language] = dict(self._counterparts(index))
        known = self._known[index.language]
        same = index.language == self._language
        matches: dict[str, str] = {}
        for word, start, end in word_offsets(text):
            here = stem(word, index.language)
            if here not in known or here in matches or is_general(text[start:end], index.language):
                continue
            if same or _is_alike(*known[here], text[start:end]):
                matches[here] = text[start:end]
        return most_specific(
            SharedTerm(known[here][0], word, known[here][1] * index.rarity(here))
            for here, word in matches.items()
        )

    def _counterparts(self, index: LexicalIndex) -> Iterator[tuple[str, tuple[str, float]]]:
        """Yield a stem of ``index``, the query's word for it, and how alike they are, 0 to 1."""
        for own, word in _stems(self._text, self._language):
            if is_general(word, self._language):
                continue
            if index.language == self._language:
                yield own, (word, 1.0)
            elif len(word) >= _MIN_COGNATE_LENGTH or _NAME_PATTERN.match(word):
                here = index.find_cognate(own)
                if here and here[1] >= _MIN_SIMILARITY:
                    yield here[0], (word, here[1])


def _is_alike(query_word: str, similarity: float, document_word: str) -> bool:
    """Return whether words of two languages are one: long enough, and alike as they are written.

    Stems can be alike by chance where the words are not: införas, information.
    """
    if len(document_word) < _MIN_MATCH_LENGTH and not _NAME_PATTERN.match(document_word):
        return False
    return similarity == 1 or spelling_similarity(query_word, document_word) >= MIN_SIMILARITY


def aligned_terms(
    pairs: Iterable[WordAlignment], query_language: str, index: LexicalIndex | None
) -> list[SharedTerm]:
    """Return aligned words of two languages as terms; a general word of either side is none.

    Args:
        pairs: of words, from `index.explain.word_alignment`.
        query_language: of the query's words (ISO 639).
        index: the word index of the document's language; a term weighs its rarity there.
    """
    if index is None:
        return []
    return [
        SharedTerm(
            pair.query_word,
            pair.document_words,
            index.rarity(stem(pair.document_word, index.language)),
        )
        for pair in pairs
        if not is_general(pair.query_word, query_language)
        and not is_general(pair.document_word, index.language)
    ]


def most_specific(terms: Iterable[SharedTerm]) -> tuple[SharedTerm, ...]:
    """Return the terms that are rare enough to show, by weight, each word of the query once."""
    kept: dict[str, SharedTerm] = {}
    for term in terms:
        if term.weight >= _MIN_WEIGHT:
            kept.setdefault(term.query.lower(), replace(term, weight=round(term.weight, 4)))
    return tuple(sorted(kept.values(), key=lambda term: (-term.weight, term.query))[:MAX_TERMS])


def _stems(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield (stem, word as written) from the last word to the first, so that the first stays."""
    for word, start, end in reversed(word_offsets(text)):
        if len(word) > 2 and not re.fullmatch(r"[\d.\-’']+", word) and (s := stem(word, language)):  # noqa: PLR2004  shorter words say little
            yield s, text[start:end]
