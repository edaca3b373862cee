"""Words that two languages spell nearly alike, and calls found by them."""

from __future__ import annotations

import numpy as np
import pytest

from index.search import fusion
from index.store.bm25 import LexicalIndex
from index.text.cognates import Cognates, char_trigrams, spelling_similarity
from index.text.tokens import stem_tokens

STEMS = ("leukemia", "quantum", "immun", "genet", "therapi", "climat", "heart", "ageing")


@pytest.mark.parametrize(
    ("swedish", "english"),
    [("leukemi", "leukemia"), ("kvantum", "quantum"), ("genetisk", "genet"), ("terapi", "therapi")],
)
def test_what_is_spelled_alike_is_found(swedish: str, english: str) -> None:
    found = Cognates(STEMS).nearest(swedish)
    assert found is not None
    assert found[0] == english
    assert 0.5 <= found[1] <= 1


@pytest.mark.parametrize("word", ["hjärta", "åldrande", "ben", "2026", "x" * 31, "ŵŵŵŵŵŵ", ""])
def test_what_is_not_is_not(word: str) -> None:
    assert Cognates(STEMS).nearest(word) is None


def test_among_equals_the_order_of_the_stems_decides_nothing() -> None:
    tied = ("diagnosa", "diagnosb", "diagnosc")
    assert Cognates(tied).nearest("diagnos") == Cognates(tied[::-1]).nearest("diagnos")


def test_without_stems_nothing_is_alike() -> None:
    assert Cognates([]).nearest("leukemi") is None


def test_the_more_alike_counts() -> None:
    near, far = (Cognates([stem]).nearest("diagnostik") for stem in ("diagnost", "diagnos"))
    assert near is not None
    assert far is not None
    assert near[1] > far[1]


def test_accents_and_sounds_are_put_aside() -> None:
    assert char_trigrams("Fysik") == char_trigrams("physic")
    assert char_trigrams("kvot") == char_trigrams("quot")
    assert char_trigrams("åttio") == char_trigrams("atio")


def test_words_are_compared_as_they_are_written() -> None:
    assert spelling_similarity("sepsis", "Sepsis") == 1
    assert spelling_similarity("Diagnostik", "diagnostics") > 0.8
    assert spelling_similarity("införas", "information") < 0.5
    assert spelling_similarity("vård", "care") == 0


def test_a_swedish_text_finds_an_english_one_by_words() -> None:
    index = LexicalIndex.build(
        "en",
        {
            0: "Treatment of acute leukemia in children: immunology",
            1: "Quantum computers and cryptography",
            2: "Care of older patients at home with heart failure",
        },
    )
    scores, coverage = index.cognate_scores(stem_tokens("Immunologisk behandling av leukemi", "sv"))
    assert int(scores.argmax()) == 0
    assert scores[2] == 0
    assert 0 < coverage < 1
    nothing, none = index.cognate_scores(stem_tokens("äldre människor i skogen", "sv"))
    assert not nothing.any()
    assert none == 0


def test_words_of_another_language_count_as_far_as_the_query_is_not_in_this_one() -> None:
    scores = np.array([4.0, 2.0], np.float32)
    assert fusion.cognate_strength(scores, 0.3, 1.0).tolist() == [1.0, 0.5]
    assert fusion.cognate_strength(scores, 0.125, 1.0).tolist() == [0.5, 0.25]
    assert fusion.cognate_strength(scores, 0.3, 0.0).tolist() == [0.0, 0.0]
