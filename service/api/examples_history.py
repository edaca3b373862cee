"""The documentation's examples of history and sources, made from the records themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from scrapers.call import Deadline, DeadlineKind, Funding, Level, Money
from service.api.examples import NOW, STORED
from service.api.schemas_history import CallHistory, SourceList
from service.domain.history import history
from service.domain.sources import RunFacts, SourceState, SourceStatus

_FIRST_SEEN = datetime(2026, 8, 18, 4, 0, tzinfo=UTC)
_GOOD = datetime(2026, 8, 31, 4, 0, tzinfo=UTC)
_FAILED = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)

_BEFORE = STORED.model_copy(
    update={
        "deadlines": (
            Deadline(
                kind=DeadlineKind.FIXED,
                zone="Europe/Stockholm",
                at=datetime(2026, 9, 29, 12, 0, tzinfo=UTC),
            ),
        ),
        "funding": Funding(
            total=Money(amount=Decimal(30_000_000), currency="SEK"),
            maximum=Money(amount=Decimal(5_000_000), currency="SEK"),
            share_percent=Decimal(50),
        ),
    }
)


def _dump(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(mode="json", by_alias=True)


def _run(at: datetime, state: str, calls: int) -> RunFacts:
    return RunFacts(started_at=at, finished_at=at.replace(minute=2), state=state, calls=calls)


CALL_HISTORY = _dump(
    CallHistory(
        id=STORED.id,
        first_seen=_FIRST_SEEN,
        last_seen=_GOOD,
        not_seen_since=None,
        versions=history([(_FIRST_SEEN, _BEFORE), (_GOOD, STORED)]),
    )
)
SOURCE_LIST = _dump(
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
