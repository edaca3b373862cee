"""`fundscout history`: what changed about a call."""

from __future__ import annotations

import click

from service.api.schemas_history import CallHistory
from service.cli.common import opened
from service.cli.render import clean
from service.domain.history import history
from service.errors import NotFoundError
from service.messages.catalogue import languages


@click.command("history")
@click.argument("call_id", metavar="ID")
@click.option(
    "--language", type=click.Choice(languages()), default="en", help="Language of the sentences."
)
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
def history_command(call_id: str, language: str, as_json: bool) -> None:
    """Show what changed about the call ID, such as vinnova:2026-00017, version by version."""
    context = opened()
    seen = context.calls.seen(call_id)
    if seen is None:
        raise NotFoundError(f"There is no call {call_id}: `fundscout match` shows ids.")
    versions = history(context.calls.versions(call_id))
    if as_json:
        found = CallHistory(
            id=call_id,
            first_seen=seen.first,
            last_seen=seen.last,
            not_seen_since=seen.missing_since,
            versions=versions,
        )
        click.echo(found.model_dump_json())
        return
    for version in versions:
        head = f"{version.seen_at:%Y-%m-%d %H:%M} UTC"
        if version.number == 1:
            click.echo(f"{head}  first seen")
            continue
        click.echo(f"{head}  version {version.number}")
        for change in version.changes:
            click.echo(f"    {clean(change.sentence.in_(language))}")
        if not version.changes:
            click.echo("    Nothing that a reader would notice.")
    if seen.missing_since is not None:
        click.echo(f"{seen.missing_since:%Y-%m-%d %H:%M} UTC  no longer listed by its source")


COMMANDS = {"history": history_command}
