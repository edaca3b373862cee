"""`fundscout person`: what is kept of an address, exported or erased."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.errors import InputError
from service.jobs.mail import personal_data
from service.use_cases.recipients import parse_address

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("person")
def person_group() -> None:
    """Export or erase what is kept of an address."""


@person_group.command("export")
@click.argument("address")
@click.option("--output", type=_FILE, metavar="FILE", help="Write to FILE, for its owner alone.")
def export_command(address: str, output: Path | None) -> None:
    """Print everything that the database has of ADDRESS, as JSON."""
    tables = personal_data.export_person(open_context(), parse_address(address))
    text = json.dumps(tables, ensure_ascii=False, indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InputError(
            f"{output} cannot be written: {error.strerror}. Name a file that is not there yet."
        ) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    click.echo(f"Written to {output}.")


@person_group.command("erase")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def erase_command(address: str, *, yes: bool) -> int:
    """Delete what is kept of ADDRESS, for good; it is never mailed again.

    What stays is a salted hash, by which the address is known when somebody adds it again, and what
    was said of calls, without who said it. Exit status 1 when the database's journal could not be
    emptied because somebody was reading: run it again.
    """
    parsed = parse_address(address)
    if not yes:
        click.confirm(f"Erase all that is kept of {parsed}?", abort=True, err=True)
    done = personal_data.erase_person(open_context(), parsed)
    click.echo(
        f"Erased: as recipient of {count_noun(done.recipients, 'pilot')}, "
        f"{count_noun(done.mails, 'mail')}, the name on {count_noun(done.judgements, 'judgement')}"
        f"{', the account' if done.accounts else ''}."
    )
    if not done.clean:
        click.echo("The journal could not be emptied now: run it again.", err=True)
    return 0 if done.clean else 1


COMMANDS = {"person": person_group}
