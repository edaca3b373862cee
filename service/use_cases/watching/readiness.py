"""Say whether the service can answer well: model, index, store, and how old each source is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError

from index.errors import IndexingError, SnapshotError
from index.store import snapshot
from scrapers.plurals import count_noun
from service.context import Context
from service.domain.calls.sources import SourceState, SourceStatus
from service.domain.frozen_model import FrozenModel
from service.errors import ServiceError
from service.use_cases.health import Check, check_health
from service.use_cases.sources import list_source_states

_GAPS = (SourceState.FAILING, SourceState.STALE)


class SourceAge(FrozenModel):
    """A source that was collected, or should be: its state, and since when it was not read."""

    key: str
    name: str
    state: SourceState
    age: float | None = Field(description="Seconds since its last good run; null without one.")


class ServiceReadiness(FrozenModel):
    """Whether the service answers well.

    A source that fails takes nothing away from the others: the service is then `degraded`, and
    still answers 200. It is `unavailable` when it cannot match, or when no source at all is fresh.
    """

    status: Literal["ready", "degraded", "unavailable"]
    reasons: tuple[str, ...] = Field(description="What is not as it should be, and what to do.")
    checks: tuple[Check, ...]
    sources: tuple[SourceAge, ...] = Field(description="Every source that was collected ever.")


def check_readiness(context: Context) -> ServiceReadiness:
    """Check what a good answer needs; a probe costs a few queries."""
    health = check_health(context)
    store, index = health.checks
    model = _model(context)
    if index.ok and model.ok:
        index = _index(context)
    ages = _source_ages(context) if store.ok else ()
    sources = _sources(ages)
    checks = (model, index, store, sources)
    gaps = tuple(_gap_reason(one) for one in ages if one.state in _GAPS)
    faults = tuple(check.detail for check in checks if not check.ok)
    status: Literal["ready", "degraded", "unavailable"] = (
        "unavailable" if faults else "degraded" if gaps else "ready"
    )
    return ServiceReadiness(status=status, reasons=(*faults, *gaps), checks=checks, sources=ages)


def age_of(source: SourceStatus, now: datetime) -> float | None:
    """Return the seconds since a source's last good run ended; None without one."""
    good = source.last_good
    if good is None:
        return None
    return max(0.0, (now - (good.finished_at or good.started_at)).total_seconds())


def _model(context: Context) -> Check:
    try:
        encoder = context.encoder()
    except IndexingError as error:
        return Check(name="model", ok=False, detail=f"{error}")
    return Check(name="model", ok=True, detail=f"The model {encoder.fingerprint} is loaded.")


def _index(context: Context) -> Check:
    """Check that the index was made by the model that reads the questions."""
    root = context.settings.snapshots
    name = snapshot.current_snapshot(root) or ""
    try:
        manifest = snapshot.read_manifest(root / name)
    except SnapshotError as error:
        return Check(name="index", ok=False, detail=f"{error} Run `fundscout reindex`.")
    if manifest.model != context.encoder().fingerprint:
        detail = "The index was made by another model: run `fundscout reindex`."
        return Check(name="index", ok=False, detail=detail)
    detail = f"The snapshot {name} holds {count_noun(manifest.documents, 'call')}"
    try:
        behind = context.needs_reindex()
    except (ServiceError, SQLAlchemyError):
        behind = False
    waiting = "; calls have changed since: run `fundscout reindex`" if behind else ""
    return Check(name="index", ok=True, detail=f"{detail}{waiting}.")


def _source_ages(context: Context) -> tuple[SourceAge, ...]:
    now = datetime.now(UTC)
    try:
        states = list_source_states(context)
    except (ServiceError, SQLAlchemyError):
        return ()
    return tuple(
        SourceAge(key=one.key, name=one.name, state=one.state, age=age_of(one, now))
        for one in states
        if one.state is not SourceState.NEVER
    )


def _sources(ages: tuple[SourceAge, ...]) -> Check:
    """Check that at least one source is read well: else the store stands still."""
    if not ages:
        detail = "No source was collected yet."
        return Check(name="sources", ok=True, detail=detail)
    good = sum(one.state is SourceState.GOOD for one in ages)
    told = f"{good} of {count_noun(len(ages), 'source')} read well within the last week"
    if not good:
        detail = f"{told}: run `fundscout collect`, and see `fundscout doctor`."
        return Check(name="sources", ok=False, detail=detail)
    return Check(name="sources", ok=True, detail=f"{told}.")


def _gap_reason(one: SourceAge) -> str:
    read = "never read well" if one.age is None else f"last read well {_days(one.age)} ago"
    return f"{one.name} ({one.key}) is {one.state}: {read}."


def _days(seconds: float) -> str:
    days = int(seconds // 86400)
    return count_noun(days, "day") if days else count_noun(int(seconds // 3600), "hour")
