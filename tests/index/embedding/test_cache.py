"""Vectors that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.embedding.cache import CHUNK_SIZE, CachedEncoder, VectorCache
from index.embedding.encoder import HashEncoder, Vectors


class CountingEncoder(HashEncoder):
    """Counts the texts that it encodes, and can be made to fail after so many."""

    def __init__(self, fails_after: int = 10**9) -> None:
        self.seen = 0
        self.fails_after = fails_after

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.seen += len(texts)
        if self.seen > self.fails_after:
            raise KeyboardInterrupt
        return super().passages(texts)


def test_encodes_each_text_once_in_the_order_of_the_texts(cache: VectorCache) -> None:
    encoder = CountingEncoder()
    vectors, encoded = cache.encode("m", ["b", "a", "b"], encoder.passages)
    assert encoded == encoder.seen == 2
    assert np.array_equal(vectors[0], vectors[2])
    again, fresh = cache.encode("m", ["a", "b"], encoder.passages)
    assert fresh == 0
    assert np.array_equal(again, vectors[[1, 0]])


def test_models_do_not_share_vectors(cache: VectorCache) -> None:
    encoder = CountingEncoder()
    cache.encode("one", ["a"], encoder.passages)
    assert cache.encode("two", ["a"], encoder.passages)[1] == 1


def test_an_interruption_loses_at_most_one_chunk(cache: VectorCache) -> None:
    texts = [f"text {number}" for number in range(3 * CHUNK_SIZE)]
    with pytest.raises(KeyboardInterrupt):
        cache.encode("m", texts, CountingEncoder(fails_after=2 * CHUNK_SIZE).passages)
    assert cache.encode("m", texts, CountingEncoder().passages)[1] == CHUNK_SIZE


def test_progress_ends_at_the_number_of_new_texts(cache: VectorCache) -> None:
    calls: list[tuple[int, int]] = []
    cache.encode("m", ["a", "b"], HashEncoder().passages, lambda *done: calls.append(done))
    assert calls == [(2, 2)]


def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    opened = VectorCache(path)
    assert opened.encode("m", ["a"], HashEncoder().passages)[1] == 1
    opened.close()
    assert path.with_suffix(".damaged").exists()


def test_a_cached_encoder_has_the_vectors_and_name_of_the_one_inside(cache: VectorCache) -> None:
    plain = HashEncoder()
    cached = CachedEncoder(plain, cache)
    assert cached.fingerprint == plain.fingerprint
    assert np.array_equal(cached.queries(["hej"]), plain.queries(["hej"]))
    assert cached.passages([]).shape == (0, plain.dimension)
