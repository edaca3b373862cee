"""Vectors that are kept and searched."""

from __future__ import annotations

import numpy as np

from index.store.vectors.faiss import FaissVectors


def test_faiss_finds_the_same_rows_as_a_plain_product() -> None:
    generator = np.random.default_rng(3)
    vectors = generator.normal(size=(500, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store = FaissVectors.build(vectors)
    allowed = np.arange(0, 500, 3)
    query = vectors[:2]
    expected = {int(allowed[i]) for i in np.argsort(-(query @ vectors[allowed].T))[:, :5].ravel()}
    assert set(store.nearest(query, 5, allowed).tolist()) == expected
    assert np.array_equal(store.rows(np.array([7, 3])), vectors[[7, 3]])


def test_the_nearest_of_each_query_are_in_order() -> None:
    vectors = np.eye(6, dtype=np.float32)
    store = FaissVectors.build(vectors)
    queries = np.array([[0, 0, 1, 0.5, 0, 0], [0.2, 0, 0, 0, 0, 1]], np.float32)
    assert store.nearest_each(queries, 2).tolist() == [[2, 3], [5, 0]]
    assert store.nearest_each(queries, 9).shape == (2, 6)
    smaller = store.subset(np.array([1, 2, 5]))
    assert smaller.nearest_each(queries, 1).tolist() == [[1], [2]]
    assert store.subset(np.zeros(0, np.int64)).nearest_each(queries, 3).shape == (2, 0)
