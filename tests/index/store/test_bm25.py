from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.store.bm25 import LexicalIndex
from index.text.language import detect_language
from index.text.tokens import stem_tokens

TEXTS = {
    0: "Heart failure care at home for patients",
    2: "Wind turbines and their foundations",
    5: "Care of patients with asthma",
}


@pytest.fixture
def index() -> LexicalIndex:
    return LexicalIndex.build("en", TEXTS)


def test_ranks_by_shared_stems(index: LexicalIndex) -> None:
    scores, coverage = index.scores(stem_tokens("hearts of a patient", "en"))
    assert index.rows[int(scores.argmax())] == 0
    assert coverage == 1.0


def test_coverage_falls_when_words_are_another_languages(index: LexicalIndex) -> None:
    _, own = index.scores(stem_tokens("patients with heart failure", "en"))
    _, other = index.scores(stem_tokens("patienter med hjärtsvikt och astma i hemmet", "en"))
    assert other < own / 2


def test_unknown_words_score_nothing(index: LexicalIndex) -> None:
    scores, coverage = index.scores(["zzz"])
    assert (float(scores.sum()), coverage) == (0.0, 0.0)
    assert index.scores([])[1] == 0.0


def test_a_rarer_stem_tells_more(index: LexicalIndex) -> None:
    assert index.rarity("heart") > index.rarity("patient") > index.rarity("nothing") == 0


def test_is_the_same_after_a_round_trip_and_keeps_no_pickle(
    index: LexicalIndex, tmp_path: Path
) -> None:
    index.save(tmp_path / "en")
    again = LexicalIndex.load("en", tmp_path / "en")
    query = stem_tokens("heart care", "en")
    assert np.array_equal(again.scores(query)[0], index.scores(query)[0])
    assert {path.suffix for path in (tmp_path / "en").iterdir()} <= {".npy", ".json"}


def test_words_are_stemmed_by_their_language() -> None:
    assert stem_tokens("Hjärtsjukdomar och vården", "sv") == ["hjärtsjukdom", "vård"]
    assert stem_tokens("e-health the trials", "en") == ["e-health", "health", "trial"]
    assert stem_tokens("ﬁnance", "en") == ["financ"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vi vill pröva en ny metod för att följa patienter med hjärtsvikt i hemmet", "sv"),
        ("We want to test a new way to follow patients with heart failure at home", "en"),
        ("Wir wollen eine neue Methode für Patienten mit Herzschwäche erproben", "de"),
    ],
)
def test_recognises_the_language_of_a_sentence(text: str, language: str) -> None:
    guess = detect_language(text)
    assert guess.language == language
    assert guess.is_sure


def test_a_text_without_letters_is_an_unsure_guess() -> None:
    assert not detect_language("12 345 %").is_sure
    assert not detect_language("AI").is_sure
