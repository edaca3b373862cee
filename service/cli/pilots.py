"""`fundscout pilots`: the stored pilots, listed, shown and added."""

from __future__ import annotations

import json
from pathlib import Path

import click
from pydantic import ValidationError

from service.cli.common import named_pilot, open_context
from service.domain.pilots.pilot import Pilot
from service.errors import InputError
from service.use_cases import pilots as use_cases

_FILE = click.Path(path_type=Path)


@click.group("pilots", invoke_without_command=True)
@click.pass_context
def pilots_group(ctx: click.Context) -> None:
    """List, show and add pilots."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_pilots)


@pilots_group.command("list")
def list_pilots() -> None:
    """List the stored pilots."""
    pilots = use_cases.list_pilots(open_context())
    for pilot in pilots:
        click.echo(f"{pilot.id:32} {pilot.language or '?':3} {pilot.title}")
    if not pilots:
        click.echo("There are no pilots yet: run `fundscout pilots add FILE`.")


@pilots_group.command("show")
@click.argument("pilot_id")
def show_pilot(pilot_id: str) -> None:
    """Print a pilot's text."""
    click.echo(use_cases.get_pilot(open_context(), pilot_id).text)


@pilots_group.command("exclude")
@click.argument("pilot_id")
@click.argument("phrases", nargs=-1)
def exclude_for_pilot(pilot_id: str, phrases: tuple[str, ...]) -> None:
    """Say which subjects a pilot excludes, in place of those before; none excludes nothing."""
    context = open_context()
    pilot = use_cases.set_exclusions(context, named_pilot(context, pilot_id), phrases)
    listed = ", ".join(pilot.exclude)
    click.echo(f"{pilot.id} excludes {listed or 'nothing'}.")


@pilots_group.command("add")
@click.argument("file", type=_FILE)
def add_pilot(file: Path) -> None:
    """Store the pilot in FILE, a JSON object {id, title, text, language, profile,
    exclude}.
    """
    try:
        pilot = Pilot.model_validate(json.loads(file.read_text("utf-8-sig")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the file"
        raise InputError(f"{file} is no pilot: {place}: {first['msg']}.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{file} cannot be read as JSON: {error}.") from error
    use_cases.add_pilot(open_context(), pilot)
    click.echo(f"Stored the pilot {pilot.id}.")


COMMANDS = {"pilots": pilots_group}
