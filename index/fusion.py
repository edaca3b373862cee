"""Signals to one score. Words count only as far as they can match at all.

Meaning is a cosine, words a BM25 share. Added plainly, BM25 ruins a Swedish query against English
calls: it ranks by the few stray words both languages share. So the words' value is multiplied by
their coverage, the share of the query's telling words that the calls' language knows: about 0.7
within a language and 0.1 across. `docs/ranking.md` has the figures behind the constants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.query import QueryPart, Role

MEANING = "meaning"
WORDS = "words"

WEIGHTS = {MEANING: 0.9, WORDS: 0.1}
"""Shares of the score; they sum to 1."""

_UNRELATED = 0.55
"""Cosine that counts as nothing in common: e5 gives any two texts more than this."""


@dataclass(frozen=True)
class Part:
    """One signal of a hit: its value (0 to 1) and what it adds to the score."""

    name: str
    value: float
    contribution: float


def meaning(parts: Sequence[QueryPart], best: Vectors) -> NDArray[np.float32]:
    """Fuse the query's parts: title, whole text and passages each count the same.

    Args:
        parts: of the query.
        best: (len(parts), documents) cosine of each part with a document's best passage.

    Returns:
        For each document a value from 0 to 1.
    """
    groups = []
    for role in Role:
        rows = [row for row, part in enumerate(parts) if part.role is role]
        if rows:
            groups.append(best[rows].mean(axis=0))
    cosine = np.mean(groups, axis=0)
    value: NDArray[np.float32] = np.clip((cosine - _UNRELATED) / (1 - _UNRELATED), 0, 1)
    return value


def fuse(values: dict[str, float]) -> tuple[float, tuple[Part, ...]]:
    """Return the score (0 to 1) of a document's ``values`` and the parts that add up to it."""
    parts = tuple(Part(n, values[n], values[n] * weight) for n, weight in WEIGHTS.items())
    return sum(part.contribution for part in parts), parts
