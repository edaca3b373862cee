"""From a strength to a probability: how likely it is that a document is worth reading.

The same strength means much for one query and little for another: a page about care in general is
fairly near to everything, three precise words to nothing. So a strength is measured in standard
deviations above the mean of two backgrounds: what a list of subjects of every kind
(``subjects.txt``) has for this very query, and what the collection's own documents have. The first
keeps a score from falling because all of a small collection is on one field, the second counts
more the larger the collection is. A logistic curve turns deviations into a probability.

`bench/calibration.py` fits the curves on topics that training left out and measures them on others.
Right there is the call that funded a project: other calls that would have done count as wrong, so
the probability is a careful one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

SAMPLE_SIZE = 1000
"""Documents taken at random from the collection: their deviation is known to 2 %."""

_MAX_SAMPLE_WEIGHT = 0.5
"""What the collection counts beside the subjects when it is large."""

_HALF_WEIGHT_SIZE = 300
"""Documents with which it counts half of that."""

_MIN_DEVIATION = 0.03
"""Of a deviation: less cannot be told from so few subjects."""


@dataclass(frozen=True)
class CalibrationCurve:
    """Log-odds by deviations: at ``half`` a document is as likely worth reading as not."""

    half: float
    slope: float

    def probability(self, deviations: float) -> float:
        """Return a probability from 0 to 1."""
        odds = min(max(self.slope * (deviations - self.half), -50.0), 50.0)
        return 1 / (1 + math.exp(-odds))


TEXT_CURVE = CalibrationCurve(6.42, 1.66)
"""For queries of more than one part."""

TITLE_CURVE = CalibrationCurve(7.36, 1.18)
"""For a few words, which some title is always near to."""


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
        counts = (
            _MAX_SAMPLE_WEIGHT * documents / (documents + _HALF_WEIGHT_SIZE) if len(own) else 0.0
        )
        mean, deviation = float(subjects.mean()), float(subjects.std())
        if counts:
            mean += counts * (float(own.mean()) - mean)
            deviation += counts * (float(own.std()) - deviation)
        return cls(mean, max(deviation, _MIN_DEVIATION), curve)

    def deviations(self, strength: float) -> float:
        """Return how far ``strength`` lies above the mean."""
        return (strength - self.mean) / self.deviation

    def probability(self, strength: float) -> float:
        """Return how likely a document of this ``strength`` is worth reading; 0 without any."""
        if strength <= 0:
            return 0.0
        return self.curve.probability(self.deviations(strength))


DEFAULT_BACKGROUND = Background(0.06, 0.065)
"""The usual background, for a hit that no search made."""
