"""`fundscout history`: what changed about a call."""

from __future__ import annotations

import click

from service.cli.common import open_context
from service.cli.render import strip_controls
from service.messages.catalogue import languages
from service.use_cases.calls import get_call_history


@click.command("history")
@click.argument("call_id", metavar="ID")
@click.option(
    "--language", type=click.Choice(languages()), default="en", help="Language of the sentences."
)
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
def history_command(call_id: str, language: str, as_json: bool) -> None:
    """Show what changed about the call ID, such as vinnova:2026-00017, version by version."""
    history = get_call_history(open_context(), call_id)
    if as_json:
        click.echo(history.model_dump_json())
        return
    for version in history.versions:
        head = f"{version.seen_at:%Y-%m-%d %H:%M} UTC"
        if version.number == 1:
            click.echo(f"{head}  first seen")
            continue
        click.echo(f"{head}  version {version.number}")
        for change in version.changes:
            click.echo(f"    {strip_controls(change.sentence.in_(language))}")
        if not version.changes:
            click.echo("    Nothing that a reader would notice.")
    if history.not_seen_since is not None:
        click.echo(f"{history.not_seen_since:%Y-%m-%d %H:%M} UTC  no longer listed by its source")


COMMANDS = {"history": history_command}
