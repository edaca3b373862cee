"""`fundscout new-funder`: the first file of a new funder."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from scrapers.new_funder import new_curated, new_funder


@click.command("new-funder")
@click.argument("name")
@click.option("--title", default="", help="What the funder is called, such as “KK-stiftelsen”.")
@click.option(
    "--curated",
    is_flag=True,
    help="Its calls are kept by hand: write a TOML file of entries, and no reader.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where to write; else among the funders of this checkout.",
)
def new_funder_command(name: str, title: str, curated: bool, folder: Path | None) -> None:
    """Write the first file of a funder with key NAME, and say what comes next."""
    target = folder or Path(str(files("scrapers") / ("curated" if curated else "funders")))
    path = new_curated(name, title, target) if curated else new_funder(name, title, target)
    click.echo(f"Written: {path}")
    for number, step in enumerate(
        _curated_steps(name, path) if curated else _reader_steps(name), 1
    ):
        click.echo(f"{number}. {step}")
    click.echo("docs/contributing.md has the steps.")


def _reader_steps(name: str) -> tuple[str, ...]:
    return (
        "Change it to read what the funder really answers.",
        f"Put three examples in tests/examples/{name}/, in the funder's own format.",
        "Run `make test` twice: the first run writes the calls expected; read them.",
    )


def _curated_steps(name: str, path: Path) -> tuple[str, ...]:
    return (
        "Say who the funder is, and write an entry for each call, with the source of each fact.",
        f"Look at what it becomes: `fundscout parse {name} {path}`.",
        "Add its row to docs/using/funders.md and run `make test`.",
    )


COMMANDS = {"new-funder": new_funder_command}
