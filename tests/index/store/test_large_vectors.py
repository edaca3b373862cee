"""Vectors by lists: nearly all of the nearest are found, and a filter is never left empty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embedding.encoder import unit_vectors
from index.errors import SnapshotError
from index.store.vectors.faiss import FaissVectors, VectorBlock
from index.store.vectors.lists import InvertedLists

COUNT, DIMENSION, TOP = 6_000, 24, 10

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    """Vectors in a hundred loose groups, as texts on a hundred subjects have."""
    chance = np.random.default_rng(1)
    centres = chance.normal(size=(100, DIMENSION))
    made = centres[chance.integers(100, size=COUNT)] + 0.6 * chance.normal(size=(COUNT, DIMENSION))
    return unit_vectors(made.astype(np.float32))


@pytest.fixture(scope="module")
def lists(vectors: NDArray[np.float32]) -> InvertedLists:
    return InvertedLists.learn(vectors)


@pytest.fixture
def store(
    vectors: NDArray[np.float32], lists: InvertedLists, monkeypatch: pytest.MonkeyPatch
) -> FaissVectors:
    monkeypatch.setattr("index.store.vectors.faiss._EXACT_REACH", 200)
    monkeypatch.setattr("index.store.vectors.faiss._PROBE_SHARE", 1 / 6)
    return FaissVectors([VectorBlock(vectors.astype(np.float16), lists)])


def recall(store: FaissVectors, exact: FaissVectors, allowed: NDArray[np.int64] | None) -> float:
    queries = exact.rows(np.arange(0, COUNT, 61))
    shares = [
        len(
            np.intersect1d(
                store.nearest(query[None], TOP, allowed), exact.nearest(query[None], TOP, allowed)
            )
        )
        / TOP
        for query in queries
    ]
    return float(np.mean(shares))


def test_nearly_all_of_the_nearest_are_found(
    store: FaissVectors, vectors: NDArray[np.float32]
) -> None:
    assert recall(store, FaissVectors.build(vectors), None) >= 0.97


@pytest.mark.parametrize("every", [2, 7, 29, 500])
def test_a_filter_finds_as_many_as_without_lists(
    store: FaissVectors, vectors: NDArray[np.float32], every: int
) -> None:
    allowed = np.arange(0, COUNT, every)
    exact = FaissVectors.build(vectors)
    assert recall(store, exact, allowed) >= 0.97
    found = store.nearest(vectors[:1], TOP, allowed)
    assert len(found) == TOP
    assert np.isin(found, allowed).all()


def test_a_filter_of_far_away_vectors_is_filled(
    store: FaissVectors, vectors: NDArray[np.float32]
) -> None:
    query = vectors[:1]
    farthest = np.sort(np.argsort(query[0] @ vectors.T)[:300])
    found = store.nearest(query, TOP, farthest)
    assert len(found) == TOP
    assert np.isin(found, farthest).all()


def test_many_queries_at_once_miss_nothing(
    store: FaissVectors, vectors: NDArray[np.float32]
) -> None:
    halves = FaissVectors.build(vectors.astype(np.float16).astype(np.float32))
    queries = vectors[:40]
    assert np.array_equal(store.nearest_each(queries, 5), halves.nearest_each(queries, 5))


def test_blocks_and_places_are_one_store(
    vectors: NDArray[np.float32], lists: InvertedLists, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.vectors.faiss._EXACT_REACH", 200)
    monkeypatch.setattr("index.store.vectors.faiss._PROBE_SHARE", 1.0)
    halves = vectors.astype(np.float16)
    more = halves[::5].copy()
    blocks = [
        VectorBlock(halves, lists),
        VectorBlock(more, lists.file_others(more.astype(np.float32))),
        VectorBlock(halves[:50]),
    ]
    total = COUNT + len(more) + 50
    places = np.sort(np.random.default_rng(2).permutation(total)[: total - 900])
    whole = np.concatenate([halves, more, halves[:50]]).astype(np.float32)[places]
    store, exact = FaissVectors(blocks, places), FaissVectors.build(whole)
    rows = np.array([0, 17, len(places) - 1])
    assert np.array_equal(store.rows(rows), whole[rows])
    chance = np.random.default_rng(3).normal(size=(30, DIMENSION)).astype(np.float32)
    queries = chance / np.linalg.norm(chance, axis=1, keepdims=True)
    for allowed in (None, np.arange(0, len(places), 3)):
        shares = [
            len(np.intersect1d(store.nearest(q, TOP, allowed), exact.nearest(q, TOP, allowed)))
            for q in queries[:, None]
        ]
        assert np.mean(shares) >= 0.97 * TOP
    mine, theirs = (one.nearest_each(queries, 4) for one in (store, exact))
    assert np.array_equal(whole[mine], whole[theirs])  # some vectors are there twice


def test_a_large_part_is_looked_at_where_it_lies(
    vectors: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.vectors.faiss.EXACT_LIMIT", 1000)
    store = FaissVectors([VectorBlock(vectors.astype(np.float16))])
    rows = np.arange(0, COUNT, 2)
    part = store.subset(rows)
    assert part.count == len(rows)
    assert np.array_equal(part.rows(np.arange(9)), store.rows(rows[:9]))
    copied = FaissVectors.build(store.rows(rows))
    assert np.array_equal(part.nearest_each(vectors[:9], 5), copied.nearest_each(vectors[:9], 5))


def test_lists_are_read_and_found_to_be_those_of_the_vectors(
    vectors: NDArray[np.float32], lists: InvertedLists, tmp_path: Path
) -> None:
    path = tmp_path / "lists.faiss"
    lists.save(path)
    again = InvertedLists.load(path, COUNT, DIMENSION)
    mine, theirs = (one.search(vectors[:5], 5, 9, None)[1] for one in (again, lists))
    assert np.array_equal(mine, theirs)
    more = vectors[:300]
    assert again.file_others(more).search(more[:1], 1, 9, None)[1].tolist() == [[0]]
    with pytest.raises(SnapshotError, match="other lists"):
        InvertedLists.load(path, COUNT + 1, DIMENSION)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(SnapshotError, match="cannot be read"):
        InvertedLists.load(path, COUNT, DIMENSION)
