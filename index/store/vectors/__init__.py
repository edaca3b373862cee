"""Where passage vectors are kept and searched: one small protocol, FAISS by default."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors

Rows = NDArray[np.int64]


class VectorStore(Protocol):
    """Unit vectors by row number, searched by dot product."""

    @property
    def count(self) -> int:
        """How many vectors there are."""
        ...

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        ...

    def nearest(self, queries: Vectors, top: int, allowed: Rows | None = None) -> Rows:
        """Return the distinct rows among the ``top`` nearest of any query, ascending.

        A large store may miss one in a hundred; it never returns fewer than there are.

        Args:
            queries: (n, dimension) unit vectors.
            top: rows wanted for each query.
            allowed: the only rows that may be found; all when None.
        """
        ...

    def nearest_each(self, queries: Vectors, top: int) -> Rows:
        """Return the rows nearest to each query, nearest first: (n, min(top, count)).

        Made for thousands of queries at once: they share one pass over the vectors, and none of
        the nearest is missed.

        Args:
            queries: (n, dimension) unit vectors.
            top: rows wanted for each query.
        """
        ...

    def subset(self, rows: Rows) -> VectorStore:
        """Return a store of ``rows`` alone, numbered by their place in it."""
        ...

    def rows(self, rows: Rows) -> Vectors:
        """Return the vectors of ``rows``: (len(rows), dimension)."""
        ...
