"""Passage vectors in FAISS: compared one by one, or when there are many by inverted lists.

Vectors lie in blocks that are mapped from files. A new snapshot shares the blocks of the one before
and adds another, so a row has a place, and some places belong to no row any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors
from index.store.vectors import Rows
from index.store.vectors.lists import InvertedLists, row_selector

EXACT_LIMIT = 100_000
"""Vectors up to which a query is compared with each; `bench/index_growth.py` measures both ways."""

_EXACT_REACH = 20_000
"""Vectors up to which a filter's are compared one by one in a larger store."""

_PROBE_SHARE = 1 / 6
"""Share of the lists that a search reads: .99 of the ten nearest, at 100,000 vectors and more."""

_MORE = 400
"""How many more are taken from the lists than wanted, before they are scored again."""

_BLOCK_SIZE = 50_000
"""Vectors copied at once: 75 MB."""

_FEW = 4
"""A filter that leaves less than one in so many is faster copied out than looked over."""


@dataclass(frozen=True, eq=False)
class VectorBlock:
    """Unit vectors (n, dimension) in single or half precision, and their lists if there are any."""

    vectors: NDArray[Any]
    lists: InvertedLists | None = None


class FaissVectors:
    """Vectors by row: exact up to `EXACT_LIMIT` of them, by lists where the blocks have some."""

    def __init__(self, blocks: Sequence[VectorBlock], places: Rows | None = None) -> None:
        """Hold the vectors of ``blocks``.

        Args:
            blocks: at least one.
            places: for each row its place in all blocks together; in order when None.
        """
        self._blocks = tuple(blocks)
        self._bounds = np.cumsum([0, *(len(block.vectors) for block in self._blocks)])
        self._places = places
        self.count = int(self._bounds[-1]) if places is None else len(places)
        self.dimension = int(self._blocks[0].vectors.shape[1])
        self._owners: Rows | None = None
        if places is not None:
            self._owners = np.full(int(self._bounds[-1]), -1, np.int64)
            self._owners[places] = np.arange(len(places))

    @classmethod
    def build(cls, vectors: Vectors) -> FaissVectors:
        """Hold ``vectors`` (n, dimension) in memory; row numbers are their order."""
        vectors = np.ascontiguousarray(vectors, np.float32)
        if len(vectors) <= EXACT_LIMIT:
            return cls([VectorBlock(vectors)])
        return cls([VectorBlock(vectors.astype(np.float16), InvertedLists.learn(vectors))])

    def nearest(self, queries: Vectors, top: int, allowed: Rows | None = None) -> Rows:
        """Return the distinct rows among the ``top`` nearest of any query, ascending."""
        reach = self.count if allowed is None else len(allowed)
        if not reach or not len(queries):
            return np.zeros(0, np.int64)
        if reach <= top:
            return np.arange(self.count, dtype=np.int64) if allowed is None else np.sort(allowed)
        has_lists = any(block.lists for block in self._blocks)
        search = self._search_lists if has_lists and reach > _EXACT_REACH else self._search_all
        found = search(np.ascontiguousarray(queries, np.float32), top, allowed)
        distinct: Rows = np.unique(found[found >= 0])
        return distinct

    def nearest_each(self, queries: Vectors, top: int) -> Rows:
        """Return the rows nearest to each query, nearest first: (n, min(top, count))."""
        wanted = min(top, self.count)
        if not wanted or not len(queries):
            return np.zeros((len(queries), wanted), np.int64)
        return self._search_all(np.ascontiguousarray(queries, np.float32), wanted, None)

    def subset(self, rows: Rows) -> FaissVectors:
        """Return a store of ``rows`` alone, numbered by their place in it.

        It has a copy of the vectors if they are few, and looks at these ones if they are many.
        """
        if len(rows) > EXACT_LIMIT:
            return FaissVectors(self._blocks, self._places_of(rows))
        copied = np.empty((len(rows), self.dimension), np.float32)
        for start in range(0, len(rows), _BLOCK_SIZE):
            copied[start : start + _BLOCK_SIZE] = self.rows(rows[start : start + _BLOCK_SIZE])
        return FaissVectors.build(copied)

    def rows(self, rows: Rows) -> Vectors:
        """Return the vectors of ``rows``: (len(rows), dimension)."""
        places = self._places_of(rows)
        if len(self._blocks) == 1:
            return self._blocks[0].vectors[places].astype(np.float32, copy=False)
        taken = np.empty((len(places), self.dimension), np.float32)
        numbers = np.searchsorted(self._bounds, places, side="right") - 1
        for number, block in enumerate(self._blocks):
            own = numbers == number
            taken[own] = block.vectors[places[own] - self._bounds[number]]
        return taken

    def _places_of(self, rows: Rows) -> Rows:
        return rows if self._places is None else self._places[rows]

    def _rows_of(self, places: Rows) -> Rows:
        """Return the rows at ``places``; -1 stays."""
        if self._owners is None:
            return places
        rows: Rows = np.where(places < 0, -1, self._owners[places])
        return rows

    def _wanted(self, allowed: Rows | None) -> list[NDArray[np.bool_] | None]:
        """Return for each block which of its vectors may be found; None when all may."""
        if allowed is None and self._places is None:
            return [None] * len(self._blocks)
        wanted = np.zeros(int(self._bounds[-1]), np.bool_)
        rows = np.arange(self.count) if allowed is None else allowed
        wanted[self._places_of(rows)] = True
        return [None if own.all() else own for own in np.split(wanted, self._bounds[1:-1])]

    def _search_all(self, queries: Vectors, top: int, allowed: Rows | None) -> Rows:
        """Compare with every vector that may be found; return rows, nearest first: (n, top)."""
        best = _Best(len(queries), top)
        for block, start, own in zip(
            self._blocks, self._bounds, self._wanted(allowed), strict=False
        ):
            _compare_block(queries, block.vectors, int(start), own, best)
        return self._rows_of(best.in_order())

    def _search_lists(self, queries: Vectors, top: int, allowed: Rows | None) -> Rows:
        """Compare with the vectors in the nearest lists; return rows, nearest first: (n, top).

        A filter's rows are the thinner spread the fewer they are, so more lists are read for it;
        and when they hold too few all the same, every list is.
        """
        wanted = self._wanted(allowed)
        share = int(self._bounds[-1]) / (self.count if allowed is None else len(allowed))
        found = np.zeros((len(queries), 0), np.int64)
        for factor in (share, np.inf):
            best = _Best(len(queries), top + _MORE)
            for block, start, own in zip(self._blocks, self._bounds, wanted, strict=False):
                if block.lists is None:
                    _compare_block(queries, block.vectors, int(start), own, best)
                    continue
                probes = block.lists.centres * min(1.0, _PROBE_SHARE * factor)
                scores, rows = block.lists.search(queries, best.top, round(probes + 0.5), own)
                best.add(scores, np.where(rows < 0, -1, rows + int(start)))
            found = self._rows_of(best.in_order())
            if (found[:, top - 1] >= 0).all():
                break
        return self._score_again(queries, found)[:, :top]

    def _score_again(self, queries: Vectors, found: Rows) -> Rows:
        """Return ``found`` (n, candidates) in the order of the vectors themselves."""
        distinct, place = np.unique(found, return_inverse=True)
        exact = queries @ self.rows(np.maximum(distinct, 0)).T
        exact[:, distinct < 0] = -np.inf
        scores = np.take_along_axis(exact, place.reshape(found.shape), axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")
        return np.take_along_axis(found, order, axis=1)


class _Best:
    """The best of several searches: places and scores of each query, (queries, up to ``top``)."""

    def __init__(self, queries: int, top: int) -> None:
        self.top = top
        self._scores = np.full((queries, top), -np.inf, np.float32)
        self._places = np.full((queries, top), -1, np.int64)

    def add(self, scores: Vectors, places: Rows) -> None:
        """Take in what one search found; a place of -1 is none."""
        scores = np.concatenate([self._scores, np.where(places < 0, -np.inf, scores)], axis=1)
        places = np.concatenate([self._places, places], axis=1)
        kept = np.argpartition(-scores, self.top - 1, axis=1)[:, : self.top]
        self._scores = np.take_along_axis(scores, kept, axis=1)
        self._places = np.take_along_axis(places, kept, axis=1)

    def in_order(self) -> Rows:
        """Return the places, best first; among equals the first place."""
        order = np.lexsort((self._places, -self._scores), axis=1)
        places: Rows = np.take_along_axis(self._places, order, axis=1)
        return places


def _compare_block(
    queries: Vectors,
    vectors: NDArray[Any],
    start: int,
    wanted: NDArray[np.bool_] | None,
    best: _Best,
) -> None:
    """Compare ``queries`` with the ``wanted`` vectors of a block, which begins at place ``start``.

    Half-precision vectors are copied into single ones, a stretch at a time; so are those of a
    filter that leaves few.
    """
    if wanted is not None and wanted.sum() * _FEW < len(vectors):
        rows = np.flatnonzero(wanted)
        for begin in range(0, len(rows), _BLOCK_SIZE):
            taken = rows[begin : begin + _BLOCK_SIZE]
            scores, found = _nearest(queries, vectors[taken].astype(np.float32), best.top, None)
            best.add(scores, np.where(found < 0, -1, taken[found] + start))
        return
    step = max(len(vectors), 1) if vectors.dtype == np.float32 else _BLOCK_SIZE
    for begin in range(0, len(vectors), step):
        piece = vectors[begin : begin + step].astype(np.float32, copy=False)
        own = None if wanted is None else wanted[begin : begin + step]
        scores, found = _nearest(queries, piece, best.top, own)
        best.add(scores, np.where(found < 0, -1, found + begin + start))


def _nearest(
    queries: Vectors, vectors: Vectors, top: int, wanted: NDArray[np.bool_] | None
) -> tuple[Vectors, Rows]:
    """Return scores and rows of the ``top`` nearest of ``vectors``; -1 where there are no more."""
    count = min(top, len(vectors))
    scores = np.empty((len(queries), count), np.float32)
    rows = np.empty((len(queries), count), np.int64)
    compare: Any = faiss.knn_inner_product
    compare(
        faiss.swig_ptr(queries),
        faiss.swig_ptr(vectors),
        queries.shape[1],
        len(queries),
        len(vectors),
        count,
        faiss.swig_ptr(scores),
        faiss.swig_ptr(rows),
        None if wanted is None else row_selector(wanted),
    )
    return scores, rows
