"""The index of vectors as it grows, against FAISS's exact search: time, recall and memory."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import faiss
import numpy as np

from bench.speed.clock import median_ratio, time_in_turns
from bench.speed.growth import base_vectors, mixed_vectors, product_encoder
from bench.speed.material import pilot_texts, real_calls
from bench.speed.plan import Plan
from bench.speed.rows import HERE, Bound, Place, Row, curve_row
from index.embedding.encoder import Vectors
from index.search.query import split_query
from index.store.vectors import Rows, VectorStore
from index.store.vectors.faiss import FaissVectors

CURVE = "a vector search"
EXACT = "exact"

_TOP = 10
_QUERIES = 64
_ONE_MILLION = 1_000_000


def measure(plan: Plan) -> list[Row]:
    """Compare at each number of vectors; the bounds are for a million."""
    base = base_vectors(plan, real_calls(plan))
    queries = _queries(plan)
    rows = []
    for size in plan.sizes:
        vectors = mixed_vectors(base, size)
        started = time.perf_counter()
        store = FaissVectors.build(vectors)
        seconds = time.perf_counter() - started
        rows += search_rows(store, vectors, queries, plan.rounds)
        how = "the product's index of vectors built in memory"
        rows.append(curve_row(Place("an index of vectors built", HERE, size), seconds, "s", how))
    return rows


def search_rows(store: VectorStore, vectors: Vectors, queries: Vectors, rounds: int) -> list[Row]:
    """Compare ``store`` with an exact search, a query at a time.

    Args:
        store: the product's index of ``vectors``.
        vectors: (n, dimension).
        queries: (m, dimension), what is searched with.
        rounds: how often all queries are searched with.
    """
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    singles = [queries[n : n + 1] for n in range(len(queries))]
    truth = [flat.search(query, _TOP)[1][0] for query in singles]
    found = [nearest_ten(store, query) for query in singles]
    recall = statistics.mean(
        len(np.intersect1d(a, b)) / len(b) for a, b in zip(found, truth, strict=True)
    )

    def all_of(search: Callable[[Vectors], object]) -> Callable[[], object]:
        return lambda: [search(query) for query in singles]

    ways = [all_of(lambda query: nearest_ten(store, query)), all_of(lambda q: flat.search(q, _TOP))]
    ours, exact = time_in_turns(ways, rounds)
    size = len(vectors)
    mine, other = (1000 * statistics.median(one) / len(singles) for one in (ours, exact))
    how = (
        f"{len(singles)} parts of pilots, one at a time, {size:,} mixed vectors: "
        f"{mine:.2f} against {other:.2f} ms"
    )
    large = size == _ONE_MILLION
    recall_bound = Bound(0.99, 0.99) if large else None
    time_bound = Bound(1 / 10, 1 / 50, less_is_better=True) if large else None
    return [
        Row(f"recall@10 against exact, {size:,} passages", recall, "of 1", how, recall_bound),
        Row(
            f"time of a search against exact, {size:,} passages",
            median_ratio(ours, exact),
            "of it",
            how,
            time_bound,
        ),
        curve_row(Place(CURVE, HERE, size), mine, "ms", "median of rounds, a query at a time"),
        curve_row(Place(CURVE, EXACT, size), other, "ms", "FAISS flat, a query at a time"),
    ]


def nearest_ten(store: VectorStore, query: Vectors) -> Rows:
    """Return the ten rows of ``store`` nearest to one query (1, dimension)."""
    return store.nearest(query, _TOP)


def _queries(plan: Plan) -> Vectors:
    """Return the vectors of parts of pilots, which are real."""
    texts = [
        text[part.span.start : part.span.end]
        for text in pilot_texts(plan)
        for part in split_query(text)
    ]
    step = max(1, len(texts) // _QUERIES)
    return product_encoder(plan).queries(texts[::step][:_QUERIES])
