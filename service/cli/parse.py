"""`fundscout parse`: saved answers of a funder to calls."""

from __future__ import annotations

from pathlib import Path

import click

from scrapers.run import parse_files
from service.cli.collect import report_losses


@click.command("parse")
@click.argument("funder")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def parse_command(funder: str, files: tuple[Path, ...]) -> int:
    """Print the calls in saved answers of FUNDER, a JSON record a line.

    What cannot be read is named on standard error, and the exit status is then 1; every other
    call is printed all the same.
    """
    report = parse_files(funder, files)
    for call in report.calls:
        click.echo(call.model_dump_json())
    report_losses(report)
    return 1 if report.problems else 0


COMMANDS = {"parse": parse_command}
