"""`fundscout import`: calls and awards from files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from scrapers.call import Level
from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.cli.links import update_links
from service.jobs.imports.files import ImportReport, RefusedLine, import_awards, import_calls

_FILE = click.Path(path_type=Path)


_MAX_REFUSED_SHOWN = 10


@click.group("import")
def import_group() -> None:
    """Store calls and awards from files."""


@import_group.command("calls")
@click.argument("file", type=_FILE)
@click.option("--funder", help="Funder of plain rows whose address does not say it.")
@click.option("--level", type=click.Choice([level.value for level in Level]), help="Its level.")
def import_calls_command(file: Path, funder: str | None, level: str | None) -> int:
    """Store the calls of FILE, a JSON value a line.

    A line is a Call record, as `fundscout parse` prints it, or a plain row {id, title, text,
    lang, programme, open_date, deadline, url, budget_min, budget_max}. Exit status 1 when a line
    was refused; the others are stored.
    """
    context = open_context()
    report = import_calls(context, file, funder=funder, level=Level(level) if level else None)
    click.echo(_import_line(report))
    update_links(context)
    return _print_refused(file, report.refused)


@import_group.command("awards")
@click.argument("file", type=_FILE)
def import_awards_command(file: Path) -> int:
    """Store the awards of FILE, a record a line as `fundscout parse-awards` prints them.

    They stand beside calls after `fundscout reindex`. Exit status 1 when a line was refused; the
    others are stored.
    """
    report = import_awards(open_context(), file)
    stored = report.stored
    click.echo(
        f"Read {count_noun(report.read, 'award')}: {stored.new:,} new, {stored.changed:,} changed, "
        f"{stored.unchanged:,} unchanged, {len(report.refused):,} refused. Run `fundscout reindex` "
        "to index them."
    )
    return _print_refused(file, report.refused)


def _print_refused(file: Path, refused: Sequence[RefusedLine]) -> int:
    """Name the first lines that were refused; return the exit status."""
    for refusal in refused[:_MAX_REFUSED_SHOWN]:
        click.echo(f"{file}, line {refusal.line}, refused: {refusal.reason}", err=True)
    if len(refused) > _MAX_REFUSED_SHOWN:
        click.echo(f"… and {count_noun(len(refused) - _MAX_REFUSED_SHOWN, 'line')} more.", err=True)
    return 1 if refused else 0


def _import_line(report: ImportReport) -> str:
    stored = report.stored
    line = (
        f"Read {count_noun(report.read, 'call')}: {stored.new:,} new, {stored.changed:,} changed, "
        f"{stored.unchanged:,} unchanged, {len(report.refused):,} refused."
    )
    return line if stored.nothing_changed else f"{line} Run `fundscout reindex` to index them."


COMMANDS = {"import": import_group}
