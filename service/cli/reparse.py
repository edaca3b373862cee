"""`fundscout reparse`: calls built anew from archived answers."""

from __future__ import annotations

import click

from service.cli.collect import collection_line, report_losses
from service.cli.common import open_context, progress_bar
from service.cli.links import update_links
from service.errors import InputError
from service.jobs.collect import choose_funders
from service.jobs.reparse import reparse_funder


@click.command("reparse")
@click.argument("funders", nargs=-1)
def reparse_command(funders: tuple[str, ...]) -> int:
    """Build the calls of FUNDERS, or of all, anew from what their last collection was answered.

    For a reader that was mended: nothing is fetched. The checks are those of `collect`, and a
    reading that fails them stores nothing; exit status 1 when one did.
    """
    context = open_context()
    failed = 0
    missing = []
    for source in choose_funders(funders, context.settings.keys):
        with progress_bar(source.title, "page") as advance:
            done = reparse_funder(context, source, advance)
        if done is None:
            missing.append(source.key)
            continue
        click.echo(collection_line(source.title, done))
        report_losses(done.run)
        failed += done.stored is None
    update_links(context)
    if missing and funders:
        raise InputError(_collect_first_text(missing))
    if missing and not funders:
        click.echo(_collect_first_text(missing), err=True)
    return 1 if failed else 0


def _collect_first_text(keys: list[str]) -> str:
    named = ", ".join(keys)
    return f"Nothing is archived of {named}: run `fundscout collect {' '.join(keys)}` first."


COMMANDS = {"reparse": reparse_command}
