"""The twelve months ahead: how many calls open and close in each, by level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from scrapers.call import Level
from service.domain.frozen_model import FrozenModel
from service.domain.scan.rows import ScanRow

MONTHS = 12
"""Months of a timeline, the present one first."""

SWEDEN = ZoneInfo("Europe/Stockholm")


class ScanMonth(FrozenModel):
    """A month, in Swedish time, with what falls into it from the instant of the scan on."""

    first_day: date
    deadlines: dict[Level, int] = Field(
        description="Deadlines for new applicants by level; a call with several counts at each."
    )
    openings: dict[Level, int] = Field(description="Calls that open, by level.")

    @property
    def all_deadlines(self) -> int:
        """Deadlines of all levels."""
        return sum(self.deadlines.values())

    @property
    def all_openings(self) -> int:
        """Openings of all levels."""
        return sum(self.openings.values())


def count_months(rows: Sequence[ScanRow], now: datetime) -> tuple[ScanMonth, ...]:
    """Return the twelve months from that of ``now`` (aware), with the dates that lie ahead."""
    closing: Counter[tuple[date, Level]] = Counter()
    opening: Counter[tuple[date, Level]] = Counter()
    for row in rows:
        closing.update((_month_of(at), row.level) for at in row.deadlines if at >= now)
        if row.opens is not None and row.opens > now:
            opening[_month_of(row.opens), row.level] += 1
    return tuple(
        ScanMonth(
            first_day=first,
            deadlines={level: n for level in Level if (n := closing[first, level])},
            openings={level: n for level in Level if (n := opening[first, level])},
        )
        for first in _months_from(now)
    )


def _months_from(now: datetime) -> list[date]:
    start = _month_of(now)
    numbers = range(start.month - 1, start.month - 1 + MONTHS)
    return [date(start.year + number // MONTHS, number % MONTHS + 1, 1) for number in numbers]


def _month_of(at: datetime) -> date:
    try:
        return at.astimezone(SWEDEN).date().replace(day=1)
    except OverflowError:  # at the ends of the calendar the Swedish clock is beyond it
        return at.date().replace(day=1)
