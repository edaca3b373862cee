"""Words that two languages spell nearly alike."""

from __future__ import annotations

import pytest

from index.text.cognates import Cognates, char_trigrams, spelling_similarity

STEMS = ("leukemia", "quantum", "immun", "genet", "therapi", "climat", "heart", "ageing")


@pytest.mark.parametrize(
    ("swedish", "english"),
    [("leukemi", "leukemia"), ("kvantum", "quantum"), ("genetisk", "genet"), ("terapi", "therapi")],
)
def test_what_is_spelled_alike_is_found(swedish: str, english: str) -> None:
    nearest = Cognates(STEMS).nearest(swedish)
    assert nearest is not None
    assert nearest[0] == english
    assert 0.5 <= nearest[1] <= 1


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
