"""Words in a language's own index and across, and what is foreseen without a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from index.embedding.encoder import HashEncoder
from index.search.query import Query, quotable_sentences, read_query
from index.search.signals.words import (
    LexicalScorer,
    best_values,
    cognate_strength,
    values_without,
)
from index.store.words.bm25 import LexicalIndex

ENGLISH = {
    0: "Treatment of acute leukemia in children: immunology and genetics",
    1: "Quantum computers and cryptography",
}
SWEDISH = {2: "Behandling av akut leukemi hos barn", 3: "Vindkraft till havs"}
TEXT = (
    "Immunologisk behandling av leukemi hos barn\n"
    "Projektet prövar en ny immunologisk behandling av akut leukemi. "
    "Styrgruppen möts i Uppsala en gång i månaden."
)


@pytest.fixture
def lexicon() -> LexicalScorer:
    indexes = {lang: LexicalIndex.build(lang, t) for lang, t in (("en", ENGLISH), ("sv", SWEDISH))}
    return LexicalScorer(indexes)


def query_of(text: str = TEXT, language: str = "sv") -> Query:
    return read_query(text, HashEncoder(), language)


def test_both_languages_are_searched(lexicon: LexicalScorer) -> None:
    values = best_values(lexicon.score(query_of()), 4)
    assert values.shape == (4,)
    assert values[0] > values[1] == 0
    assert values[2] > values[3]
    assert values.max() <= 1


def test_a_sentence_without_the_words_is_not_missed(lexicon: LexicalScorer) -> None:
    query = query_of()
    sentences = quotable_sentences(query.text, query.parts)
    rows = np.array([0, 2])
    ways = list(lexicon.score(query))
    before, after = values_without(ways, query, sentences, rows)
    assert np.allclose(before, best_values(ways, 4)[rows])
    assert after.shape == (len(sentences), 2)
    dull = next(n for n, s in enumerate(sentences) if "Styrgruppen" in TEXT[s.start : s.end])
    assert np.allclose(after[dull], before)


def test_nothing_is_left_without_the_only_sentence(lexicon: LexicalScorer) -> None:
    query = query_of("Behandling av leukemi hos barn")
    before, after = values_without(
        lexicon.score(query), query, quotable_sentences(query.text, query.parts), np.arange(4)
    )
    assert before.max() > 0
    assert not after.any()


def test_words_of_another_language_count_as_far_as_the_query_is_not_in_this_one() -> None:
    scores = np.array([4.0, 2.0], np.float32)
    assert cognate_strength(scores, 0.3, 1.0).tolist() == [1.0, 0.5]
    assert cognate_strength(scores, 0.125, 1.0).tolist() == [0.5, 0.25]
    assert cognate_strength(scores, 0.3, 0.0).tolist() == [0.0, 0.0]
