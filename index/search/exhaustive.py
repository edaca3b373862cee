"""Every document ranked, not only those that a search reaches: for the place of one far down."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from index.search.fusion import QuerySignals
from index.search.hit import Hit
from index.search.query import Query
from index.search.searcher import Searcher

_BLOCK_SIZE = 2_000
"""Documents that are scored at a time: their passages take some 30 MB."""


def rank_all(searcher: Searcher, query: Query, allowed: Collection[str]) -> list[Hit]:
    """Return all of ``allowed`` that are indexed, best first.

    Args:
        searcher: an opened snapshot.
        query: what `Searcher.query` returned; without parts nothing is near it.
        allowed: ids; a score does not depend on them.
    """
    if not query.parts:
        return []
    signals = QuerySignals(searcher.corpus, query)
    rows = np.flatnonzero(searcher.corpus.allowed_mask(allowed)).astype(np.int64)
    hits = [
        hit
        for start in range(0, len(rows), _BLOCK_SIZE)
        for hit in searcher.score_rows(signals, rows[start : start + _BLOCK_SIZE], _BLOCK_SIZE)
    ]
    # blocks ascend as ids do, so equals stand in order of their ids
    return sorted(hits, key=lambda hit: -hit.strength)
