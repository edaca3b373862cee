"""BM25 in one language, by compounds, and by words of another language."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.store.bm25 import LexicalIndex
from index.text.tokens import stem_tokens

TEXTS = {
    0: "Heart failure care at home for patients",
    2: "Wind turbines and their foundations",
    5: "Care of patients with asthma",
}

COMPOUNDS = {
    0: "Vård av äldre i hemmet. Samverkan mellan kommun och region.",
    1: "Vård och samverkan i vårdkedjan.",
    2: "Vindkraft till havs. Kraft och vind. Fundament i vatten.",
    3: "Vind och kraft från havet.",
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


def test_a_query_finds_the_half_of_a_compound() -> None:
    index = LexicalIndex.build("sv", COMPOUNDS)
    scores, coverage = index.scores(stem_tokens("vårdsamverkan", "sv"))
    assert list(scores.argsort()[::-1][:2]) in ([0, 1], [1, 0])
    assert scores[2] == scores[3] == 0
    assert 0 < coverage <= 1
