"""Many queries at once: one pass over the vectors for a whole batch, exact for every document.

A search looks at every vector for one query; ten thousand searches would read all of them ten
thousand times. Here a batch is compared with all documents by matrix products over blocks of them
(`index.search.meaning_blocks`), and what is below the least score, or beyond the top, is dropped at
once, without being sorted. Only what is left is scored in full, by the Searcher's own code: so
scores and order are those of a search that leaves no document out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from index.search.fusion import SIGNAL_WEIGHTS, QuerySignals
from index.search.hit import Hit
from index.search.meaning_blocks import MeaningBlocks, QueryBatch
from index.search.query import Query
from index.search.searcher import Searcher
from index.search.signals.meaning import MeaningSignal
from index.search.signals.signal import Values
from index.store.vectors import Rows

BATCH_SIZE = 1024
"""Queries that share a pass at most."""

_BATCH_BYTES = 256 * 2**20
"""Bytes that the words of a batch may take."""

_PAIR_BYTES = 5
"""Bytes of words that a query and a document take: the value, and the level it is rounded to."""

_LEVELS = 255
"""Levels that what the other signals add is rounded up to: one byte each."""

_ROUNDING = 1e-5
"""How far a strength may differ by rounding, where products are taken in another order."""


class BatchSearch:
    """A searcher, and the documents that a whole batch of queries may find."""

    def __init__(self, searcher: Searcher, allowed: Collection[str] | None = None) -> None:
        """Lay out the ``allowed`` documents of ``searcher``; all when None.

        Args:
            searcher: an opened snapshot.
            allowed: ids that may be found.
        """
        self._searcher = searcher
        self._allowed = searcher.corpus.allowed_mask(allowed)
        self._blocks = MeaningBlocks(searcher.corpus, np.flatnonzero(self._allowed))

    @property
    def count(self) -> int:
        """How many documents may be found."""
        return len(self._blocks.rows)

    def search(
        self,
        queries: Sequence[Query],
        *,
        top: int = 10,
        also: Sequence[Collection[str]] | None = None,
        least: float = 0.0,
    ) -> Iterator[list[Hit]]:
        """Yield the ``top`` documents for each query, best first.

        Args:
            queries: what `Searcher.query` returned; any number.
            top: how many at most.
            also: for each query ids that come after the top, in order of score, where they are
                allowed and not among it.
            least: the least score (0 to 1) of those in the top. The higher, the faster.
        """
        pairs = list(zip(queries, also or [()] * len(queries), strict=True))
        held = _PAIR_BYTES * max(self._searcher.corpus.document_count, 1)
        size = min(BATCH_SIZE, max(1, _BATCH_BYTES // held))
        for start in range(0, len(pairs), size):
            yield from self._search_batch(pairs[start : start + size], top, least)

    def _search_batch(
        self, pairs: Sequence[tuple[Query, Collection[str]]], top: int, least: float
    ) -> Iterator[list[Hit]]:
        corpus = self._searcher.corpus
        signals = [QuerySignals(corpus, query) for query, _ in pairs]
        batch = QueryBatch([query for query, _ in pairs])
        sieve = _Sieve(len(batch.order), self._blocks.rows, top)
        for place, number in enumerate(batch.order):
            background = self._searcher.background(signals[number])
            others = signals[number].strengths_beside(MeaningSignal, self._blocks.rows)
            sieve.set_query(place, others, background.least_strength(least))
        for block, places, meaning in self._blocks.compare(batch):
            sieve.add(block.start, places, meaning)
        found = dict(zip(batch.order, sieve.rows(), strict=True))
        for number, (_, more) in enumerate(pairs):
            if number not in found:
                yield []
                continue
            extra = np.flatnonzero(corpus.allowed_mask(more) & self._allowed)
            rows: Rows = np.union1d(found[number], extra)
            hits = self._searcher.score_rows(signals[number], rows, top, extra)
            yield [hit for hit in hits if hit.score >= least or hit.document in more]


@dataclass(frozen=True, eq=False)
class _Catch:
    """Documents that some queries may have found: queries, rows and strengths in a row."""

    queries: Rows
    rows: Rows
    strengths: Values


class _Sieve:
    """Keeps the documents that may be among the top of each query, by strength."""

    def __init__(self, queries: int, rows: Rows, top: int) -> None:
        """Begin with nothing.

        Args:
            queries: how many.
            rows: of all documents, in the order in which they come.
            top: how many are wanted for each query.
        """
        self._rows = rows
        self._top = top
        self._others = np.zeros((queries, len(rows)), np.uint8)
        self._floors = np.full(queries, -np.inf, np.float32)
        self._caught: list[_Catch] = []

    def set_query(self, place: int, others: Values, least: float) -> None:
        """Say what the other signals add to a query's strengths, and which strength is enough."""
        levels = others * np.float32(_LEVELS / _BESIDE)
        np.ceil(levels, out=levels)
        # the highest level is all that there is, and a rounding above it would begin anew at 0
        self._others[place] = np.minimum(levels, _LEVELS, out=levels)
        self._floors[place] = least - _ROUNDING

    def add(self, start: int, places: slice, meaning: Values) -> None:
        """Look at the documents from ``start`` on: (queries, documents), which is changed."""
        others = self._others[places, start : start + meaning.shape[1]]
        meaning *= np.float32(SIGNAL_WEIGHTS[MeaningSignal])
        meaning += others * np.float32(_BESIDE / _LEVELS)
        self._raise_floors(places, meaning)
        flat = np.flatnonzero(meaning >= self._floors[places, None])
        if len(flat):
            query, document = np.divmod(flat, meaning.shape[1])
            rows = self._rows[start + document]
            self._caught.append(_Catch(query + places.start, rows, meaning.ravel()[flat]))

    def _raise_floors(self, places: slice, strengths: Values) -> None:
        """Drop what cannot be in the top: so many of these alone are stronger."""
        if strengths.shape[1] <= self._top:
            return
        floors = self._floors[places]
        enough = (strengths >= floors[:, None]).sum(axis=1)
        for query in np.flatnonzero(enough > self._top):
            floors[query] = max(floors[query], self._floor(strengths[query]))

    def _floor(self, strengths: Values) -> float:
        """Return what a document needs to come into the top, when there are these."""
        highest = np.partition(strengths, -self._top)[-self._top]
        return float(highest) - _BESIDE / _LEVELS - _ROUNDING

    def rows(self) -> list[Rows]:
        """Return for each query the documents that may be in its top, in no order."""
        nothing = np.zeros(0, np.int64)
        caught = self._caught or [_Catch(nothing, nothing, np.zeros(0, np.float32))]
        queries = np.concatenate([one.queries for one in caught])
        rows = np.concatenate([one.rows for one in caught])
        strengths = np.concatenate([one.strengths for one in caught])
        order = np.argsort(queries, kind="stable")
        ends = np.searchsorted(queries[order], np.arange(len(self._floors) + 1))
        found: list[Rows] = []
        for first, stop in pairwise(ends.tolist()):
            own = order[first:stop]
            if len(own) > self._top:
                own = own[strengths[own] >= self._floor(strengths[own])]
            found.append(rows[own])
        return found


_BESIDE = 1 - SIGNAL_WEIGHTS[MeaningSignal]
"""The most that the other signals add to a strength."""
