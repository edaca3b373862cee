"""`fundscout pilots`: the stored pilots, listed, shown, added and deleted."""

from __future__ import annotations

import json
from pathlib import Path

import click
from pydantic import ValidationError

from scrapers.plurals import count_noun
from service.cli.common import named_pilot, open_context
from service.cli.files import read_given_file
from service.domain.pilots.pilot import Pilot, make_id
from service.errors import InputError
from service.use_cases import pilots as use_cases
from service.use_cases.access import pilot_rights

_FILE = click.Path(path_type=Path)


@click.group("pilots", invoke_without_command=True)
@click.pass_context
def pilots_group(ctx: click.Context) -> None:
    """List, show, add and delete pilots."""
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
@click.argument("file", type=_FILE, required=False)
@click.option("--file", "text_from", metavar="FILE", help="PDF, Word, Markdown or plain text.")
@click.option("--title", help="With --file; else the file's own title.")
@click.option("--id", "pilot_id", help="With --file; else made of title and text.")
@click.option("--language", metavar="CODE", help="With --file; else recognised.")
def add_pilot(
    file: Path | None,
    text_from: str | None,
    title: str | None,
    pilot_id: str | None,
    language: str | None,
) -> None:
    """Store the pilot in FILE, a JSON object {id, title, text, language, profile,
    exclude}, or the text of --file.
    """
    if (file is None) == (text_from is None):
        raise click.UsageError("Give FILE with a pilot as JSON, or its text with --file.")
    if file is not None:
        if title or pilot_id or language:
            raise click.UsageError("--title, --id and --language go with --file.")
        pilot = _read_pilot(file)
    else:
        pilot = _pilot_of_file(text_from or "", title, pilot_id, language)
    use_cases.add_pilot(open_context(), pilot)
    click.echo(f"Stored the pilot {pilot.id}.")


def _pilot_of_file(
    name: str, title: str | None, pilot_id: str | None, language: str | None
) -> Pilot:
    """Return the pilot that a file describes."""
    reading = read_given_file(name)
    title = title or reading.title
    try:
        return Pilot(
            id=pilot_id or make_id(title, reading.text),
            title=title,
            text=reading.text,
            language=language,
        )
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise InputError(f"{name} makes no pilot: {place}: {first['msg']}.") from error


def _read_pilot(file: Path) -> Pilot:
    """Return the pilot that a file has as JSON."""
    try:
        return Pilot.model_validate(json.loads(file.read_text("utf-8-sig")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the file"
        raise InputError(f"{file} is no pilot: {place}: {first['msg']}.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{file} cannot be read as JSON: {error}.") from error


@pilots_group.command("hide")
@click.argument("pilot_id")
def hide_pilot(pilot_id: str) -> None:
    """Let only its owner and administrators see a pilot."""
    pilot_rights.set_private(open_context(), pilot_id, private=True)
    click.echo(f"Only its owner and administrators see {pilot_id}.")


@pilots_group.command("share")
@click.argument("pilot_id")
def share_pilot(pilot_id: str) -> None:
    """Let everybody see a pilot who is let in."""
    pilot_rights.set_private(open_context(), pilot_id, private=False)
    click.echo(f"Everybody who is let in sees {pilot_id}.")


@pilots_group.command("delete")
@click.argument("pilot_id")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def delete_pilot(pilot_id: str, *, yes: bool) -> int:
    """Delete a pilot with everything of it, for good.

    Its judgements, recipients and mails go too. Exit status 1 when the database's journal could not
    be emptied because somebody was reading: then it keeps the text for a while.
    """
    context = open_context()
    pilot = use_cases.get_pilot(context, pilot_id)
    if not yes:
        click.confirm(f"Delete {pilot.id} with everything of it?", abort=True, err=True)
    gone = pilot_rights.delete_pilot(context, pilot.id)
    click.echo(
        f"Deleted {gone.pilot}: {count_noun(gone.judgements, 'judgement')}, "
        f"{count_noun(gone.recipients, 'recipient')}, {count_noun(gone.mails, 'mail')}."
    )
    if not gone.clean:
        click.echo("The journal could not be emptied now; it will be later.", err=True)
    return 0 if gone.clean else 1


COMMANDS = {"pilots": pilots_group}
