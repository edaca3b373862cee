"""The timeline of a scan as a drawing: a bar a month, in parts by level. Units are those of SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scrapers.call import Level
from service.domain.scan.months import ScanMonth

_WIDTH, _LEFT, _RIGHT, _ROW = 380, 66, 34, 26
_LEAST = 3.0
"""Width of the narrowest part that can still be seen."""


@dataclass(frozen=True)
class TimelineBar:
    """The deadlines of one level in a month."""

    level: Level
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class TimelineRow:
    """A month: where it lies, its bars, and where its counts stand."""

    label: str
    y: int
    bars: tuple[TimelineBar, ...]
    count: int
    end: float
    openings: int
    opening_width: float
    opening_end: float


@dataclass(frozen=True)
class Timeline:
    """The drawing: its size, its rows, and what it has."""

    rows: tuple[TimelineRow, ...]
    levels: tuple[Level, ...]
    busiest: str
    busiest_count: int
    has_openings: bool
    width: int = _WIDTH
    left: int = _LEFT

    @property
    def height(self) -> int:
        """How high the drawing is."""
        return _ROW * len(self.rows)


def draw_timeline(months: Sequence[ScanMonth], labels: Sequence[str]) -> Timeline:
    """Return the drawing of ``months``, of which ``labels`` has the names; at least one month."""
    most = max(1, *(max(month.all_deadlines, month.all_openings) for month in months))
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    rows = tuple(
        _draw_row(month, label, place, scale)
        for place, (month, label) in enumerate(zip(months, labels, strict=True))
    )
    busiest = max(rows, key=lambda row: row.count)
    used = {level for month in months for level in (*month.deadlines, *month.openings)}
    return Timeline(
        rows=rows,
        levels=tuple(level for level in Level if level in used),
        busiest=busiest.label,
        busiest_count=busiest.count,
        has_openings=any(month.openings for month in months),
    )


def _draw_row(month: ScanMonth, label: str, place: int, scale: float) -> TimelineRow:
    bars: list[TimelineBar] = []
    x = float(_LEFT)
    for level, count in month.deadlines.items():
        width = max(_LEAST, round(count * scale, 1))
        bars.append(TimelineBar(level, count, round(x, 1), max(_LEAST - 1, round(width - 1, 1))))
        x += width
    opening = round(month.all_openings * scale, 1)
    return TimelineRow(
        label=label,
        y=place * _ROW,
        bars=tuple(bars),
        count=month.all_deadlines,
        end=round(x + 4, 1),
        openings=month.all_openings,
        opening_width=opening,
        opening_end=round(_LEFT + opening + 3, 1),
    )
