"""Words: how well every document matches a query in each language's index, and across languages.

BM25 would ruin a Swedish query against English calls: it ranks by the few stray words that both
languages share. So its share is multiplied by the chance that the query is in the documents'
language, and by its coverage: how much of the query's specific words these documents know at all.
In another language than the query's, names and words spelled nearly alike count
(`index.text.cognates`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from index.search.query import Query
from index.search.query_sentences import QuerySentences
from index.search.signals.signal import Signal, Values, highest_rows
from index.store.bm25 import LexicalIndex
from index.store.vectors import Rows
from index.text.sentences import Span
from index.text.tokens import stem_tokens

_FULL_COGNATE_SHARE = 0.25
"""Share of a query's words with which those of another language count in full."""


class WordSignal(Signal):
    """How well the words match: the best of the document's languages."""

    name: ClassVar[str] = "words"

    @cached_property
    def all_values(self) -> Values:
        """The value of every document of the index: (documents,)."""
        return self._scorer.values(self.query)

    def values(self, rows: Rows) -> Values:
        """Return how well the documents ``rows`` match, from 0 to 1: (len(rows),)."""
        return self.all_values[rows]

    def candidates(self, allowed: NDArray[np.bool_], reach: int) -> Rows:
        """Return the ``reach`` documents that match best."""
        return highest_rows(np.where(allowed, self.all_values, np.float32(0)), reach)

    def values_without(self, sentences: QuerySentences, rows: Rows) -> tuple[Values, Values]:
        """Foresee the values of documents without each of the query's sentences."""
        before, after = self._scorer.scores_without(self.query, sentences.sentences, rows)
        count = len(self.corpus.data.subjects)
        return np.pad(before, (0, count)), np.pad(after, ((0, 0), (0, count)))

    @property
    def _scorer(self) -> LexicalScorer:
        return LexicalScorer(self.corpus.data.lexical, self.corpus.document_count)


@dataclass(frozen=True, eq=False)
class _LanguageMatch:
    """One way to search an index: by its own language's stems, or by those of another language.

    ``stems`` cuts a text, ``scores`` searches, ``value`` makes scores and coverage comparable.
    """

    rows: NDArray[np.int32]
    stems: Callable[[str], list[str]]
    scores: Callable[[list[str]], tuple[Values, float]]
    value: Callable[[Values, float], Values]

    def find(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return which of ``rows`` this way searches, and their places among the scores."""
        places = np.searchsorted(self.rows, rows)
        inside = np.minimum(places, len(self.rows) - 1)
        held: Rows = np.flatnonzero(self.rows[inside] == rows)
        return held, places[held]

    def values_at(self, places: Rows, scores: Values, coverage: float) -> Values:
        """Return the values at some places; the highest score of all is what they are measured by.

        So nothing as large as the index is made for them.
        """
        some = np.append(scores[places], scores.max(initial=0))
        return self.value(some, coverage)[:-1]


class LexicalScorer:
    """The word indexes of one snapshot, by language, of so many ``documents``."""

    def __init__(self, indexes: Mapping[str, LexicalIndex], documents: int) -> None:
        self._indexes = indexes
        self._documents = documents

    def values(self, query: Query) -> Values:
        """Score every document by words: the best of its languages, 0 to 1."""
        best = np.zeros(self._documents, np.float32)
        for way in self._matches(query):
            value = way.value(*way.scores(way.stems(query.text)))
            if len(way.rows) == self._documents:  # of one language: without looking rows up
                np.maximum(best, value, out=best)
            else:
                best[way.rows] = np.maximum(best[way.rows], value)
        return best

    def scores_without(
        self, query: Query, sentences: Sequence[Span], rows: Rows
    ) -> tuple[Values, Values]:
        """Foresee the values of some documents without each of the query's sentences.

        How much of the query the documents know is taken to stay as it is.

        Returns:
            The values with all sentences, (rows,), and without each: (sentences, rows).
        """
        before = np.zeros(len(rows), np.float32)
        after = np.zeros((len(sentences), len(rows)), np.float32)
        for way in self._matches(query):
            held, places = way.find(rows)
            if not len(held):
                continue
            scores, coverage = way.scores(way.stems(query.text))
            before[held] = np.maximum(before[held], way.values_at(places, scores, coverage))
            for left, span in zip(after, sentences, strict=True):
                lost, _ = way.scores(way.stems(query.text[span.start : span.end]))
                rest = np.maximum(scores - lost, 0)
                left[held] = np.maximum(left[held], way.values_at(places, rest, coverage))
        return before, after

    def _matches(self, query: Query) -> Iterator[_LanguageMatch]:
        for language, index in self._indexes.items():
            chance = query.language_probability(language, self._indexes)
            if chance > 0:
                stems = partial(stem_tokens, language=language)
                value = partial(word_strength, chance=chance)
                yield _LanguageMatch(index.rows, stems, index.scores, value)
            if chance < 1:
                stems = partial(self._native_stems, language=query.language)
                value = partial(cognate_strength, chance=1 - chance)
                yield _LanguageMatch(index.rows, stems, index.cognate_scores, value)

    def _native_stems(self, text: str, language: str) -> list[str]:
        """Return the stems of ``text`` in its own language, compounds cut where it is known."""
        stems = stem_tokens(text, language)
        index = self._indexes.get(language)
        return index.split_compounds(stems) if index else stems


def word_strength(scores: Values, coverage: float, chance: float) -> Values:
    """Turn BM25 ``scores`` of one language into values from 0 to 1.

    Args:
        scores: of every document in the language.
        coverage: share of the query's specific words that the language's documents know.
        chance: how likely the query is in this language, relative to the likeliest.
    """
    highest = float(scores.max(initial=0))
    value: Values = scores * (coverage * chance / highest) if highest > 0 else scores
    return value


def cognate_strength(scores: Values, coverage: float, chance: float) -> Values:
    """Turn scores by words of another language into values from 0 to 1.

    Even of a text on the same topic only some words are spelled alike, so a quarter of them is all
    that can be expected.

    Args:
        scores: of every document in the language.
        coverage: share of the query's words that are spelled like one of theirs.
        chance: how likely the query is in another language.
    """
    return word_strength(scores, min(1.0, coverage / _FULL_COGNATE_SHARE), chance)
