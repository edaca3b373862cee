"""Inverted lists in FAISS: vectors by the centre that each is nearest to, as short codes.

A search reads the lists of some centres instead of every vector, and codes a sixteenth as large:
four bits for two numbers. What it finds is scored again with the vectors themselves, so the codes
only have to find several hundred that the best are among.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors
from index.errors import SnapshotError
from index.store.vectors import Rows

_CENTRES_BY_ROOT = 4
"""Centres for each vector of the square root of how many there are."""

_SAMPLE_BY_CENTRE = 48
"""Vectors that a centre is learned from, on the average; FAISS asks for 39 at least."""

_ROUNDS = 8
"""Rounds of learning the centres; more move them little."""

_BLOCK_SIZE = 50_000
"""Vectors copied at once: 75 MB."""


class InvertedLists:
    """The lists of one block of vectors; rows are places in the block."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.centres = int(index.nlist)

    @classmethod
    def learn(cls, vectors: NDArray[Any]) -> InvertedLists:
        """Learn centres and codes of ``vectors`` (n, dimension), and file the vectors by them."""
        count, dimension = vectors.shape
        centres = 2 ** round(math.log2(_CENTRES_BY_ROOT * math.sqrt(count)))
        parts = dimension // 2 if dimension % 2 == 0 else dimension
        kind = f"IVF{centres},PQ{parts}x4fs"
        index: Any = faiss.index_factory(dimension, kind, faiss.METRIC_INNER_PRODUCT)
        index.cp.niter = _ROUNDS
        index.cp.max_points_per_centroid = _SAMPLE_BY_CENTRE
        chance = np.random.default_rng(0)
        size = min(count, _SAMPLE_BY_CENTRE * centres)
        sample = np.sort(chance.choice(count, size, replace=False))
        index.train(np.ascontiguousarray(vectors[sample], np.float32))
        return cls(_filled(index, vectors))

    def file_others(self, vectors: NDArray[Any]) -> InvertedLists:
        """File ``vectors`` under the same centres, in lists of their own."""
        empty = faiss.clone_index(self._index)
        empty.reset()
        return InvertedLists(_filled(empty, vectors))

    def save(self, path: Path) -> None:
        """Write everything to one file."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path, count: int, dimension: int) -> InvertedLists:
        """Read what `save` wrote; raise `SnapshotError` when it is not lists of those vectors."""
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise SnapshotError(f"The vectors in {path} cannot be read.") from error
        fits = isinstance(index, faiss.IndexIVFPQFastScan)
        if not fits or (index.ntotal, index.d) != (count, dimension):
            raise SnapshotError(f"{path} holds other lists than those of its vectors.")
        return cls(index)

    def search(
        self, queries: Vectors, top: int, probes: int, wanted: NDArray[np.bool_] | None
    ) -> tuple[Vectors, Rows]:
        """Return the nearest in the lists of the ``probes`` nearest centres.

        Args:
            queries: (n, dimension) unit vectors.
            top: rows wanted for each query.
            probes: how many lists are read.
            wanted: which rows may be found; all when None.

        Returns:
            Approximate cosines and rows, (n, top); a row is -1 where the lists hold no more.
        """
        selector = None if wanted is None else row_selector(wanted)
        limits = faiss.SearchParametersIVF(  # type: ignore[call-arg]
            sel=selector, nprobe=min(probes, self.centres)
        )
        scores, rows = self._index.search(queries, top, params=limits)
        return scores, rows


def row_selector(wanted: NDArray[np.bool_]) -> Any:
    """Return FAISS's selector of the rows that are ``wanted``."""
    bits: Any = np.packbits(wanted, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg]


def _filled(index: Any, vectors: NDArray[Any]) -> Any:
    for start in range(0, len(vectors), _BLOCK_SIZE):
        block = vectors[start : start + _BLOCK_SIZE]
        index.add(np.ascontiguousarray(block, np.float32))
    return index
