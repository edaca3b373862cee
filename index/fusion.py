"""Signals to one score. Words count only as far as they can match at all.

Meaning is a cosine, words a BM25 share. Added plainly, BM25 ruins a Swedish query against English
calls: it ranks by the few stray words both languages share. So the words' value is multiplied by
the chance that the query is in the documents' language, and by their coverage: the share of the
query's telling words that these documents know. `docs/ranking.md` has the figures behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.query import QueryPart, Role

Values = NDArray[np.float32]

MEANING = "meaning"
WORDS = "words"

WEIGHTS = {MEANING: 0.88, WORDS: 0.12}
"""Shares of the score; they sum to 1."""


@dataclass(frozen=True)
class Part:
    """One signal of a hit: its value (0 to 1) and what it adds to the score."""

    name: str
    value: float
    contribution: float


def meaning(parts: Sequence[QueryPart], best: Vectors, whole: Vectors, unrelated: float) -> Values:
    """Fuse the query's parts: its title, its whole and its passages each count the same.

    Title and passages look for the best passage; the whole looks at the best passage and at the
    document as a whole alike, so that a paragraph which happens to be near is not everything.

    Args:
        parts: of the query.
        best: (len(parts), documents) cosine of each part with a document's best passage.
        whole: the same with the passage that stands for the whole document.
        unrelated: cosine that counts as nothing in common; the model's own.

    Returns:
        For each document a value from 0 to 1.
    """
    groups = []
    for role in Role:
        rows = [row for row, part in enumerate(parts) if part.role is role]
        if rows:
            found = (best[rows] + whole[rows]) / 2 if role is Role.WHOLE else best[rows]
            groups.append(found.mean(axis=0))
    cosine = np.mean(groups, axis=0)
    value: Values = np.clip((cosine - unrelated) / (1 - unrelated), 0, 1)
    return value


def words(scores: Values, coverage: float, chance: float) -> Values:
    """Turn BM25 ``scores`` of one language into values from 0 to 1.

    Args:
        scores: of every document in the language.
        coverage: share of the query's telling words that the language's documents know.
        chance: how likely the query is in this language, relative to the likeliest.
    """
    highest = float(scores.max(initial=0))
    value: Values = scores * (coverage * chance / highest) if highest > 0 else scores
    return value


def scores(values: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the scores of many documents at once; each is what `fuse` makes of its values."""
    total: NDArray[np.float64] = sum(
        (values[name] * weight for name, weight in WEIGHTS.items()), np.zeros(1)
    )
    return total


def fuse(values: dict[str, float]) -> tuple[float, tuple[Part, ...]]:
    """Return the score (0 to 1) of a document's ``values`` and the parts that add up to it."""
    parts = tuple(Part(n, values[n], values[n] * weight) for n, weight in WEIGHTS.items())
    return sum(part.contribution for part in parts), parts
