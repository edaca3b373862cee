"""`fundscout import`, `load-examples` and `pilots`: what goes into the store by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from pydantic import ValidationError

from scrapers.call import Level
from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.cli.duplicates import update_links
from service.cli.reindex import build_line, run_reindex
from service.domain.pilots.pilot import Pilot
from service.errors import InputError
from service.jobs.import_files import ImportReport, RefusedLine, import_awards, import_calls
from service.jobs.load_examples import load_examples, remove_examples
from service.use_cases import pilots as use_cases

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


@click.command("load-examples")
@click.option("--remove", is_flag=True, help="Take the examples away again.")
def load_examples_command(remove: bool) -> None:
    """Store the example calls and pilots, and index them."""
    context = open_context()
    if remove:
        calls, pilots = remove_examples(context)
        click.echo(
            f"Removed {count_noun(calls, 'example call')} and {count_noun(pilots, 'example pilot')}."
        )
        return
    report = load_examples(context)
    click.echo(
        f"The examples hold {count_noun(report.calls, 'call')} and {count_noun(report.pilots, 'pilot')}."
    )
    update_links(context)
    if report.stored.kept:
        kept = count_noun(report.stored.kept, "call was", "calls were")
        click.echo(f"{kept} left as their funders have them.")
    click.echo(build_line(run_reindex(context)))


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


@pilots_group.command("add")
@click.argument("file", type=_FILE)
def add_pilot(file: Path) -> None:
    """Store the pilot in FILE, a JSON object {id, title, text, language, profile}."""
    try:
        pilot = Pilot.model_validate(json.loads(file.read_text("utf-8-sig")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the file"
        raise InputError(f"{file} is no pilot: {place}: {first['msg']}.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read as JSON: {error}.") from error
    use_cases.add_pilot(open_context(), pilot)
    click.echo(f"Stored the pilot {pilot.id}.")


COMMANDS = {
    "import": import_group,
    "load-examples": load_examples_command,
    "pilots": pilots_group,
}
