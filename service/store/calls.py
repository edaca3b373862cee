"""Calls in the database: one upsert for a whole run, and a version for every change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from scrapers.call import Call
from service.domain.calls.ids import source_of
from service.errors import StoreError
from service.messages.message import message
from service.store.tables import CallRow, CallVersionRow, MetaRow

_STAMP = "calls_stamp"
_BATCH_SIZE = 500


@dataclass(frozen=True)
class CallUpsertReport:
    """What an upsert did, in calls; ``kept`` are those that another source has brought."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    not_seen: int = 0

    @property
    def nothing_changed(self) -> bool:
        """Whether the store is as it was."""
        return not (self.new or self.changed or self.not_seen)


@dataclass(frozen=True)
class CallSightings:
    """When a call was first and last listed, and since when a whole listing lacks it."""

    first: datetime
    last: datetime
    missing_since: datetime | None


class CallStore:
    """Every call by its id. Reading all is cheap as long as nothing changes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._cached: tuple[str, dict[str, Call]] = ("", {})

    def get(self, call_id: str) -> Call | None:
        """Return the call with this id, if there is one."""
        with self._session() as session:
            row = session.get(CallRow, call_id)
            return None if row is None else _call(row)

    def all(self) -> dict[str, Call]:
        """Return every call by id; the same dictionary until a call changes, so do not edit it."""
        with self._session() as session:
            stamp = _stamp(session)
            known, calls = self._cached
            if known != stamp or not calls:
                rows = session.scalars(select(CallRow).order_by(CallRow.id))
                calls = {row.id: _call(row) for row in rows}
                self._cached = (stamp, calls)
        return calls

    def count(self) -> int:
        """Return how many calls there are."""
        with self._session() as session:
            return session.scalar(select(func.count()).select_from(CallRow)) or 0

    def count_by_source(self) -> dict[str, int]:
        """Return how many calls each source brought."""
        counted = select(CallRow.source, func.count()).group_by(CallRow.source)
        with self._session() as session:
            return {source: count for source, count in session.execute(counted)}  # noqa: C416  typed

    def stamp(self) -> str:
        """Return a text that changes whenever a call does."""
        with self._session() as session:
            return _stamp(session)

    def versions(self, call_id: str) -> list[tuple[datetime, Call]]:
        """Return the call's versions, oldest first, with the instant that each was first seen."""
        wanted = select(CallVersionRow).where(CallVersionRow.call_id == call_id)
        with self._session() as session:
            rows = session.scalars(wanted.order_by(CallVersionRow.number))
            return [(row.seen_at, Call.model_validate_json(row.record)) for row in rows]

    def versions_of(self, call_ids: Collection[str]) -> dict[str, list[tuple[datetime, Call]]]:
        """Return the versions of calls, as `versions` does, by id; unknown ids are left out."""
        versions: dict[str, list[tuple[datetime, Call]]] = {}
        wanted = sorted(call_ids)
        with self._session() as session:
            for start in range(0, len(wanted), _BATCH_SIZE):
                part = wanted[start : start + _BATCH_SIZE]
                rows = session.scalars(
                    select(CallVersionRow)
                    .where(CallVersionRow.call_id.in_(part))
                    .order_by(CallVersionRow.call_id, CallVersionRow.number)
                )
                for row in rows:
                    call = Call.model_validate_json(row.record)
                    versions.setdefault(row.call_id, []).append((row.seen_at, call))
        return versions

    def sightings(self, call_id: str) -> CallSightings | None:
        """Return when the call with this id was listed, if there is one."""
        columns = select(CallRow.first_seen, CallRow.last_seen, CallRow.not_seen_since)
        with self._session() as session:
            row = session.execute(columns.where(CallRow.id == call_id)).one_or_none()
            return None if row is None else CallSightings(*row)

    def first_seen(self) -> dict[str, datetime]:
        """Return when each call was first stored, by id."""
        with self._session() as session:
            rows = session.execute(select(CallRow.id, CallRow.first_seen))
            return {id_: first for id_, first in rows}  # noqa: C416  typed

    def not_seen_since(self) -> dict[str, datetime]:
        """Return the calls that a complete run no longer listed, with the instant of that run."""
        wanted = select(CallRow.id, CallRow.not_seen_since).where(
            CallRow.not_seen_since.is_not(None)
        )
        with self._session() as session:
            rows = session.execute(wanted)
            return {id_: since for id_, since in rows if since is not None}

    def absences(self) -> dict[str, tuple[datetime, datetime]]:
        """Return from when to when calls that came back were last off their source's list."""
        wanted = select(CallRow.id, CallRow.absent_from, CallRow.absent_until)
        with self._session() as session:
            rows = session.execute(wanted.where(CallRow.absent_until.is_not(None)))
            return {id_: (gone, back) for id_, gone, back in rows if gone and back}

    def upsert(
        self,
        calls: Iterable[Call],
        now: datetime,
        *,
        complete_for: str | None = None,
        yielding: bool = False,
    ) -> CallUpsertReport:
        """Store ``calls`` in one transaction.

        Args:
            calls: each id once.
            now: the aware instant they were seen at.
            complete_for: the source whose every call these are; its others become "not seen".
            yielding: leave a call alone that another source has brought.

        Raises:
            StoreError: the database cannot be written; it is then as it was.
        """
        counts = dict.fromkeys(("new", "changed", "unchanged", "kept"), 0)
        seen: set[str] = set()
        with self._session() as session:
            for call in calls:
                seen.add(call.id)
                counts[_store_call(session, call, now, yielding=yielding)] += 1
            gone = _mark_not_seen(session, complete_for, seen, now) if complete_for else 0
            report = CallUpsertReport(**counts, not_seen=gone)
            if not report.nothing_changed:
                _advance_stamp(session)
            session.commit()
        return report

    def remove_source(self, source: str) -> int:
        """Delete the calls that ``source`` brought, with their versions; return how many."""
        with self._session() as session:
            ids = session.scalars(select(CallRow.id).where(CallRow.source == source)).all()
            for id_ in ids:
                session.execute(delete(CallVersionRow).where(CallVersionRow.call_id == id_))
                session.execute(delete(CallRow).where(CallRow.id == id_))
            if ids:
                _advance_stamp(session)
            session.commit()
        return len(ids)

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as session:
                yield session
        except (SQLAlchemyError, ValidationError) as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise StoreError(message("problem.database", why=reason)) from error


def _call(row: CallRow) -> Call:
    return Call.model_validate_json(row.record)


def _checked_on(call: Call) -> date | None:
    return call.provenance.checked_on


def _store_call(session: Session, call: Call, now: datetime, *, yielding: bool) -> str:
    """Store one call; return which of the upsert's counts it belongs to."""
    digest = call.content_hash()
    source = call.provenance.source
    row = session.get(CallRow, call.id)
    if row is None:
        session.add(
            CallRow(
                id=call.id,
                funder=source_of(call.id),
                source=source,
                content_hash=digest,
                record=call.model_dump_json(),
                first_seen=now,
                last_seen=now,
            )
        )
        session.flush()
        _add_version(session, call, digest, now)
        return "new"
    if yielding and row.source != source:
        return "kept"
    returned = row.not_seen_since is not None
    row.last_seen = max(row.last_seen, now)
    if returned:
        row.absent_from, row.absent_until = row.not_seen_since, now
    row.not_seen_since = None
    if row.content_hash == digest and row.source == source:
        # that somebody checked a call kept by hand is no new version of it, but must be served
        checked = call.provenance.curated and _checked_on(_call(row)) != _checked_on(call)
        row.record = call.model_dump_json() if checked else row.record
        return "changed" if returned or checked else "unchanged"
    row.record = call.model_dump_json()
    row.source = source
    if row.content_hash == digest:
        return "unchanged"
    row.content_hash = digest
    _add_version(session, call, digest, now)
    return "changed"


def _add_version(session: Session, call: Call, digest: str, now: datetime) -> None:
    of_call = select(func.max(CallVersionRow.number)).where(CallVersionRow.call_id == call.id)
    number = (session.scalar(of_call) or 0) + 1
    session.add(
        CallVersionRow(
            call_id=call.id,
            number=number,
            content_hash=digest,
            record=call.model_dump_json(),
            seen_at=now,
        )
    )


def _mark_not_seen(session: Session, source: str, seen: set[str], now: datetime) -> int:
    rows = session.scalars(
        select(CallRow).where(CallRow.source == source, CallRow.not_seen_since.is_(None))
    )
    gone = [row for row in rows if row.id not in seen]
    for row in gone:
        row.not_seen_since = now
    return len(gone)


def _stamp(session: Session) -> str:
    row = session.get(MetaRow, _STAMP)
    return row.value if row else "0"


def _advance_stamp(session: Session) -> None:
    row = session.get(MetaRow, _STAMP, with_for_update=True)
    if row is None:
        session.add(MetaRow(name=_STAMP, value="1"))
    else:
        row.value = str(int(row.value) + 1)
