"""Passage vectors in FAISS: exact search, no training, one file. Only this module imports faiss."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.embedding.encoder import Vectors
from index.errors import SnapshotError
from index.store.vectors import Rows

_BLOCK_SIZE = 50_000
"""Vectors copied at once: 75 MB."""


class FaissVectors:
    """A flat inner-product index; 100,000 vectors of 384 take 150 MB and 20 ms a query."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.count = int(index.ntotal)
        self.dimension = int(index.d)
        self._held = _view(index)

    @classmethod
    def build(cls, vectors: Vectors) -> FaissVectors:
        """Hold ``vectors`` (n, dimension); row numbers are their order."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> FaissVectors:
        """Read what `save` wrote; raise `SnapshotError` when it is not that."""
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise SnapshotError(f"The vectors in {path} cannot be read.") from error
        if not isinstance(index, faiss.IndexFlat):
            raise SnapshotError(f"{path} holds another kind of index than a flat one.")
        return cls(index)

    def save(self, path: Path) -> None:
        """Write everything to one file."""
        faiss.write_index(self._index, str(path))

    def nearest(self, queries: Vectors, top: int, allowed: Rows | None = None) -> Rows:
        """Return the distinct rows among the ``top`` nearest of any query, ascending."""
        reach = self.count if allowed is None else len(allowed)
        if not reach or not len(queries):
            return np.zeros(0, np.int64)
        if reach <= top:
            return np.arange(self.count, dtype=np.int64) if allowed is None else np.sort(allowed)
        limits = None
        if allowed is not None:
            limits = faiss.SearchParameters(  # type: ignore[call-arg]
                sel=faiss.IDSelectorBatch(allowed)
            )
        _, nearest = self._index.search(queries, top, params=limits)
        distinct: Rows = np.unique(nearest[nearest >= 0])
        return distinct

    def nearest_each(self, queries: Vectors, top: int) -> Rows:
        """Return the rows nearest to each query, nearest first: (n, min(top, count))."""
        wanted = min(top, self.count)
        if not wanted or not len(queries):
            return np.zeros((len(queries), wanted), np.int64)
        nearest: Rows = self._index.search(np.ascontiguousarray(queries, np.float32), wanted)[1]
        return nearest

    def subset(self, rows: Rows) -> FaissVectors:
        """Return a store of ``rows`` alone, numbered by their place in it."""
        smaller = faiss.IndexFlatIP(self.dimension)
        for start in range(0, len(rows), _BLOCK_SIZE):
            smaller.add(self.rows(rows[start : start + _BLOCK_SIZE]))
        return FaissVectors(smaller)

    def rows(self, rows: Rows) -> Vectors:
        """Return the vectors of ``rows``: (len(rows), dimension)."""
        vectors: Vectors = self._held[rows]
        return vectors


def _view(index: Any) -> Vectors:
    """Return the vectors as the index holds them; valid as long as the index is, and unchanged."""
    if not index.ntotal:
        return np.zeros((0, index.d), np.float32)
    flat: Vectors = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
    return flat.reshape(index.ntotal, index.d)
