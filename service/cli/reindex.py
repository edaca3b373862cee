"""`fundscout reindex`: the indexes of calls and of awards."""

from __future__ import annotations

import click

from index.errors import CacheError, SnapshotError
from service.cli.common import EXIT_LEFT_OUT, open_context, progress_bar
from service.cli.encode_awards import encode_here
from service.cli.index_report import build_line, print_left_out
from service.context import Context
from service.errors import StoreError
from service.jobs.reindex import ReindexReport, reindex


@click.command("reindex")
def reindex_command() -> int:
    """Index the stored calls and awards; only what is new or changed is encoded.

    Awards are searched apart from calls: they stand beside matches as evidence from the past. They
    may take long, which is said before, and can be stopped; see `fundscout encode-awards`. Exit
    status 4 when a call or award cannot be indexed: it is named, and all others are indexed.
    """
    context = open_context()
    status = 0
    if not context.has_only_awards():
        calls = run_reindex(context)
        click.echo(build_line(calls))
        status = EXIT_LEFT_OUT if calls.left_out else 0
    return max(status, encode_here(context)) if context.has_awards() else status


def run_reindex(context: Context) -> ReindexReport:
    """Reindex with a progress bar, and name what is left out."""
    with progress_bar("Encoding", "passage") as advance:
        report = reindex(context, advance)
    print_left_out(report)
    return report


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


COMMANDS = {"reindex": reindex_command}
