"""The model of what convinces: its file is what its rows give, and what it shows is good."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import numpy as np
import pytest

from bench.reasons import (
    FRESH_FILE,
    GRADES,
    JUDGED_FILE,
    MOST_NONSENSE,
    FittedModel,
    JudgedPairs,
    held_out_probabilities,
    model_text,
    shares_shown,
)
from index.explain.convincing import FILE, convincing_model


@pytest.fixture(scope="module")
def pairs() -> JudgedPairs:
    return JudgedPairs.read()


def test_three_hundred_pairs_were_judged_in_both_languages() -> None:
    rows = _rows(JUDGED_FILE)
    assert len(rows) >= 300
    assert {row["judged"] for row in rows} == set(GRADES)
    for language in ("sv", "en"):
        assert sum(row["language"] == language for row in rows) >= 100


def test_the_shipped_model_is_fitted_on_the_judged_pairs(pairs: JudgedPairs) -> None:
    fitted = FittedModel.fit(pairs.features, pairs.convincing)
    shipped = convincing_model()
    assert np.allclose(fitted.weights, [shipped.intercept, *shipped.weights], atol=1e-3)
    written = tomllib.loads(model_text(fitted, shipped.threshold))
    assert written.keys() == tomllib.loads(FILE.read_text("utf-8")).keys()
    assert np.allclose(
        fitted.probabilities(pairs.features), shipped.probabilities(pairs.features), atol=1e-3
    )


def test_of_pairs_of_other_pilots_hardly_any_shown_is_nonsense(pairs: JudgedPairs) -> None:
    values = np.mean([held_out_probabilities(pairs, seed) for seed in range(20)], axis=0)
    shown, convincing, nonsense = shares_shown(pairs, values, convincing_model().threshold)
    assert shown > 50
    assert convincing >= 0.45
    assert nonsense <= MOST_NONSENSE


def test_fresh_pairs_are_of_other_pilots_and_half_of_them_swedish() -> None:
    fitted, fresh = (_rows(path) for path in (JUDGED_FILE, FRESH_FILE))
    assert len(fresh) >= 180
    assert {row["judged"] for row in fresh} == set(GRADES)
    assert sum(row["language"] == "sv" for row in fresh) >= len(fresh) / 2
    assert not {row["pilot"] for row in fitted} & {row["pilot"] for row in fresh}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_weights_have_the_signs_that_a_reader_expects() -> None:
    near, query_general, document_general, same, rarity = convincing_model().weights
    assert min(near, same, rarity) > 0
    assert max(query_general, document_general) < 0
