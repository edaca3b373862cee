"""How well every document matches a query by words: in each language's index, and across them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from index.search import fusion
from index.search.query import Query
from index.search.signals.similarity import Values
from index.store.bm25 import LexicalIndex
from index.text.sentences import Span
from index.text.tokens import stem_tokens


@dataclass(frozen=True, eq=False)
class _LanguageMatch:
    """One way to ask an index: by its own language's stems, or by those of another that it knows.

    ``stems`` cuts a text, ``scores`` asks, ``value`` makes scores and coverage comparable.
    """

    rows: NDArray[np.int32]
    stems: Callable[[str], list[str]]
    scores: Callable[[list[str]], tuple[Values, float]]
    value: Callable[[Values, float], Values]


class LexicalScorer:
    """The word indexes of one snapshot, by language."""

    def __init__(self, indexes: Mapping[str, LexicalIndex], documents: int) -> None:
        self._indexes = indexes
        self._documents = documents

    def get(self, language: str) -> LexicalIndex | None:
        """Return the index of ``language``."""
        return self._indexes.get(language)

    def values(self, query: Query) -> Values:
        """Score every document by words: the best of its languages, 0 to 1."""
        best = np.zeros(self._documents, np.float32)
        for way in self._matches(query):
            value = way.value(*way.scores(way.stems(query.text)))
            best[way.rows] = np.maximum(best[way.rows], value)
        return best

    def scores_without(
        self, query: Query, sentences: Sequence[Span], rows: NDArray[np.int64]
    ) -> tuple[Values, Values]:
        """Foresee the values of some documents without each of the query's sentences.

        How much of the query the documents know is taken to stay as it is.

        Returns:
            The values with all sentences, (rows,), and without each: (sentences, rows).
        """
        before = np.zeros(self._documents, np.float32)
        after = np.zeros((len(sentences), self._documents), np.float32)
        for way in self._matches(query):
            scores, coverage = way.scores(way.stems(query.text))
            before[way.rows] = np.maximum(before[way.rows], way.value(scores, coverage))
            for left, span in zip(after, sentences, strict=True):
                gone, _ = way.scores(way.stems(query.text[span.start : span.end]))
                value = way.value(np.maximum(scores - gone, 0), coverage)
                left[way.rows] = np.maximum(left[way.rows], value)
        return before[rows], after[:, rows]

    def _matches(self, query: Query) -> Iterator[_LanguageMatch]:
        for language, index in self._indexes.items():
            chance = query.language_probability(language, self._indexes)
            if chance > 0:
                stems = partial(stem_tokens, language=language)
                value = partial(fusion.word_strength, chance=chance)
                yield _LanguageMatch(index.rows, stems, index.scores, value)
            if chance < 1:
                stems = partial(self._native_stems, language=query.language)
                value = partial(fusion.cognate_strength, chance=1 - chance)
                yield _LanguageMatch(index.rows, stems, index.cognate_scores, value)

    def _native_stems(self, text: str, language: str) -> list[str]:
        """Return the stems of ``text`` in its own language, compounds cut where it is known."""
        found = stem_tokens(text, language)
        index = self._indexes.get(language)
        return index.split_compounds(found) if index else found
