"""`fundscout new-funder`: the first file of a source that is not read yet."""

from __future__ import annotations

from pathlib import Path

import click

import scrapers.funders
from scrapers.new_funder import new_funder


@click.command("new-funder")
@click.argument("name")
@click.option("--title", default="", help="What the funder is called, such as “KK-stiftelsen”.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where to write; else among the funders of this checkout.",
)
def new_funder_command(name: str, title: str, folder: Path | None) -> None:
    """Write the first file of a funder with key NAME, and say what comes next."""
    target = folder or Path(next(iter(scrapers.funders.__path__)))
    path = new_funder(name, title, target)
    click.echo(f"Written: {path}")
    click.echo("1. Change it to read what the funder really answers.")
    click.echo(f"2. Put three examples in tests/examples/{name}/, in the funder's own format.")
    click.echo("3. Run `make test` twice: the first run writes the calls expected; read them.")
    click.echo("docs/contributing.md has the steps.")


COMMANDS = {"new-funder": new_funder_command}
