"""Check whether the service can answer: the database is readable and an index is there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError

from index.errors import SnapshotError
from index.store import snapshot
from scrapers.plurals import count_noun
from service.context import Context
from service.domain.frozen_model import FrozenModel
from service.errors import ServiceError


class Check(FrozenModel):
    """One thing that must hold for the service to answer."""

    name: str
    ok: bool
    detail: str = Field(description="What was found, or what to do.")


class Health(FrozenModel):
    """Whether the service can answer."""

    status: Literal["ok", "unavailable"]
    calls: int
    checks: tuple[Check, ...]


def check_health(context: Context) -> Health:
    """Check what a match needs; nothing is loaded, so a probe costs nothing."""
    calls, database = _database(context)
    index = _index(context)
    checks = (database, index)
    status: Literal["ok", "unavailable"] = (
        "ok" if all(check.ok for check in checks) else "unavailable"
    )
    return Health(status=status, calls=calls, checks=checks)


def _database(context: Context) -> tuple[int, Check]:
    try:
        calls = context.calls.count()
    except (SQLAlchemyError, ServiceError):
        detail = "The database cannot be read: check the data folder and its rights."
        return 0, Check(name="database", ok=False, detail=detail)
    if not calls:
        detail = "There are no calls yet: run `fundscout collect` or `fundscout load-examples`."
        return 0, Check(name="database", ok=False, detail=detail)
    return calls, Check(
        name="database", ok=True, detail=f"{count_noun(calls, 'call')} can be read."
    )


def _index(context: Context) -> Check:
    name = snapshot.current_snapshot(context.settings.snapshots)
    if name is None:
        detail = "There is no index yet: run `fundscout reindex`."
        return Check(name="index", ok=False, detail=detail)
    try:
        manifest = snapshot.read_manifest(context.settings.snapshots / name)
    except SnapshotError as error:
        return Check(name="index", ok=False, detail=f"{error} Run `fundscout reindex`.")
    detail = f"The snapshot {name} holds {count_noun(manifest.documents, 'call')}."
    return Check(name="index", ok=True, detail=detail)
