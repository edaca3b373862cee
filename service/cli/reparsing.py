"""`fundscout reparse`: archived answers to calls, without the network."""

from __future__ import annotations

import click

from service.cli.collecting import collected, complain
from service.cli.common import bar, opened
from service.cli.merging import find_links
from service.errors import InputError
from service.jobs.collect import chosen
from service.jobs.reparse import reparse_funder


@click.command("reparse")
@click.argument("funders", nargs=-1)
def reparse_command(funders: tuple[str, ...]) -> int:
    """Build the calls of FUNDERS, or of all, anew from what their last collection was answered.

    For a reader that was mended: nothing is fetched. The checks are those of `collect`, and a
    reading that fails them stores nothing; exit status 1 when one did.
    """
    context = opened()
    failed = 0
    missing = []
    for source in chosen(funders, context.settings.keys):
        with bar(source.title, "page") as advance:
            done = reparse_funder(context, source, advance)
        if done is None:
            missing.append(source.key)
            continue
        click.echo(collected(source.title, done))
        complain(done.run)
        failed += done.stored is None
    find_links(context)
    if missing and funders:
        raise InputError(_fetch_first(missing))
    if missing and not funders:
        click.echo(_fetch_first(missing), err=True)
    return 1 if failed else 0


def _fetch_first(keys: list[str]) -> str:
    named = ", ".join(keys)
    return f"Nothing is archived of {named}: run `fundscout collect {' '.join(keys)}` first."


COMMANDS = {"reparse": reparse_command}
