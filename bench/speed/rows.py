"""Rows: what was measured, and whether it is good enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

HERE, BEFORE, BY_HAND = "fundscout", "fundscout before", "by hand"
"""Who is measured: this tree, the tree of an earlier commit, and what a user would write."""


class SkippedError(Exception):
    """A subject cannot be measured here; the text says why."""


@dataclass(frozen=True)
class Bound:
    """What a figure must reach (``floor``) and should reach (``aim``)."""

    floor: float
    aim: float | None = None
    less_is_better: bool = False

    def holds(self, value: float) -> bool:
        """Return whether ``value`` reaches the floor; no number does not."""
        return value <= self.floor if self.less_is_better else value >= self.floor

    def reaches_aim(self, value: float) -> bool:
        """Return whether ``value`` reaches the aim, or the floor where there is no aim."""
        return Bound(self.floor if self.aim is None else self.aim, None, self.less_is_better).holds(
            value
        )


@dataclass(frozen=True)
class Place:
    """Where a row stands in a growth curve: which curve, whose, and at how many calls."""

    curve: str
    whose: str
    size: int


@dataclass(frozen=True)
class Row:
    """One figure. ``how`` says in a sentence what was compared with what."""

    figure: str
    value: float
    unit: str
    how: str
    bound: Bound | None = None
    place: Place | None = None

    @property
    def passed(self) -> bool | None:
        """Whether the floor is reached; None without one."""
        return None if self.bound is None else self.bound.holds(self.value)

    def as_json(self) -> dict[str, Any]:
        """Return the row as plain values."""
        bound, place = self.bound, self.place
        return {
            "figure": self.figure,
            "value": self.value,
            "unit": self.unit,
            "floor": bound.floor if bound else None,
            "aim": bound.aim if bound else None,
            "less_is_better": bound.less_is_better if bound else None,
            "passed": self.passed,
            "how": self.how,
            "curve": place.curve if place else None,
            "whose": place.whose if place else None,
            "size": place.size if place else None,
        }


def curve_row(place: Place, value: float, unit: str, how: str) -> Row:
    """Return a point of a growth curve, which has no bound."""
    name = f"{place.curve}, {place.whose}, {place.size:,}"
    return Row(name, value, unit, how, place=place)
