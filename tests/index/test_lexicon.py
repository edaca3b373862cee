"""Words in a language's own index and across, and what is foreseen without a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from index.encoder import HashEncoder
from index.lexical import LexicalIndex
from index.lexicon import Lexicon
from index.query import Query, quotable, read

ENGLISH = {
    0: "Treatment of acute leukemia in children: immunology and genetics",
    1: "Quantum computers and cryptography",
}
SWEDISH = {2: "Behandling av akut leukemi hos barn", 3: "Vindkraft till havs"}
ASKED = (
    "Immunologisk behandling av leukemi hos barn\n"
    "Projektet prövar en ny immunologisk behandling av akut leukemi. "
    "Styrgruppen möts i Uppsala en gång i månaden."
)


@pytest.fixture
def lexicon() -> Lexicon:
    indexes = {lang: LexicalIndex.build(lang, t) for lang, t in (("en", ENGLISH), ("sv", SWEDISH))}
    return Lexicon(indexes, 4)


def asked(text: str = ASKED, language: str = "sv") -> Query:
    return read(text, HashEncoder(), language)


def test_both_languages_are_searched(lexicon: Lexicon) -> None:
    values = lexicon.values(asked())
    assert values.shape == (4,)
    assert values[0] > values[1] == 0
    assert values[2] > values[3]
    assert values.max() <= 1


def test_an_index_is_had_by_its_language(lexicon: Lexicon) -> None:
    found = lexicon.get("sv")
    assert found is not None
    assert found.language == "sv"
    assert lexicon.get("de") is None


def test_a_sentence_without_the_words_is_not_missed(lexicon: Lexicon) -> None:
    query = asked()
    sentences = quotable(query.text, query.parts)
    rows = np.array([0, 2])
    before, after = lexicon.scores_without(query, sentences, rows)
    assert np.allclose(before, lexicon.values(query)[rows])
    assert after.shape == (len(sentences), 2)
    dull = next(n for n, s in enumerate(sentences) if "Styrgruppen" in ASKED[s.start : s.end])
    assert np.allclose(after[dull], before)


def test_nothing_is_left_without_the_only_sentence(lexicon: Lexicon) -> None:
    query = asked("Behandling av leukemi hos barn")
    before, after = lexicon.scores_without(query, quotable(query.text, query.parts), np.arange(4))
    assert before.max() > 0
    assert not after.any()
