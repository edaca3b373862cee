"""The documentation's example of sources."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapers.call import Level
from service.api.sample import NOW, dump
from service.domain.calls.sources import SourceRun, SourceState, SourceStatus
from service.use_cases.sources import SourceList

_GOOD = datetime(2026, 8, 31, 4, 0, tzinfo=UTC)
_FAILED = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)


def _run(at: datetime, state: str, calls: int) -> SourceRun:
    return SourceRun(started_at=at, finished_at=at.replace(minute=2), state=state, calls=calls)


SOURCE_LIST = dump(
    SourceList(
        sources=(
            SourceStatus(
                key="example_fund",
                name="The Example Fund",
                home="https://fund.example",
                level=Level.NATIONAL,
                interface="open API, JSON",
                verified="real answer",
                calls=48,
                unchecked=0,
                state=SourceState.FAILING,
                failing=True,
                stale=False,
                last_run=_run(_FAILED, "failed", 0),
                last_good=_run(_GOOD, "done", 48),
                findings=(
                    "0 calls came; a healthy run has at least 20.",
                    "0 calls came, 100 % fewer than the 48 of the last good run.",
                ),
            ),
        ),
        failing=1,
        stale=0,
        as_of=NOW,
    )
)
