"""`fundscout reindex`: the indexes of calls and of awards."""

from __future__ import annotations

import click

from index.errors import CacheError, SnapshotError
from index.store.build import BuildReport
from scrapers.plurals import count_noun
from service.cli.common import open_context, progress_bar
from service.context import Context
from service.errors import StoreError
from service.jobs.reindex import reindex, reindex_awards


@click.command("reindex")
def reindex_command() -> None:
    """Index the stored calls and awards; only what is new or changed is encoded.

    Awards are searched apart from calls: they stand beside matches as evidence from the past.
    """
    context = open_context()
    if not context.has_only_awards():
        click.echo(build_line(run_reindex(context)))
    with progress_bar("Encoding awards", "passage") as advance:
        awards = reindex_awards(context, advance)
    if awards is not None:
        click.echo(build_line(awards, "award"))


def run_reindex(context: Context) -> BuildReport:
    """Reindex with a progress bar."""
    with progress_bar("Encoding", "passage") as advance:
        return reindex(context, advance)


def index_changes(context: Context) -> None:
    """Bring the index up to date: what changed is encoded, nothing else.

    Where it cannot be written, on a full disk say, the index before it stays in use.
    """
    if not context.needs_reindex():
        return
    click.echo("Indexing what changed …", err=True)
    try:
        run_reindex(context)
    except (SnapshotError, CacheError, StoreError) as error:
        if not context.has_index():
            raise
        click.echo(f"fundscout: {error}", err=True)


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


COMMANDS = {"reindex": reindex_command}
