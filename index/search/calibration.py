"""From a strength to a probability: how likely a document is worth reading.

The same strength means much for one query and little for another: a page about care in general is
fairly near to everything, three precise words to nothing. So a strength is measured in standard
deviations above the mean of two backgrounds: what a list of subjects of every kind
(``subjects.txt``) has for this very query, and what the collection's own documents have. The first
keeps a score from falling because all of a small collection is on one field, the second counts
more the larger the collection is. A logistic curve turns deviations into a probability.

`bench/calibration.py` fits the curves on topics that training left out and measures them on others.
Only the call that funded a project counts as right there, and others that would have done count as
wrong: so the probability is a careful one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

_MAX_SAMPLE_WEIGHT = 0.5
"""Weight of a large collection's own documents; the subjects have the rest."""

_HALF_WEIGHT_SIZE = 300
"""Documents in a collection that has half of that weight."""

_MIN_DEVIATION = 0.03
"""The smallest deviation: so few subjects do not show a smaller one."""


@dataclass(frozen=True)
class CalibrationCurve:
    """Log-odds by deviations: at ``half`` a document is as likely worth reading as not."""

    half: float
    slope: float

    def probability(self, deviations: float) -> float:
        """Return the probability (0 to 1) at so many standard deviations."""
        odds = min(max(self.slope * (deviations - self.half), -50.0), 50.0)
        return 1 / (1 + math.exp(-odds))

    def deviations(self, probability: float) -> float:
        """Return the deviations from which on a probability (above 0, below 1) is reached."""
        return self.half + math.log(probability / (1 - probability)) / self.slope


TEXT_CURVE = CalibrationCurve(6.42, 1.66)
"""For queries of more than one part."""

TITLE_CURVE = CalibrationCurve(7.36, 1.18)
"""For a few words, which are always near to some title."""


@dataclass(frozen=True)
class Background:
    """The strengths that anything at all has for one query, and the curve of its kind."""

    mean: float
    deviation: float
    curve: CalibrationCurve = TEXT_CURVE

    @classmethod
    def from_strengths(
        cls, subjects: Doubles, own: Doubles, documents: int, curve: CalibrationCurve = TEXT_CURVE
    ) -> Background:
        """Return the background of one query.

        Args:
            subjects: strengths of the subjects.
            own: strengths of documents taken at random; may be empty.
            documents: how many the collection has.
            curve: of the query's kind.
        """
        weight = (
            _MAX_SAMPLE_WEIGHT * documents / (documents + _HALF_WEIGHT_SIZE) if len(own) else 0.0
        )
        mean, deviation = float(subjects.mean()), float(subjects.std())
        if weight:
            mean += weight * (float(own.mean()) - mean)
            deviation += weight * (float(own.std()) - deviation)
        return cls(mean, max(deviation, _MIN_DEVIATION), curve)

    def deviations(self, strength: float) -> float:
        """Return how far ``strength`` lies above the mean."""
        return (strength - self.mean) / self.deviation

    def probability(self, strength: float) -> float:
        """Return how likely a document of this ``strength`` is worth reading; 0 without any."""
        if strength <= 0:
            return 0.0
        return self.curve.probability(self.deviations(strength))

    def least_strength(self, probability: float) -> float:
        """Return the strength from which on a probability is reached; -inf where any reaches it."""
        if probability <= 0:
            return -math.inf
        if probability >= 1:
            return math.inf
        return self.mean + self.deviation * self.curve.deviations(probability)


DEFAULT_BACKGROUND = Background(0.06, 0.065)
"""The usual background, for a hit that no search made."""
