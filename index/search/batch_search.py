"""Many queries at once: one pass over the vectors for a whole batch, then each scored in full.

A search looks at every vector for one query; ten thousand searches would read all of them ten
thousand times. Here the nearest passages of a batch come from one matrix product in blocks. The
score of a document is the Searcher's own, so both give the same order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from index.search.fusion import QuerySignals
from index.search.hit import Hit
from index.search.query import Query
from index.search.searcher import CANDIDATE_COUNT, Searcher
from index.search.signals.meaning import MeaningSignal
from index.store.vectors import Rows

BATCH_SIZE = 512
"""Queries that share a pass: their nearest rows take about 10 MB."""


class BatchSearch:
    """A searcher, and the documents that a whole batch of queries may find."""

    def __init__(
        self,
        searcher: Searcher,
        allowed: Collection[str] | None = None,
        reach: int = CANDIDATE_COUNT,
    ) -> None:
        """Take the vectors of ``allowed`` documents out of ``searcher``; all when None.

        Args:
            searcher: an opened snapshot.
            allowed: ids that may be found.
            reach: passages for each part of a query, and documents by words, scored in full.
        """
        self._searcher = searcher
        self._allowed = searcher.corpus.allowed_mask(allowed)
        self._vectors, self._owners = searcher.corpus.passage_store(self._allowed)
        self._reach = reach

    @property
    def count(self) -> int:
        """How many documents may be found."""
        return int(self._allowed.sum())

    def search(
        self,
        queries: Sequence[Query],
        *,
        top: int = 10,
        also: Sequence[Collection[str]] | None = None,
    ) -> Iterator[list[Hit]]:
        """Yield the ``top`` documents for each query, best first.

        Args:
            queries: what `Searcher.query` returned; any number.
            top: how many at most.
            also: for each query ids that come after the top, in order of score, where they are
                allowed and not among it.
        """
        pairs = list(zip(queries, also or [()] * len(queries), strict=True))
        for start in range(0, len(pairs), BATCH_SIZE):
            batch = pairs[start : start + BATCH_SIZE]
            near = self._nearest_documents([query for query, _ in batch])
            for (query, more), rows in zip(batch, near, strict=True):
                yield self._score(query, rows, more, top)

    def _nearest_documents(self, queries: Sequence[Query]) -> list[Rows]:
        """Return for each query the documents that own the passages nearest to its parts."""
        vectors = np.concatenate([query.vectors for query in queries])
        nearest = self._vectors.nearest_each(vectors, max(self._reach, 1))
        ends = np.cumsum([len(query.vectors) for query in queries])
        return [self._owners[rows].ravel() for rows in np.split(nearest, ends[:-1])]

    def _score(self, query: Query, near: Rows, also: Collection[str], top: int) -> list[Hit]:
        if not query.parts:
            return []
        corpus = self._searcher.corpus
        signals = QuerySignals(corpus, query)
        extra = np.flatnonzero(corpus.allowed_mask(also) & self._allowed) if also else near[:0]
        candidates = signals.candidates(self._allowed, self._reach, {MeaningSignal: near})
        rows: Rows = np.union1d(candidates, extra).astype(np.int64)
        return self._searcher.score_rows(signals, rows, top, extra)
