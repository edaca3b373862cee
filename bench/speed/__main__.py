"""Measure how fast fundscout is: a run is a table, a page, a plot and JSON.

    python -m bench.speed [--only NAME ...] [--sizes N ...] [--against COMMIT|TREE] [--out FOLDER]

Every subject runs in a process of its own. Real calls and pilots are read from --sets, and from
the examples where they are not there. Exit status 1 when a floor is missed or a subject fails.
Figures mean something only on cores that nothing else uses.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.speed.alone import run_alone
from bench.speed.machine import machine_facts, versions
from bench.speed.material import name_material
from bench.speed.plan import Plan
from bench.speed.plot import draw_plot
from bench.speed.report import Report, subject_lines
from bench.speed.subjects import NAMES
from bench.speed.trees import ROOT


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; return the exit status."""
    given = _arguments(arguments)
    with tempfile.TemporaryDirectory(prefix="fundscout-bench-") as scratch:
        plan = _plan(given, given.work or Path(scratch))
        report = Report(
            datetime.now(UTC).date(), machine_facts(), versions(ROOT), name_material(plan), plan
        )
        for name in given.only or NAMES:
            subject = run_alone(name, plan)
            report.subjects.append(subject)
            print("\n".join(subject_lines(subject)), flush=True)
    write_report(report, given.out)
    for missed in (row for subject in report.subjects for row in subject.missed):
        print(f"MISSED: {missed.figure}", file=sys.stderr)
    return 0 if report.good else 1


def write_report(report: Report, folder: Path) -> None:
    """Write ``speed.json``, ``speed.svg`` and ``speed.md`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "speed.json").write_text(report.as_json(), "utf-8")
    (folder / "speed.svg").write_text(draw_plot(report), "utf-8")
    (folder / "speed.md").write_text(report.as_page(), "utf-8")


def _plan(given: argparse.Namespace, work: Path) -> Plan:
    work.mkdir(parents=True, exist_ok=True)
    plan = Plan.tiny(work.resolve()) if given.tiny else Plan(work.resolve())
    plan = replace(plan, against=given.against, sets=given.sets)
    return replace(plan, sizes=tuple(sorted(given.sizes))) if given.sizes else plan


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--sizes", nargs="+", type=int, metavar="N", help="calls of growth curves")
    parser.add_argument("--against", default=Plan.against, help="a commit, or a folder")
    parser.add_argument("--sets", type=Path, default=Plan.sets, help="real calls and pilots")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "figures")
    parser.add_argument("--work", type=Path, help="folder to keep indexes in for the next run")
    parser.add_argument("--tiny", action="store_true", help="try it all; figures mean nothing")
    return parser.parse_args(given)


if __name__ == "__main__":
    sys.exit(main())
