"""BM25 in one language, by compounds, and by words of another language."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest

from index.store.words.bm25 import K1, B, LexicalIndex
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


@pytest.mark.parametrize(("language", "texts"), [("en", TEXTS), ("sv", COMPOUNDS)])
def test_the_scores_are_those_of_the_library_for_bm25(language: str, texts: dict[int, str]) -> None:
    index = LexicalIndex.build(language, texts)
    corpus = [index.split_compounds(stem_tokens(text, language)) for text in texts.values()]
    model = bm25s.BM25(k1=K1, b=B, method="lucene")
    model.index(corpus, show_progress=False)
    for text in texts.values():
        query = stem_tokens(text, language)
        expected = model.get_scores(index.split_compounds(query))
        assert np.allclose(index.scores(query)[0], expected, atol=1e-6)


def test_texts_of_stop_words_alone_score_nothing() -> None:
    index = LexicalIndex.build("en", {3: "it is what it is", 4: "and so on"[:3]})
    assert index.rows.tolist() == [3, 4]
    for scored in (index.scores(["heart"]), index.cognate_scores(["leukemi"])):
        assert scored[0].tolist() == [0, 0]
        assert scored[1] == 0
    assert index.rarity("heart") == 0
    assert LexicalIndex.build("sv", {0: "det är"}).split_compounds(["vårdplan"]) == ["vårdplan"]
