"""How well a call fits, in a word: what a score means to a reader."""

from __future__ import annotations

from enum import StrEnum

GOOD_SCORE = 0.1
"""Score from which a call fits well: of judged pairs, three in five are at least partly right."""

POSSIBLE_SCORE = 0.01
"""Score from which a call may fit: of judged pairs, one in four is at least partly right.

Below it one in fourteen is.
"""


def score_decimals(score: float) -> int:
    """Return how many decimals ``score`` is shown with: a low one needs three to say anything."""
    return 2 if score >= GOOD_SCORE else 3


class Fit(StrEnum):
    """A score in a word; `bench/pilots.py` counts what people say of calls at which score."""

    GOOD = "good"
    POSSIBLE = "possible"
    WEAK = "weak"

    @classmethod
    def from_score(cls, score: float) -> Fit:
        """Return the word for ``score`` (0 to 1)."""
        if score >= GOOD_SCORE:
            return cls.GOOD
        return cls.POSSIBLE if score >= POSSIBLE_SCORE else cls.WEAK
