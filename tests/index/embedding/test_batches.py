"""Texts of about one length are encoded together, each once."""

from __future__ import annotations

from index.embedding.batches import length_batches


def test_every_text_is_in_one_batch() -> None:
    texts = ["x" * length for length in (5, 900, 40, 900, 2000, 0, 41)]
    batches = list(length_batches(texts))
    assert sorted(row for batch in batches for row in batch) == list(range(len(texts)))
    assert list(length_batches([])) == []


def test_a_short_text_is_not_padded_to_a_long_one() -> None:
    assert list(length_batches(["x" * 20, "x" * 1000, "x" * 30])) == [[1], [2, 0]]


def test_texts_beyond_the_models_window_are_of_one_length() -> None:
    assert list(length_batches(["x" * 1200, "x" * 9000])) == [[0, 1]]


def test_a_batch_is_bounded() -> None:
    assert [len(batch) for batch in length_batches(["same"] * 70)] == [32, 32, 6]
