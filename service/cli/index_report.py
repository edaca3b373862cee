"""What commands say of the building of an index."""

from __future__ import annotations

import click

from index.store.build import BuildReport
from scrapers.plurals import count_noun
from service.cli.render import strip_controls
from service.jobs.reindex import ReindexReport


def build_line(report: BuildReport, what: str = "call") -> str:
    """Return a line on what a build of an index did; ``what`` names one of its documents."""
    held = f"{count_noun(report.documents, what)} in {count_noun(report.passages, 'passage')}"
    if report.unchanged:
        return f"Nothing to do: the index holds {held} already."
    speed = f", {report.encoded / report.seconds:.0f} passages/s" if report.encoded else ""
    return (
        f"Indexed {held}; {count_noun(report.encoded, 'was', 'were')} new to the model "
        f"({report.seconds:.1f} s{speed}). Snapshot {report.snapshot}."
    )


def print_left_out(report: ReindexReport) -> None:
    """Name on standard error what could not be indexed."""
    for id_, reason in report.left_out.items():
        shown = f"{id_} is left out of the index: {reason}"
        click.echo(strip_controls(shown), err=True)
