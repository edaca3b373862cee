"""`fundscout collect-awards` and `parse-awards`: projects that calls have paid."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from scrapers.awards.register_run import RegisterRun, read_files
from scrapers.plurals import count_noun
from scrapers.register import get_register
from service.cli.common import open_context, progress_bar
from service.cli.encode_awards import encode_in_background
from service.jobs.collect_awards import (
    AwardCollection,
    award_fetcher,
    choose_registers,
    collect_awards,
)

_MAX_SHOWN = 20


@click.command("parse-awards")
@click.argument("source")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def parse_awards_command(source: str, files: tuple[Path, ...]) -> int:
    """Print the awards in saved answers of the register SOURCE, a JSON record a line.

    What cannot be read is named on standard error with a count of all rows, and the exit status
    is then 1; every other award is printed all the same.
    """
    reading = read_files(get_register(source), files)
    for award in reading.awards():
        click.echo(award.model_dump_json())
    click.echo(_reading_line(reading), err=True)
    _report_losses(reading)
    return 0 if reading.complete else 1


@click.command("collect-awards")
@click.argument("sources", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Ask for everything, not what changed.")
@click.option("--encode", is_flag=True, help="Encode them then, in the background.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Ask for what changed since.")
def collect_awards_command(
    sources: tuple[str, ...], everything: bool, encode: bool, since: datetime | None
) -> int:
    """Fetch and store the awards of the registers SOURCES, or of all.

    They are never shown as calls, but stand beside them after `fundscout encode-awards` or
    `reindex`. Exit status 1 when an answer could not be had or read to its end; what came is
    stored.
    """
    context = open_context()
    registers, locked = choose_registers(sources, context.settings.keys)
    for key in locked:
        named = get_register(key).key_name or key
        click.echo(f"{key} is left out: it wants a key, FUNDSCOUT_KEYS={named}=…", err=True)
    fetcher = award_fetcher(context)
    failed = 0
    for register in registers:
        register.since = since.date() if since and register.incremental else None
        with progress_bar(register.title, "award") as advance:
            done = collect_awards(context, register, fetcher, advance, everything=everything)
        click.echo(_collection_line(done))
        _report_losses(done.reading)
        failed += bool(done.reading.broken)
    if encode:
        encode_in_background(context)
    return 1 if failed else 0


def _reading_line(reading: RegisterRun) -> str:
    line = f"{count_noun(reading.rows, 'row')}: {count_noun(reading.came, 'award')}"
    if reading.repeated:
        line += f", {reading.repeated:,} repeated"
    for reason, count in sorted(reading.passed.items()):
        line += f", {count:,} left out ({reason})"
    return f"{line}, {reading.lost:,} lost."


def _collection_line(done: AwardCollection) -> str:
    stored, reading = done.stored, done.reading
    since = f" changed since {done.since}" if done.since else ""
    return (
        f"{reading.register.title}{since}: {_reading_line(reading)} {stored.new:,} new, "
        f"{stored.changed:,} changed, {stored.unchanged:,} unchanged."
    )


def _report_losses(reading: RegisterRun) -> None:
    """Name on standard error what was lost, and the fields that the reader does not know."""
    for where, message in reading.problems[:_MAX_SHOWN]:
        shown = message if message.startswith(where) else f"{where}: {message}"
        click.echo(shown, err=True)
    if reading.complaints > _MAX_SHOWN:
        click.echo(
            f"… and {count_noun(reading.complaints - _MAX_SHOWN, 'problem')} more.", err=True
        )
    if reading.unread:
        names = ", ".join(sorted(reading.unread))
        click.echo(f"{reading.register.key}: fields that are not read: {names}", err=True)


COMMANDS = {"parse-awards": parse_awards_command, "collect-awards": collect_awards_command}
