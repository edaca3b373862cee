"""Sources: how far each funder is read, when that last went well, and what is amiss now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from pydantic import Field

from scrapers.call import Call, Level
from service.domain.calls.funders import FunderDescription
from service.domain.calls.ids import source_of
from service.domain.frozen_model import FrozenModel

STALE_AFTER = timedelta(days=7)
"""How old the last good run of a source may be before its calls are said to be stale."""

COLLECT, REPARSE = "collect", "reparse"
DONE, FAILED = "done", "failed"


class SourceState(StrEnum):
    """What a reader should know of a source in a word."""

    NEVER = "never collected"
    GOOD = "good"
    STALE = "stale"
    FAILING = "failing"


class JobRun(Protocol):
    """What is kept of a run; a later one has a higher ``id``."""

    id: int
    state: str
    started_at: datetime
    finished_at: datetime | None
    report: dict[str, Any]


class RunHistory(Protocol):
    """The history of jobs."""

    def newest(self, job: str, /, *, state: str | None = None) -> Mapping[str, JobRun]:
        """Return the newest run of ``job`` on each funder, of those in ``state`` if given."""
        ...


class SourceRun(FrozenModel):
    """A run of a source."""

    started_at: datetime
    finished_at: datetime | None = Field(description="Null while it runs, or if it was broken off.")
    state: str = Field(description="`running`, `done` or `failed`.")
    calls: int | None = Field(description="How many calls came, if that is known.")

    @classmethod
    def from_run(cls, run: JobRun) -> SourceRun:
        """Return the facts of ``run``."""
        return cls(
            started_at=run.started_at,
            finished_at=run.finished_at,
            state=run.state,
            calls=run.report.get("calls"),
        )


class SourceStatus(FrozenModel):
    """A funder as a source: what it is, how far its reader is verified, how it fares."""

    key: str = Field(description="What stands before the colon of its calls' ids.")
    name: str
    home: str
    level: Level
    interface: str = Field(description="How it is read, such as `open API, JSON`.")
    verified: str = Field(
        description="What its reader was checked against: `real answer`, `page text`, `not yet`."
    )
    calls: int = Field(description="Stored calls of this funder.")
    unchecked: int = Field(
        description="Of those, calls kept by hand and not compared with their source for long."
    )
    state: SourceState
    failing: bool = Field(
        description="The last run was held back: what is served are the last good calls."
    )
    stale: bool = Field(description="The last good run is more than a week old.")
    last_run: SourceRun | None
    last_good: SourceRun | None
    findings: tuple[str, ...] = Field(
        description="What the checks said of the last run; of a failing source why it was held."
    )


class SourceRuns:
    """The runs that say how every source fares, read at once."""

    def __init__(self, runs: RunHistory) -> None:
        self._last = runs.newest(COLLECT)
        self._good = runs.newest(COLLECT, state=DONE)
        self._bad = (runs.newest(COLLECT, state=FAILED), runs.newest(REPARSE, state=FAILED))
        self._mended = runs.newest(REPARSE, state=DONE)

    def last_run(self, key: str) -> JobRun | None:
        """Return the newest collection of a funder, however it ended."""
        return self._last.get(key)

    def last_good_run(self, key: str) -> JobRun | None:
        """Return the newest collection that was published."""
        return self._good.get(key)

    def open_failure(self, key: str) -> JobRun | None:
        """Return the run that was held back and that no good one followed.

        Reading the same answers again counts when nothing at all was found against them.
        """
        failed = [runs[key] for runs in self._bad if key in runs]
        newest = max(failed, key=lambda run: run.id, default=None)
        mended = self._mended.get(key)
        good = [self._good.get(key), mended if mended and not _findings(mended) else None]
        since = max((run.id for run in good if run), default=-1)
        return newest if newest is not None and newest.id > since else None


def list_source_statuses(
    funders: Iterable[FunderDescription],
    calls: Iterable[Call],
    runs: RunHistory,
    *,
    now: datetime,
    clock: datetime,
) -> tuple[SourceStatus, ...]:
    """Return how each of ``funders`` fares.

    Args:
        funders: the funders to report on.
        calls: every stored call.
        runs: the history of jobs.
        now: the aware instant that ages of runs are counted to.
        clock: the aware instant that open and closed are computed by.
    """
    stored: Counter[str] = Counter()
    unchecked: Counter[str] = Counter()
    for call in calls:
        key = source_of(call.id)
        stored[key] += 1
        unchecked[key] += call.stale(clock)
    past = SourceRuns(runs)
    return tuple(
        _source_status(source, past, now, stored[source.key], unchecked[source.key])
        for source in funders
    )


def _source_status(
    source: FunderDescription, past: SourceRuns, now: datetime, stored: int, unchecked: int
) -> SourceStatus:
    last, good = past.last_run(source.key), past.last_good_run(source.key)
    failure = past.open_failure(source.key)
    stale = good is not None and now - (good.finished_at or good.started_at) > STALE_AFTER
    telling = failure or good
    return SourceStatus(
        key=source.key,
        name=source.title,
        home=source.home,
        level=source.level,
        interface=source.interface,
        verified=source.verified,
        calls=stored,
        unchecked=unchecked,
        state=_source_state(failing=failure is not None, stale=stale, collected=last is not None),
        failing=failure is not None,
        stale=stale,
        last_run=SourceRun.from_run(last) if last else None,
        last_good=SourceRun.from_run(good) if good else None,
        findings=_findings(telling) if telling else (),
    )


def _source_state(*, failing: bool, stale: bool, collected: bool) -> SourceState:
    if failing:
        return SourceState.FAILING
    if stale:
        return SourceState.STALE
    return SourceState.GOOD if collected else SourceState.NEVER


def _findings(run: JobRun) -> tuple[str, ...]:
    """Return what was found amiss; of a run that broke off, its error."""
    found = [str(finding) for finding in run.report.get("findings", ())]
    error = run.report.get("error")
    return tuple([*found, str(error)] if error else found)
