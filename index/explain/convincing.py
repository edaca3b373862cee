"""How likely a pair of sentences convinces a reader that a call fits: a logistic model.

It was fitted on pairs that were judged by reading alone (`bench/reasons.py`, which writes
``convincing.toml``). What a cosine means depends on the model that made it, so it holds for the
bundled one only.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from index.explain.pair_features import FEATURES, VECTOR_FEATURES, Doubles

_RAREST_WORDS = 2.0
"""Words, each as rare as can be, that two sentences share; one pair in a hundred shares more."""

FILE = Path(__file__).with_name("convincing.toml")


@dataclass(frozen=True, eq=False)
class ConvincingModel:
    """Log-odds by features; a pair is shown from the probability ``threshold`` on.

    ``model`` is what the fingerprint of the encoder begins with.
    """

    model: str
    intercept: float
    weights: Doubles
    threshold: float

    def fits(self, fingerprint: str) -> bool:
        """Return whether it was fitted with the encoder of that ``fingerprint``."""
        return fingerprint.startswith(self.model)

    def probabilities(self, features: Doubles) -> Doubles:
        """Return how likely pairs convince, (pairs,), from their features: (pairs, features)."""
        odds = np.clip(self.intercept + features @ self.weights, -50, 50)
        probabilities: Doubles = 1 / (1 + np.exp(-odds))
        return probabilities

    @property
    def least_foreseen(self) -> float:
        """What `foreseen` must be at least for a pair to be shown, however rare its words are."""
        wanted = math.log(self.threshold / (1 - self.threshold))
        words = float(self.weights[VECTOR_FEATURES:].sum())
        return wanted - self.intercept - _RAREST_WORDS * words

    def foreseen(self, features: Doubles) -> Doubles:
        """Return what vectors alone add to the log-odds of pairs, (pairs,): enough to order them.

        Args:
            features: the first `VECTOR_FEATURES`: (pairs, `VECTOR_FEATURES`).
        """
        odds: Doubles = features @ self.weights[:VECTOR_FEATURES]
        return odds


@cache
def convincing_model() -> ConvincingModel:
    """Return the model that is shipped."""
    values = tomllib.loads(FILE.read_text("utf-8"))
    weights = np.array([values["weights"][name] for name in FEATURES])
    return ConvincingModel(values["model"], values["intercept"], weights, values["threshold"])
