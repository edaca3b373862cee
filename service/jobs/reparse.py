"""Calls built anew from archived answers, without the network, after a reader was fixed."""

from __future__ import annotations

from scrapers.errors import ScrapeError
from scrapers.funder import Funder
from scrapers.http.archive import PageArchive
from scrapers.run import reread
from service.context import Context
from service.errors import InputError
from service.jobs.collect import CollectReport, Progress, log_held_back, run_summary
from service.jobs.lock import hold_lock

JOB = "reparse"


def reparse_funder(
    context: Context, source: Funder, progress: Progress | None = None
) -> CollectReport | None:
    """Read the answers to a funder's last collection again; check and store its calls.

    The checks are those of a collection. When every call comes out as it is stored, nothing is
    written, not even a row of the run. Returns None when nothing of the funder is archived.

    Raises:
        JobBusyError: another process is collecting or importing.
        InputError: the archive's note of that collection is damaged.
    """
    with hold_lock(context.settings.data, "collect"):
        before = context.runs.last_good("collect", source.key)
        last_good = int(before.report["calls"]) if before else None
        archive = PageArchive(context.settings.pages)
        try:
            report = reread(source, archive, last_good=last_good, progress=progress)
        except ScrapeError as error:
            raise InputError(str(error)) from error
        if report is None:
            return None
        stored = None
        if report.publishable:
            # calls were seen when they were fetched, not when they are read again
            seen = min(report.finished_at, context.now())
            complete = source.key if report.complete else None
            stored = context.calls.upsert(report.calls, seen, complete_for=complete)
        if stored is None or not stored.nothing_changed:
            with context.runs.record(JOB, source.key) as run:
                run.report = run_summary(report, stored)
                if stored is None:
                    run.state = "failed"
                    log_held_back(report)
    return CollectReport(report, stored)
