"""The report of a run: as JSON, as a page of the documentation, and as lines on the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bench.speed.plan import Plan
from bench.speed.rows import Row

_FEW = 100


@dataclass(frozen=True)
class SubjectReport:
    """What measuring one subject gave, or the reason why it gave nothing.

    ``skipped`` is for what cannot be measured here, ``failed`` for what went wrong. ``seconds``
    is the clock, ``peak`` the most memory of one of its processes in MB.
    """

    name: str
    rows: tuple[Row, ...] = ()
    seconds: float = 0.0
    peak: float = 0.0
    skipped: str = ""
    failed: str = ""

    @property
    def missed(self) -> list[Row]:
        """The rows that do not reach their floor."""
        return [row for row in self.rows if row.passed is False]


@dataclass(frozen=True)
class Report:
    """A whole run."""

    day: date
    machine: dict[str, str]
    versions: dict[str, str]
    material: str
    plan: Plan
    subjects: list[SubjectReport] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        """Every row, in order."""
        return [row for subject in self.subjects for row in subject.rows]

    @property
    def good(self) -> bool:
        """Whether every floor was reached and nothing failed."""
        return not any(subject.missed or subject.failed for subject in self.subjects)

    def as_json(self) -> str:
        """Return everything as JSON."""
        plan = self.plan
        value: dict[str, Any] = {
            "date": self.day.isoformat(),
            "machine": self.machine,
            "versions": self.versions,
            "material": self.material,
            "against": plan.against,
            "plan": {"sizes": plan.sizes, "rounds": plan.rounds, "pilots": plan.pilots},
            "good": self.good,
            "subjects": [
                {
                    "name": one.name,
                    "seconds": round(one.seconds, 1),
                    "peak_mb": round(one.peak),
                    "skipped": one.skipped or None,
                    "failed": one.failed or None,
                    "rows": [row.as_json() for row in one.rows],
                }
                for one in self.subjects
            ],
        }
        return json.dumps(value, indent=1, ensure_ascii=False) + "\n"

    def as_page(self) -> str:
        """Return the page of the documentation."""
        return "\n".join(_page_lines(self)) + "\n"


def show_value(value: float, unit: str) -> str:
    """Return a figure for people: shares below a half as 1/n."""
    if unit.startswith("of it") and 0 < value <= 1 / 2:
        return f"1/{1 / value:.3g}"
    digits = f"{value:,.0f}" if abs(value) >= _FEW else f"{value:.3g}"
    return digits if unit.startswith("of") else f"{digits} {unit}"


def subject_lines(subject: SubjectReport) -> Iterator[str]:
    """Yield the lines that the terminal shows of a subject."""
    yield f"{subject.name}: {subject.seconds:.0f} s, {subject.peak:,.0f} MB at most"
    for why in filter(None, (subject.skipped and f"skipped: {subject.skipped}", subject.failed)):
        yield f"  {why}"
    for row in subject.rows:
        verdict = {None: "", True: "good", False: "MISSED"}[row.passed]
        yield f"  {verdict:7}{row.figure}: {show_value(row.value, row.unit)}  ({row.how})"


def _page_lines(report: Report) -> Iterator[str]:
    facts = ", ".join(f"{name} {value}" for name, value in report.machine.items())
    versions = ", ".join(f"{name} {value}" for name, value in report.versions.items())
    yield "# Figures: speed"
    yield ""
    yield "How it works: [architecture.md](../how/architecture.md)."
    yield ""
    yield f"- Command: `make bench`, which writes this page. Measured {report.day}."
    yield f"- Machine: {facts}."
    yield f"- Versions: {versions}. Compared with commit {report.plan.against}."
    yield f"- Data: {report.material}. Growth is measured with synthetic calls and vectors, mixed"
    yield "  from real ones (`bench/speed/growth.py`): time and memory can be read from them,"
    yield "  quality cannot. Nothing was fitted."
    yield ""
    yield "All figures come from one run. What is compared runs in turns, since the speed of a"
    yield "machine drifts, and medians are taken. Memory is that of all processes, a page that"
    yield "they share counted once. [speed.json](speed.json) has every row."
    yield ""
    yield "![Every figure beside its floor, and growth](speed.svg)"
    yield from ("", "## Floors", "")
    yield from _bound_table(report.rows)
    yield from ("", "## Beside them", "", "| figure | value | how |", "| --- | --- | --- |")
    for row in report.rows:
        if row.bound is None and row.place is None:
            yield f"| {row.figure} | {show_value(row.value, row.unit)} | {row.how} |"
    yield from _growth_tables(report.rows)
    yield from ("", "## What measuring took", "")
    yield from ("| subject | seconds | MB of one process at most | |", "| --- | --- | --- | --- |")
    for one in report.subjects:
        said = f"skipped: {one.skipped}" if one.skipped else one.failed.partition("\n")[0]
        yield f"| {one.name} | {one.seconds:.0f} | {one.peak:,.0f} | {said} |"


def _bound_table(rows: Iterable[Row]) -> Iterator[str]:
    yield "| figure | value | floor | aim | | how |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for row in rows:
        bound = row.bound
        if bound is None:
            continue
        aim = "" if bound.aim is None else show_value(bound.aim, row.unit)
        verdict = "missed" if not row.passed else "aim" if bound.reaches_aim(row.value) else "floor"
        yield (
            f"| {row.figure} | {show_value(row.value, row.unit)} | "
            f"{show_value(bound.floor, row.unit)} | {aim} | {verdict} | {row.how} |"
        )


def _growth_tables(rows: Iterable[Row]) -> Iterator[str]:
    yield from ("", "## Growth", "")
    yield "Calls, or vectors where only those grow, across; one table for each curve."
    for curve, points in growth_curves(rows).items():
        sizes = sorted({size for own in points.values() for size in own})
        unit = next(iter(next(iter(points.values())).values())).unit
        yield from ("", f"| {curve}, {unit} | " + " | ".join(f"{size:,}" for size in sizes) + " |")
        yield "| --- |" + " --- |" * len(sizes)
        for whose, own in points.items():
            values = (f"{own[size].value:,.3g}" if size in own else "" for size in sizes)
            yield f"| {whose} | " + " | ".join(values) + " |"


def growth_curves(rows: Iterable[Row]) -> dict[str, dict[str, dict[int, Row]]]:
    """Return the rows of growth curves: by curve, then whose it is, then size."""
    curves: dict[str, dict[str, dict[int, Row]]] = {}
    for row in rows:
        if place := row.place:
            curves.setdefault(place.curve, {}).setdefault(place.whose, {})[place.size] = row
    return curves
