"""`fundscout export`: what is stored, written to files."""

from __future__ import annotations

from pathlib import Path

import click

from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.jobs.export_ground_truth import GroundTruth, export_ground_truth


@click.group("export")
def export_group() -> None:
    """Write what is stored to files."""


@export_group.command("ground-truth")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export_ground_truth_command(folder: Path) -> None:
    """Write calls, paid projects and who paid them to FOLDER, for `fundscout eval`."""
    context = open_context()
    report = export_ground_truth(context, folder)
    click.echo(_export_line(report, folder))


def _export_line(report: GroundTruth, folder: Path) -> str:
    names = ("names", "name")
    without = report.nameless + report.unknown + report.ambiguous
    again = f" {count_noun(report.repeated, 'was', 'were')} there twice." if report.repeated else ""
    return (
        f"Wrote {count_noun(report.calls, 'call')} and "
        f"{count_noun(report.queries, 'query', 'queries')} of "
        f"{count_noun(report.paired, 'award')} to {folder}. {without:,} of "
        f"{count_noun(report.awards, 'award')} had no known call: "
        f"{count_noun(report.unknown, *names)} one that is not stored, "
        f"{count_noun(report.nameless, *names)} none, "
        f"{count_noun(report.ambiguous, *names)} what holds several calls.{again}"
    )


COMMANDS = {"export": export_group}
