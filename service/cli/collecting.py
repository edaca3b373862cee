"""`fundscout parse` and `collect`: funders' answers to calls, saved or live."""

from __future__ import annotations

from pathlib import Path

import click

from scrapers.counted import counted
from scrapers.funder import refused
from scrapers.run import RunReport, parse_files
from service.cli.common import bar, opened
from service.cli.merging import find_links
from service.jobs.collect import Collected, chosen, collect_funder, fetcher_of

_SHOWN = 20


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
    complain(report)
    return 1 if report.problems else 0


@click.command("collect")
@click.argument("funders", nargs=-1)
def collect_command(funders: tuple[str, ...]) -> int:
    """Fetch, check and store the calls of FUNDERS, or of all.

    A run that fails its checks stores nothing: the last good calls stay. Exit status 1 when one
    did, or when a package's funder cannot be used. Run `fundscout reindex` afterwards; `match` and
    `serve` do it by themselves.
    """
    context = opened()
    sources = chosen(funders, context.settings.keys)
    fetcher = fetcher_of(context)
    unusable = () if funders else refused()
    for sentence in unusable:
        click.echo(f"{sentence}.", err=True)
    failed = len(unusable)
    for source in sources:
        with bar(source.title, "page") as advance:
            done = collect_funder(context, source, fetcher, advance)
        click.echo(collected(source.title, done))
        complain(done.run)
        failed += done.stored is None
    find_links(context)
    return 1 if failed else 0


def collected(title: str, done: Collected) -> str:
    """Return a line on what a run brought and what was stored of it."""
    run = done.run
    head = f"{title}: {counted(len(run.calls), 'call')} in {counted(run.pages, 'answer')}"
    if run.skipped:
        head += ", left out " + ", ".join(f"{n} {why}" for why, n in sorted(run.skipped.items()))
    if done.stored is None:
        return f"{head}. Nothing stored: the last good calls stay."
    stored = done.stored
    return (
        f"{head}: {stored.new:,} new, {stored.changed:,} changed, {stored.unchanged:,} unchanged, "
        f"{stored.not_seen:,} no longer listed."
    )


def complain(report: RunReport) -> None:
    """Name on standard error what was lost and what looks wrong."""
    for finding in report.findings:
        click.echo(f"{report.funder}: {finding.message}", err=True)
    for where, message in report.problems[:_SHOWN]:
        click.echo(f"{where}: {message}", err=True)
    if len(report.problems) > _SHOWN:
        click.echo(f"… and {counted(len(report.problems) - _SHOWN, 'problem')} more.", err=True)


COMMANDS = {"parse": parse_command, "collect": collect_command}
