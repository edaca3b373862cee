"""Sources: how well each funder's calls are read, when that last succeeded, and what fails now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from pydantic import Field

from scrapers.call import Call, Level
from service.domain.calls.funders import FunderDescription
from service.domain.calls.ids import source_of
from service.domain.frozen_model import FrozenModel
from service.messages.message import Message, Value, join_values, message

STALE_AFTER = timedelta(days=7)
"""How old the last good run of a source may be before its calls count as stale."""

MOST_NAMED = 3
"""Sources that a note names; more are counted."""

_NEVER = datetime.min.replace(tzinfo=UTC)

COLLECT, REPARSE = "collect", "reparse"
DONE, FAILED = "done", "failed"


class SourceState(StrEnum):
    """What a reader should know of a source in a word."""

    NEVER = "never collected"
    GOOD = "good"
    STALE = "stale"
    FAILING = "failing"


class JobRun(Protocol):
    """The record of a run; a later run has a higher ``id``."""

    id: int
    state: str
    started_at: datetime
    finished_at: datetime | None
    report: dict[str, Any]


class RunHistory(Protocol):
    """The history of jobs."""

    def newest(self, job: str, /, *, state: str | None = None) -> Mapping[str, JobRun]:
        """Return the newest run of ``job`` by funder, only those in ``state`` where it is set."""
        ...


class SourceRun(FrozenModel):
    """A run of a source."""

    started_at: datetime
    finished_at: datetime | None = Field(description="Null while it runs, or if it was broken off.")
    state: str = Field(description="`running`, `done` or `failed`.")
    calls: int | None = Field(description="How many calls came, if that is known.")

    @classmethod
    def from_run(cls, run: JobRun) -> SourceRun:
        """Return what readers see of ``run``."""
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
    """The latest runs of every source, read at once."""

    def __init__(self, runs: RunHistory) -> None:
        self._last = runs.newest(COLLECT)
        self._good = runs.newest(COLLECT, state=DONE)
        self._bad = (runs.newest(COLLECT, state=FAILED), runs.newest(REPARSE, state=FAILED))
        self._mended = runs.newest(REPARSE, state=DONE)

    def last_run(self, key: str) -> JobRun | None:
        """Return the newest collection of a funder, however it ended."""
        return self._last.get(key)

    def last_good_run(self, key: str) -> JobRun | None:
        """Return the newest collection of a funder whose calls were published."""
        return self._good.get(key)

    def gap_keys(self, now: datetime) -> frozenset[str]:
        """Return the keys of the funders that fail, or were not read well for long, at ``now``."""
        keys = {key for runs in (self._last, self._good, *self._bad) for key in runs}
        return frozenset(
            key
            for key in keys
            if self.open_failure(key) is not None or _is_stale(self.last_good_run(key), now)
        )

    def open_failure(self, key: str) -> JobRun | None:
        """Return the run that was held back, if no good run followed it.

        A reparse of the same answers counts as good when the checks had no findings at all.
        """
        failed = [runs[key] for runs in self._bad if key in runs]
        newest = max(failed, key=lambda run: run.id, default=None)
        mended = self._mended.get(key)
        good = [self._good.get(key), mended if mended and not _findings(mended) else None]
        since = max((run.id for run in good if run), default=-1)
        return newest if newest is not None and newest.id > since else None


class FunderCounts(NamedTuple):
    """How many calls a funder has, and how many of them have what.

    Attributes:
        calls: all of them.
        unchecked: kept by hand, and not compared with their source for long.
        deadlines: with a deadline of any kind.
        amounts: with an amount of any kind.
        applicants: with conditions on applicants in the record.
        bilingual: with a title in Swedish and in English.
    """

    calls: int = 0
    unchecked: int = 0
    deadlines: int = 0
    amounts: int = 0
    applicants: int = 0
    bilingual: int = 0


def list_source_statuses(
    funders: Iterable[FunderDescription],
    calls: Iterable[Call],
    runs: RunHistory,
    *,
    now: datetime,
    clock: datetime,
) -> tuple[SourceStatus, ...]:
    """Return the status of each of ``funders`` as a source.

    Args:
        funders: the funders to report on.
        calls: every stored call.
        runs: the history of jobs.
        now: the aware instant at which the ages of runs are measured.
        clock: the aware instant by which calls are open or stale.
    """
    call_counts: Counter[str] = Counter()
    unchecked_counts: Counter[str] = Counter()
    for call in calls:
        key = source_of(call.id)
        call_counts[key] += 1
        unchecked_counts[key] += call.stale(clock)
    counts = {
        key: FunderCounts(stored, unchecked_counts[key]) for key, stored in call_counts.items()
    }
    return make_source_statuses(funders, counts, runs, now)


def make_source_statuses(
    funders: Iterable[FunderDescription],
    counts: Mapping[str, FunderCounts],
    runs: RunHistory | SourceRuns,
    now: datetime,
) -> tuple[SourceStatus, ...]:
    """Return the status of each of ``funders`` as a source.

    Args:
        funders: the funders to report on.
        counts: of the stored calls, by their funder's key.
        runs: the history of jobs, or the latest of each source.
        now: the aware instant at which the ages of runs are measured.
    """
    source_runs = runs if isinstance(runs, SourceRuns) else SourceRuns(runs)
    none = FunderCounts()
    return tuple(
        _source_status(funder, source_runs, now, counts.get(funder.key, none)) for funder in funders
    )


def _source_status(
    funder: FunderDescription, source_runs: SourceRuns, now: datetime, counts: FunderCounts
) -> SourceStatus:
    last_run, last_good = source_runs.last_run(funder.key), source_runs.last_good_run(funder.key)
    failure = source_runs.open_failure(funder.key)
    stale = _is_stale(last_good, now)
    reported = failure or last_good
    return SourceStatus(
        key=funder.key,
        name=funder.title,
        home=funder.home,
        level=funder.level,
        interface=funder.interface,
        verified=funder.verified,
        calls=counts.calls,
        unchecked=counts.unchecked,
        state=_source_state(
            failing=failure is not None, stale=stale, collected=last_run is not None
        ),
        failing=failure is not None,
        stale=stale,
        last_run=SourceRun.from_run(last_run) if last_run else None,
        last_good=SourceRun.from_run(last_good) if last_good else None,
        findings=_findings(reported) if reported else (),
    )


def _is_stale(last_good: JobRun | None, now: datetime) -> bool:
    return (
        last_good is not None
        and now - (last_good.finished_at or last_good.started_at) > STALE_AFTER
    )


def _source_state(*, failing: bool, stale: bool, collected: bool) -> SourceState:
    if failing:
        return SourceState.FAILING
    if stale:
        return SourceState.STALE
    return SourceState.GOOD if collected else SourceState.NEVER


def _findings(run: JobRun) -> tuple[str, ...]:
    """Return the findings of the checks, and the error of a run that broke off."""
    findings = [str(finding) for finding in run.report.get("findings", ())]
    error = run.report.get("error")
    return tuple([*findings, str(error)] if error else findings)


def list_gaps(
    statuses: Iterable[SourceStatus], funders: Collection[str] = (), levels: Collection[Level] = ()
) -> tuple[SourceStatus, ...]:
    """Return the sources whose calls may be missing, those longest unread first.

    Args:
        statuses: of all sources.
        funders: the keys that a reader chose; by default all.
        levels: the levels that a reader chose; by default all.
    """
    gaps = (
        one
        for one in statuses
        if one.state in (SourceState.FAILING, SourceState.STALE)
        and (not funders or one.key in funders)
        and (not levels or one.level in levels)
    )
    return tuple(sorted(gaps, key=lambda one: (_last_read(one) or _NEVER, one.name)))


def gaps_note(gaps: Sequence[SourceStatus]) -> Message | None:
    """Return a sentence for a page whose calls may lack some; None when no source has a gap."""
    if not gaps:
        return None
    names: list[Value] = [_named_gap(one) for one in gaps[:MOST_NAMED]]
    more = len(gaps) - MOST_NAMED
    if more > 0:
        names.append(message("note.source.more", count=more))
    return message("note.sources", names=join_values(names))


def call_gap_note(gaps: Iterable[SourceStatus], call_id: str) -> Message | None:
    """Return a sentence for what is shown of one call; None when its source is read well."""
    key = source_of(call_id)
    gap = next((one for one in gaps if one.key == key), None)
    if gap is None:
        return None
    read = _last_read(gap)
    if read is None:
        return message("note.source.call.never", name=gap.name)
    return message("note.source.call", name=gap.name, when=read)


def _last_read(source: SourceStatus) -> datetime | None:
    return source.last_good.started_at if source.last_good else None


def _named_gap(source: SourceStatus) -> Message:
    read = _last_read(source)
    if read is None:
        return message("note.source.never", name=source.name)
    return message("note.source.read", name=source.name, when=read)
