"""What texts of each length score by chance: a long one has some words of any query.

BM25 was made for texts of about one length. Where a third of all calls are three lines and others
three pages, a page of query finds the long ones by far too well. So what a query's scores have in
common with the length of the texts is taken off: most texts have nothing to do with a query, and
show what chance does at their length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FACTOR = 1.5
"""How many times what chance gives on average a text has to score to count at all.

Fitted on the mixed list of `bench/lengths.py`: up to it short calls gain, above it calls with a
full text lose more than short ones gain.
"""

_HALF_TRUST = 100
"""Texts among which chance is half trusted: of a few, those that answer the query are too many."""

_DEGREE = 2
"""Of the curve over the logarithm of the length."""


class LengthTrend:
    """The lengths of some texts, and what scores have in common with them."""

    def __init__(self, lengths: NDArray[np.int64]) -> None:
        """Prepare for texts of so many words each: (texts,)."""
        logs = np.log1p(lengths.astype(np.float64))
        spread = logs.std() if len(logs) else 0.0
        even = (logs - logs.mean()) / spread if spread > 0 else np.zeros(len(logs))
        curve = np.stack([even**power for power in range(_DEGREE + 1)], axis=1)
        # the pseudo-inverse also fits texts of only one or two lengths
        self._fit = np.linalg.pinv(curve).astype(np.float32)
        self._curve = curve.astype(np.float32)
        self._factor = np.float32(_FACTOR * len(logs) / (len(logs) + _HALF_TRUST))

    def above_chance(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how far each text scores above what its length gives by chance: (texts,)."""
        chance = np.maximum(self._curve @ (self._fit @ scores), 0)
        above: NDArray[np.float32] = np.maximum(scores - self._factor * chance, 0)
        return above
