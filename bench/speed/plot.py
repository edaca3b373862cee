"""The plot of a run as SVG: every figure beside its floor and aim, then a panel for each curve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from bench.speed.report import Report, growth_curves, show_value
from bench.speed.rows import Bound, Row

_WIDTH = 900
_LINE = 22
_LABEL = 430
_BARS = _WIDTH - _LABEL - 110
_PANEL = (270, 190)
_EDGE = 44
_ACROSS = 3
_COLOURS = ("#0b5cad", "#c2410c", "#15803d", "#7c3aed")
_GOOD, _BAD = "#15803d", "#b91c1c"
_DECADES = 2
"""Powers of ten that bars reach to each side of the floor."""


def draw_plot(report: Report) -> str:
    """Return the plot."""
    bounded = [row for row in report.rows if row.bound is not None and row.bound.floor > 0]
    curves = growth_curves(report.rows)
    top = 40 + _LINE * len(bounded) + 30
    lines = -(-len(curves) // _ACROSS)
    height = top + lines * (_PANEL[1] + 2 * _EDGE) + 20
    head = f"fundscout, {report.day}, {report.machine.get('processor', '')}"
    panels = "".join(
        _panel(curve, points, place, top) for place, (curve, points) in enumerate(curves.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="10" y="20" font-size="13">{escape(head)}: to the right of the line is better '
        f"than the floor, the mark is the aim</text>{_bars(bounded)}{panels}</svg>\n"
    )


def gain(bound: Bound, value: float) -> float:
    """Return how many times better than the floor ``value`` is, below 1 for worse."""
    if bound.less_is_better:
        return bound.floor / value if value > 0 else math.inf
    return value / bound.floor


def _bars(rows: Sequence[Row]) -> str:
    middle = _LABEL + _BARS / 2
    bottom = 40 + _LINE * len(rows)
    parts = [f'<path d="M{middle} 34V{bottom}" stroke="#999"/>']
    for number, row in enumerate(rows):
        if row.bound is None:
            continue
        y = 40 + _LINE * number
        x = _bar_x(gain(row.bound, row.value))
        colour = _GOOD if row.passed else _BAD
        aim = row.bound.aim
        value = escape(show_value(row.value, row.unit))
        parts.append(
            f'<text x="10" y="{y + 12}">{escape(row.figure)}</text>'
            f'<rect x="{min(x, middle):.1f}" y="{y + 2}" width="{abs(x - middle):.1f}" '
            f'height="13" fill="{colour}"><title>{escape(row.how)}</title></rect>'
            f'<text x="{_LABEL + _BARS + 6}" y="{y + 12}">{value}</text>'
        )
        if aim:
            at = _bar_x(gain(row.bound, aim))
            parts.append(f'<path d="M{at:.1f} {y}v17" stroke="#000" stroke-width="2"/>')
    return "".join(parts)


def _bar_x(times: float) -> float:
    """Return where a figure so many times better than its floor stands."""
    powers = math.log10(min(max(times, 10.0**-_DECADES), 10.0**_DECADES))
    return _LABEL + _BARS / 2 * (1 + powers / _DECADES)


def _panel(curve: str, points: dict[str, dict[int, Row]], place: int, top: int) -> str:
    """Draw a curve for each owner, both axes in powers of ten."""
    width, height = _PANEL[0] - _EDGE, _PANEL[1]
    left = 10 + _EDGE + (place % _ACROSS) * (_PANEL[0] + 24)
    upper = top + _EDGE + (place // _ACROSS) * (_PANEL[1] + 2 * _EDGE)
    rows = [row for own in points.values() for row in own.values()]
    sizes = [size for own in points.values() for size in own]
    across = _powers(sizes)
    upward = _powers([row.value for row in rows])

    def x(size: float) -> float:
        return left + width * _share(size, across)

    def y(value: float) -> float:
        return upper + height * (1 - _share(value, upward))

    drawn = "".join(
        _line([(x(size), y(row.value)) for size, row in sorted(own.items())], number)
        + f'<text x="{left + 6}" y="{upper + 14 + 13 * number}" '
        f'fill="{_COLOURS[number % len(_COLOURS)]}">{escape(whose)}</text>'
        for number, (whose, own) in enumerate(points.items())
    )
    marks = "".join(
        f'<text x="{x(10.0**p):.0f}" y="{upper + height + 14}" text-anchor="middle">'
        f"{10**p:,}</text>"
        for p in range(across[0], across[1] + 1)
    ) + "".join(
        f'<text x="{left - 4}" y="{y(10.0**p) + 4:.0f}" text-anchor="end">{10.0**p:g}</text>'
        for p in range(upward[0], upward[1] + 1)
    )
    return (
        f'<rect x="{left}" y="{upper}" width="{width}" height="{height}" fill="none" '
        f'stroke="#999"/><text x="{left}" y="{upper - 8}">{escape(curve)}, '
        f"{escape(rows[0].unit)}</text>{drawn}{marks}"
    )


def _line(dots: Sequence[tuple[float, float]], number: int) -> str:
    colour = _COLOURS[number % len(_COLOURS)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in dots)
    circles = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in dots)
    return f'<path d="{path}" fill="none" stroke="{colour}"/><g fill="{colour}">{circles}</g>'


def _powers(values: Sequence[float]) -> tuple[int, int]:
    """Return the powers of ten that enclose ``values``."""
    logs = [math.log10(max(value, 1e-9)) for value in values]
    low, high = math.floor(min(logs)), math.ceil(max(logs))
    return low, max(high, low + 1)


def _share(value: float, powers: tuple[int, int]) -> float:
    return (math.log10(max(value, 1e-9)) - powers[0]) / (powers[1] - powers[0])
