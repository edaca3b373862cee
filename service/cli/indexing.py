"""`fundscout reindex`."""

from __future__ import annotations

import click

from index.build import BuildReport
from service.cli.common import bar, opened
from service.context import Context
from service.jobs.reindex import reindex


@click.command("reindex")
def reindex_command() -> None:
    """Index the stored calls; only what is new or changed is encoded."""
    context = opened()
    click.echo(describe(run_reindex(context)))


def run_reindex(context: Context) -> BuildReport:
    """Reindex with a progress bar."""
    with bar("Encoding", "passage") as advance:
        return reindex(context, advance)


def describe(report: BuildReport) -> str:
    """Say what a build did, in a line."""
    held = f"{report.documents:,} calls in {report.passages:,} passages"
    if report.unchanged:
        return f"Nothing to do: the index holds {held} already."
    speed = f", {report.encoded / report.seconds:.0f} passages/s" if report.encoded else ""
    return (
        f"Indexed {held}; {report.encoded:,} were new to the model "
        f"({report.seconds:.1f} s{speed}). Snapshot {report.snapshot}."
    )


COMMANDS = {"reindex": reindex_command}
