"""`fundscout collect`: funders' calls, fetched, checked and stored."""

from __future__ import annotations

import click

from scrapers.catalogue import funder_faults
from scrapers.plurals import count_noun
from scrapers.run import RunReport
from service.cli.common import open_context, progress_bar
from service.cli.links import update_links
from service.jobs.collect import CollectReport, choose_funders, collect_funder, make_fetcher
from service.jobs.old_searches import remove_old_searches

_MAX_SHOWN = 20


@click.command("collect")
@click.argument("funders", nargs=-1)
def collect_command(funders: tuple[str, ...]) -> int:
    """Fetch, check and store the calls of FUNDERS, or of all.

    A run that fails its checks stores nothing: the last good calls stay. Exit status 1 when one
    did, or when a package's funder cannot be used. Run `fundscout reindex` afterwards; `match` and
    `serve` do it by themselves.
    """
    context = open_context()
    sources = choose_funders(funders, context.settings.keys)
    fetcher = make_fetcher(context)
    unusable = () if funders else funder_faults()
    for sentence in unusable:
        click.echo(f"{sentence}.", err=True)
    failed = len(unusable)
    for source in sources:
        with progress_bar(source.title, "page") as advance:
            done = collect_funder(context, source, fetcher, advance)
        click.echo(collection_line(source.title, done))
        report_losses(done.run)
        failed += done.stored is None
    update_links(context)
    remove_old_searches(context)
    return 1 if failed else 0


def collection_line(title: str, done: CollectReport) -> str:
    """Return a line on what a run brought and what was stored of it."""
    run = done.run
    head = f"{title}: {count_noun(len(run.calls), 'call')} in {count_noun(run.pages, 'answer')}"
    if run.skipped:
        head += ", left out " + ", ".join(f"{n} {why}" for why, n in sorted(run.skipped.items()))
    if done.stored is None:
        return f"{head}. Nothing stored: the last good calls stay."
    stored = done.stored
    return (
        f"{head}: {stored.new:,} new, {stored.changed:,} changed, {stored.unchanged:,} unchanged, "
        f"{stored.not_seen:,} no longer listed."
    )


def report_losses(report: RunReport) -> None:
    """Name on standard error what was lost and what looks wrong."""
    for finding in report.findings:
        click.echo(f"{report.funder}: {finding.message}", err=True)
    for where, message in report.problems[:_MAX_SHOWN]:
        click.echo(f"{where}: {message}", err=True)
    if len(report.problems) > _MAX_SHOWN:
        click.echo(
            f"… and {count_noun(len(report.problems) - _MAX_SHOWN, 'problem')} more.", err=True
        )


COMMANDS = {"collect": collect_command}
