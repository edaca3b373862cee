"""Words: how well every document matches a query in each language's index, and across languages.

BM25 would ruin a Swedish query against English calls: it ranks by the few stray words that both
languages share. So its share is multiplied by the chance that the query is in the documents'
language, and by its coverage: how much of the query's specific words these documents know at all.
In another language than the query's, names and words spelled nearly alike count
(`index.text.cognates`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from index.search.corpus import Corpus
from index.search.query import Query
from index.search.query_sentences import QuerySentences
from index.search.signals.signal import Signal, Values, highest_rows
from index.store.vectors import Rows
from index.store.words.bm25 import LexicalIndex
from index.text.glossary import translate_words
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
        return best_values(_scored_ways(self.corpus, self.query), self.corpus.document_count)

    def values(self, rows: Rows) -> Values:
        """Return how well the documents ``rows`` match, from 0 to 1: (len(rows),)."""
        return self.all_values[rows]

    def candidates(self, allowed: NDArray[np.bool_], reach: int) -> Rows:
        """Return the ``reach`` documents that match best."""
        return highest_rows(np.where(allowed, self.all_values, np.float32(0)), reach)

    def values_without(self, sentences: QuerySentences, rows: Rows) -> tuple[Values, Values]:
        """Foresee the values of documents without each of the query's sentences."""
        ways = _scored_ways(self.corpus, self.query)
        before, after = values_without(ways, self.query, sentences.sentences, rows)
        count = len(self.corpus.data.subjects)
        return np.pad(before, (0, count)), np.pad(after, ((0, 0), (0, count)))


@dataclass(frozen=True, eq=False)
class LanguageMatch:
    """One way to search an index: by its own language's stems, or by those of another language.

    ``stems`` cuts a text, ``search`` scores by stems, ``above_chance`` takes off what the length of
    a text gives, ``value`` makes that and coverage comparable; ``scores`` and ``coverage`` are
    those of the whole query. ``rows`` ascend.
    """

    rows: NDArray[np.int32]
    stems: Callable[[str], list[str]]
    search: Callable[[list[str]], tuple[Values, float]]
    above_chance: Callable[[Values], Values]
    value: Callable[[Values, float], Values]
    scores: Values
    coverage: float

    def find(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return which of ``rows`` this way searches, and their places among the scores."""
        places = np.searchsorted(self.rows, rows)
        inside = np.minimum(places, len(self.rows) - 1)
        held: Rows = np.flatnonzero(self.rows[inside] == rows)
        return held, places[held]

    def values_at(self, places: Rows, scores: Values) -> Values:
        """Return the values at some places, measured by the highest score of all."""
        above = self.above_chance(scores)
        some = np.append(above[places], above.max(initial=0))
        return self.value(some, self.coverage)[:-1]


class LexicalScorer:
    """The word indexes of one snapshot, by language."""

    def __init__(self, indexes: Mapping[str, LexicalIndex]) -> None:
        self._indexes = indexes

    def score(self, query: Query) -> Iterator[LanguageMatch]:
        """Search every language in each way that the query may be in it."""
        for language, index in self._indexes.items():
            chance = query.language_probability(language, self._indexes)
            if chance > 0:
                stems = partial(stem_tokens, language=language)
                value = partial(word_strength, chance=chance)
                found = index.scores(stems(query.text))
                yield LanguageMatch(
                    index.rows, stems, index.scores, index.above_chance, value, *found
                )
            if translation := query.translations.get(language):
                stems = partial(_translated_stems, source=query.language, language=language)
                value = partial(word_strength, chance=translation.known)
                found = index.scores(stems(query.text))
                yield LanguageMatch(
                    index.rows, stems, index.scores, index.above_chance, value, *found
                )
            if chance < 1:
                stems = partial(self._native_stems, language=query.language)
                value = partial(cognate_strength, chance=1 - chance)
                found = index.cognate_scores(stems(query.text))
                yield LanguageMatch(
                    index.rows, stems, index.cognate_scores, index.above_chance, value, *found
                )

    def _native_stems(self, text: str, language: str) -> list[str]:
        """Return the stems of ``text`` in its own language, compounds cut where it is known."""
        stems = stem_tokens(text, language)
        index = self._indexes.get(language)
        return index.split_compounds(stems) if index else stems


def _translated_stems(text: str, source: str, language: str) -> list[str]:
    """Return the stems of ``text``, which is in ``source``, put word by word into ``language``."""
    return stem_tokens(translate_words(text, source).text, language)


@lru_cache(maxsize=4)
def _scored_ways(corpus: Corpus, query: Query) -> tuple[LanguageMatch, ...]:
    """Return how the query matches, kept because a search and its explanation both need it."""
    return tuple(LexicalScorer(corpus.data.lexical).score(query))


def best_values(ways: Iterable[LanguageMatch], documents: int) -> Values:
    """Return the value of each of so many ``documents``: the best of its languages, 0 to 1."""
    best = np.zeros(documents, np.float32)
    for way in ways:
        value = way.value(way.above_chance(way.scores), way.coverage)
        best[way.rows] = np.maximum(best[way.rows], value)
    return best


def values_without(
    ways: Iterable[LanguageMatch], query: Query, sentences: Sequence[Span], rows: Rows
) -> tuple[Values, Values]:
    """Foresee the values of some documents without each of the query's sentences.

    How much of the query the documents know is taken to stay as it is.

    Returns:
        The values with all sentences, (rows,), and without each: (sentences, rows).
    """
    before = np.zeros(len(rows), np.float32)
    after = np.zeros((len(sentences), len(rows)), np.float32)
    for way in ways:
        held, places = way.find(rows)
        if not len(held):
            continue
        before[held] = np.maximum(before[held], way.values_at(places, way.scores))
        for left, span in zip(after, sentences, strict=True):
            lost, _ = way.search(way.stems(query.text[span.start : span.end]))
            rest = np.maximum(way.scores - lost, 0)
            left[held] = np.maximum(left[held], way.values_at(places, rest))
    return before, after


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
