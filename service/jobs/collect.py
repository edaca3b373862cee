"""The calls of a funder: fetched, checked, and stored only when the run can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scrapers.catalogue import all_funders, get_funder
from scrapers.errors import ScrapeError
from scrapers.funder import Funder
from scrapers.http.archive import PageArchive
from scrapers.http.fetch import Fetcher
from scrapers.run import RunReport, collect
from service import telemetry
from service.context import Context
from service.errors import InputError
from service.jobs.lock import hold_lock
from service.store.calls import CallUpsertReport

Progress = Callable[[int, int | None], None]
"""Called with (pages done, pages in all when that is known)."""


@dataclass(frozen=True)
class CollectReport:
    """A funder's run, and what was stored of it: None when the checks held it back."""

    run: RunReport
    stored: CallUpsertReport | None


def choose_funders(keys: Sequence[str], secrets: Mapping[str, str]) -> list[Funder]:
    """Return the funders with these keys, or all; raise `InputError` for an unknown one.

    ``secrets`` are the operator's keys to interfaces that need one, by funder.
    """
    try:
        funders = [get_funder(key) for key in keys] or list(all_funders().values())
    except ScrapeError as error:
        raise InputError(str(error)) from error
    for funder in funders:
        funder.secret = secrets.get(funder.key, "")
    return funders


def collect_funder(
    context: Context, source: Funder, fetcher: Fetcher, progress: Progress | None = None
) -> CollectReport:
    """Fetch, check and store the calls of one funder.

    A run that is not publishable changes nothing: the last good calls stay as they were.

    Raises:
        JobBusyError: another process is collecting or importing.
    """
    data = context.settings.data
    with hold_lock(data, "collect"), context.runs.record("collect", source.key) as run:
        before = context.runs.last_good("collect", source.key)
        last_good = int(before.report["calls"]) if before else None
        archive = PageArchive(context.settings.pages)
        report = collect(source, fetcher, last_good=last_good, progress=progress, archive=archive)
        stored = None
        if report.publishable:
            stored = context.calls.upsert(
                report.calls, context.now(), complete_for=source.key if report.complete else None
            )
        else:
            run.state = "failed"
            log_held_back(report)
        run.report = run_summary(report, stored)
    return CollectReport(report, stored)


def log_held_back(report: RunReport) -> None:
    """Log that a run is held back, and why."""
    telemetry.warn(
        "run held back; the last good calls stay",
        funder=report.funder,
        findings=[finding.message for finding in report.findings if finding.blocks],
    )


def make_fetcher(context: Context) -> Fetcher:
    """Return a fetcher with the operator's contact and the page archive, cleared of leftovers."""
    archive = PageArchive(context.settings.pages)
    archive.clear_leftovers()
    return Fetcher(context.settings.contact, archive)


def run_summary(report: RunReport, stored: CallUpsertReport | None) -> dict[str, object]:
    """Return a run as its row in the history of jobs keeps it."""
    return {
        "calls": len(report.calls),
        "pages": report.pages,
        "complete": report.complete,
        "problems": [list(problem) for problem in report.problems[:100]],
        "skipped": dict(report.skipped),
        "findings": [finding.message for finding in report.findings],
        "new": stored.new if stored else 0,
        "changed": stored.changed if stored else 0,
        "not_seen": stored.not_seen if stored else 0,
    }
