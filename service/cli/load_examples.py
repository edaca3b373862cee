"""`fundscout load-examples`: the example calls and pilots, stored or removed."""

from __future__ import annotations

import click

from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.cli.index_report import build_line
from service.cli.links import update_links
from service.cli.reindex import run_reindex
from service.jobs.load_examples import load_examples, remove_examples


@click.command("load-examples")
@click.option("--remove", is_flag=True, help="Take the examples away again.")
def load_examples_command(remove: bool) -> None:
    """Store the example calls and pilots, and index them."""
    context = open_context()
    if remove:
        calls, pilots = remove_examples(context)
        click.echo(
            f"Removed {count_noun(calls, 'example call')} and "
            f"{count_noun(pilots, 'example pilot')}."
        )
        return
    report = load_examples(context)
    click.echo(
        f"The examples hold {count_noun(report.calls, 'call')} and "
        f"{count_noun(report.pilots, 'pilot')}."
    )
    update_links(context)
    if report.stored.kept:
        kept = count_noun(report.stored.kept, "call was", "calls were")
        click.echo(f"{kept} left as their funders have them.")
    click.echo(build_line(run_reindex(context)))


COMMANDS = {"load-examples": load_examples_command}
