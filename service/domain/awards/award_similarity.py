"""Likeness: the awards of one funder that come nearest to a text in meaning, and by how much.

Words play no part in it, so it takes a fraction of a search. A funder that was asked of is kept
apart with its vectors: whoever is asked of once is asked of for the next pilot too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.search.query import Query
from index.search.searcher import Searcher
from index.search.signals.meaning import MeaningSignal
from index.store.vectors import Rows, VectorStore

_NEAREST_PASSAGES = 300
"""Passages nearest to each part of a text whose awards are compared with it in full."""


@dataclass(frozen=True, eq=False)
class _FunderAwards:
    """A funder's awards that are indexed, by their row, and who owns each of its vectors."""

    ids: dict[int, str]
    rows: dict[str, int]
    vectors: VectorStore
    owners: Rows


class AwardSimilarity:
    """Compares texts with the awards of a funder. Safe to share by threads."""

    def __init__(self, searcher: Searcher, by_funder: Mapping[str, Sequence[str]]) -> None:
        self._searcher = searcher
        self._by_funder = by_funder
        self._known: dict[str, _FunderAwards] = {}

    def nearest(self, query: Query, funder: str, least: float) -> list[tuple[str, float]]:
        """Return the awards of ``funder`` nearest to ``query``, the most similar first.

        Args:
            query: a text that was read already; it is not encoded again.
            funder: a key of a funder.
            least: likeness (0 to 1) below which none is returned.
        """
        apart = self._funder_awards(funder)
        near = apart.vectors.nearest(query.vectors, _NEAREST_PASSAGES)
        return self._compare(query, apart, np.unique(apart.owners[near]), least)

    def similarities(
        self, query: Query, funder: str, ids: Collection[str], least: float
    ) -> list[tuple[str, float]]:
        """Return of these awards of ``funder`` what `nearest` does of all."""
        apart = self._funder_awards(funder)
        rows = sorted(apart.rows[id_] for id_ in ids if id_ in apart.rows)
        return self._compare(query, apart, np.array(rows, np.int64), least)

    def _compare(
        self, query: Query, apart: _FunderAwards, rows: Rows, least: float
    ) -> list[tuple[str, float]]:
        if not len(rows) or not query.parts:
            return []
        meant = MeaningSignal(self._searcher.corpus, query).values(rows)
        found = [
            (apart.ids[row], value)
            for row, value in zip(rows.tolist(), meant.tolist(), strict=True)
            if value >= least
        ]
        return sorted(found, key=lambda one: (-one[1], one[0]))

    def _funder_awards(self, funder: str) -> _FunderAwards:
        if funder not in self._known:
            ids = sorted(self._searcher.documents.intersection(self._by_funder.get(funder, ())))
            mask = self._searcher.corpus.allowed_mask(ids)
            rows = np.flatnonzero(mask).tolist()  # they ascend as ids do
            self._known[funder] = _FunderAwards(
                dict(zip(rows, ids, strict=True)),
                dict(zip(ids, rows, strict=True)),
                *self._searcher.corpus.passage_store(mask),
            )
        return self._known[funder]
