"""What a model is worth here: measured on our texts, once, and kept."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.embedding.encoder import HashEncoder, Vectors, unit_vectors
from index.embedding.other_models.kept_measures import measures_of, read_measures
from index.embedding.other_models.measures import ModelMeasures, measure_model, read_needs
from index.errors import ModelError
from index.text.background_subjects import background_subjects

STRONG = ModelMeasures(unrelated=0.4, english=1.0, swedish=0.96, across=0.98)


class CountingEncoder(HashEncoder):
    """Counts the texts that it reads."""

    def __init__(self) -> None:
        self.read = 0

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.read += len(texts)
        return super().passages(texts)


class DeafEncoder(HashEncoder):
    """Knows nothing: a random vector for each text."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        rows = [
            np.random.default_rng(zlib.crc32(text.encode())).standard_normal(self.dimension)
            for text in texts
        ]
        return unit_vectors(np.stack(rows).astype(np.float32))


def test_letters_alone_answer_within_a_language_at_best() -> None:
    measures = measure_model(HashEncoder())
    assert measures.english > measures.across
    assert [one.code for one in measures.weaknesses()] == ["weak_model"]


def test_a_model_that_knows_nothing_is_weak_and_its_floor_is_nothing() -> None:
    measures = measure_model(DeafEncoder())
    assert measures.unrelated == 0
    assert all(0.3 < one < 0.7 for one in (measures.english, measures.swedish, measures.across))
    assert [one.code for one in measures.weaknesses()] == ["weak_model"]
    (warning,) = measures.warnings()
    assert "guessing gives 50%" in warning


class OneEncoder(HashEncoder):
    """Gives every text the same vector, or none."""

    def __init__(self, value: float) -> None:
        self.value = value

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.full((len(texts), self.dimension), self.value, np.float32)


def test_a_model_to_which_all_texts_are_alike_still_has_a_floor_below_one() -> None:
    measures = measure_model(OneEncoder(1 / 16))  # of length 1 in 256 dimensions
    assert measures.unrelated == 0.99
    assert [one.code for one in measures.weaknesses()] == ["weak_model"]


def test_a_model_without_vectors_is_refused() -> None:
    with pytest.raises(ModelError, match="FUNDSCOUT_MODEL"):
        measure_model(OneEncoder(float("nan")))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"swedish": 0.64, "across": 0.69}, ["weak_swedish"]),
        ({"english": 0.7}, ["weak_english"]),
        ({"across": 0.7}, ["weak_across"]),
        ({"english": 0.6, "swedish": 0.5, "across": 0.5}, ["weak_model"]),
    ],
)
def test_the_gravest_weakness_is_named(changes: dict[str, float], codes: list[str]) -> None:
    measures = replace(STRONG, **changes)
    assert [one.code for one in measures.weaknesses()] == codes
    assert bool(list(measures.warnings())) is bool(codes)


def test_a_model_is_measured_once(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    first = measures_of(encoder, "some-model", tmp_path)
    read = encoder.read
    assert read >= len(background_subjects())
    assert measures_of(encoder, "some-model", tmp_path) == first
    assert encoder.read == read
    assert read_measures("some-model", tmp_path) == first
    assert read_measures("another-model", tmp_path) is None


def test_what_is_kept_of_another_model_or_damaged_counts_as_nothing(tmp_path: Path) -> None:
    measures_of(HashEncoder(), "some-model", tmp_path)
    assert read_measures("some-model", tmp_path, "the same, with other prompts") is None
    (path,) = (tmp_path / "measures").iterdir()
    kept = json.loads(path.read_text("utf-8"))
    for damaged in (
        "",
        "[]",
        json.dumps(kept | {"measures": {"unrelated": 0.1}}),
        json.dumps(kept | {"measures": kept["measures"] | {"unrelated": 7}}),
        json.dumps(kept | {"made_from": kept["made_from"] | {"texts": "others"}}),
    ):
        path.write_text(damaged, "utf-8")
        assert read_measures("some-model", tmp_path) is None
    assert measures_of(HashEncoder(), "some-model", tmp_path) == read_measures(
        "some-model", tmp_path
    )


def test_where_measures_cannot_be_kept_they_are_used_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "measures").write_text("a file in the folder's place", "utf-8")
    assert measures_of(HashEncoder(), "some-model", tmp_path) == measure_model(HashEncoder())
    assert "cannot be kept" in caplog.text


def test_needs_have_two_languages_and_no_subject_twice() -> None:
    needs = read_needs()
    assert len(needs) >= 20
    for side in ("english", "english_answer", "swedish", "swedish_answer"):
        assert len({getattr(need, side) for need in needs}) == len(needs)
