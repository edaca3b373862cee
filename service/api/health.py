"""Whether the service can answer: the database is readable and an index is there."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from index import snapshot
from index.errors import SnapshotError
from scrapers.counted import counted
from service.api.schemas import Check, Health
from service.api.source import Source
from service.errors import ServiceError


def examine(origin: Source) -> Health:
    """Check what a match needs; nothing is loaded, so a probe costs nothing."""
    calls, database = _database(origin)
    index = _index(origin)
    checks = (database, index)
    status = "ok" if all(check.ok for check in checks) else "unavailable"
    return Health(status=status, calls=calls, checks=checks)


def _database(origin: Source) -> tuple[int, Check]:
    try:
        calls = origin.calls.count()
    except (SQLAlchemyError, ServiceError):
        detail = "The database cannot be read: check the data folder and its rights."
        return 0, Check(name="database", ok=False, detail=detail)
    if not calls:
        detail = "There are no calls yet: run `fundscout collect` or `fundscout load-examples`."
        return 0, Check(name="database", ok=False, detail=detail)
    return calls, Check(name="database", ok=True, detail=f"{counted(calls, 'call')} can be read.")


def _index(origin: Source) -> Check:
    name = snapshot.current(origin.settings.snapshots)
    if name is None:
        detail = "There is no index yet: run `fundscout reindex`."
        return Check(name="index", ok=False, detail=detail)
    try:
        manifest = snapshot.read_manifest(origin.settings.snapshots / name)
    except SnapshotError as error:
        return Check(name="index", ok=False, detail=f"{error} Run `fundscout reindex`.")
    detail = f"The snapshot {name} holds {counted(manifest.documents, 'call')}."
    return Check(name="index", ok=True, detail=detail)
