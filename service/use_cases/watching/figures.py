"""The figures of a running service: numbers by key and state, never a text or an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from index.errors import SnapshotError
from index.store import snapshot
from service.context import Context
from service.domain.calls.sources import SourceState
from service.errors import ServiceError
from service.use_cases.sources import list_source_states
from service.use_cases.watching.readiness import age_of


@dataclass(frozen=True)
class OperatingFigures:
    """Numbers at one moment; ages are in seconds since the last good run ended.

    ``store`` says whether the database could be read: when not, what comes from it is empty.
    """

    store: bool = False
    searches: int = 0
    matches: int = 0
    index_calls: int = 0
    index_passages: int = 0
    index_age: float | None = None
    calls: Mapping[str, int] = field(default_factory=dict)
    source_ages: Mapping[str, float] = field(default_factory=dict)
    source_gaps: Mapping[str, int] = field(default_factory=dict)
    mails: Mapping[str, int] = field(default_factory=dict)
    job_ages: Mapping[str, float] = field(default_factory=dict)


def read_figures(context: Context) -> OperatingFigures:
    """Return the figures as they are now."""
    now = datetime.now(UTC)
    calls, passages, age = _index(context, now)
    known = OperatingFigures(
        searches=context.activity.searches,
        matches=context.activity.matches,
        index_calls=calls,
        index_passages=passages,
        index_age=age,
    )
    try:
        return _with_store(known, context, now)
    except (ServiceError, SQLAlchemyError):
        return known


def _with_store(known: OperatingFigures, context: Context, now: datetime) -> OperatingFigures:
    states = [one for one in list_source_states(context) if one.state is not SourceState.NEVER]
    ages = {one.key: age for one in states if (age := age_of(one, now)) is not None}
    ended = context.runs.last_good_ends()
    return OperatingFigures(
        store=True,
        searches=known.searches,
        matches=known.matches,
        index_calls=known.index_calls,
        index_passages=known.index_passages,
        index_age=known.index_age,
        calls=context.calls.count_by_source(),
        source_ages=ages,
        source_gaps={one.key: int(one.state is not SourceState.GOOD) for one in states},
        mails=context.sent_items.count_by_state(),
        job_ages={job: max(0.0, (now - at).total_seconds()) for job, at in ended.items()},
    )


def _index(context: Context, now: datetime) -> tuple[int, int, float | None]:
    """Return the calls and passages of the current index, and its age."""
    root = context.settings.snapshots
    name = snapshot.current_snapshot(root)
    if name is None:
        return 0, 0, None
    try:
        manifest = snapshot.read_manifest(root / name)
        age = (now - datetime.fromisoformat(manifest.created)).total_seconds()
    except (SnapshotError, ValueError):
        return 0, 0, None
    return manifest.documents, manifest.passages, max(0.0, age)
