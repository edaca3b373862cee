"""The awards of one funder that are nearest to a text in meaning, and how near they are.

Words play no part, so it takes a fraction of a search. The vectors of a funder stay in memory once
they were needed: the next pilot needs them too.
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
"""How many passages are found for each part of a text; their awards are compared in full."""


@dataclass(frozen=True, eq=False)
class _FunderAwards:
    """The indexed awards of a funder.

    Attributes:
        ids: the awards' ids by row of the index.
        rows: the rows by id.
        vectors: the vectors of the awards' passages.
        owners: the row of the award that each vector belongs to.
    """

    ids: dict[int, str]
    rows: dict[str, int]
    vectors: VectorStore
    owners: Rows


class AwardSimilarity:
    """Compares texts with the awards of a funder. Threads may share it."""

    def __init__(self, searcher: Searcher, by_funder: Mapping[str, Sequence[str]]) -> None:
        self._searcher = searcher
        self._by_funder = by_funder
        self._known: dict[str, _FunderAwards] = {}

    def nearest(self, query: Query, funder: str, least: float) -> list[tuple[str, float]]:
        """Return the awards of ``funder`` nearest to ``query``, the most similar first.

        Args:
            query: an encoded text; it is not encoded again.
            funder: the funder's key.
            least: the least similarity (0 to 1) of an award that is returned.
        """
        awards = self._funder_awards(funder)
        passages = awards.vectors.nearest(query.vectors, _NEAREST_PASSAGES)
        return self._compare(query, awards, np.unique(awards.owners[passages]), least)

    def similarities(
        self, query: Query, funder: str, ids: Collection[str], least: float
    ) -> list[tuple[str, float]]:
        """Return the same as `nearest`, of the awards in ``ids`` alone."""
        awards = self._funder_awards(funder)
        rows = sorted(awards.rows[id_] for id_ in ids if id_ in awards.rows)
        return self._compare(query, awards, np.array(rows, np.int64), least)

    def _compare(
        self, query: Query, awards: _FunderAwards, rows: Rows, least: float
    ) -> list[tuple[str, float]]:
        if not len(rows) or not query.parts:
            return []
        meaning = MeaningSignal(self._searcher.corpus, query).values(rows)
        similarities = [
            (awards.ids[row], value)
            for row, value in zip(rows.tolist(), meaning.tolist(), strict=True)
            if value >= least
        ]
        return sorted(similarities, key=lambda pair: (-pair[1], pair[0]))

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
