"""Calls in the database: one upsert for a whole run, and a version for every change."""

from __future__ import annotations

import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import Engine, delete, exists, func, select
from sqlalchemy.orm import Session, aliased

from scrapers.call import Call, Status, without_impossible_dates
from service.domain.calls.freshness import Arrivals
from service.domain.calls.ids import source_of
from service.domain.calls.rounds import Family
from service.domain.calls.stored.call_changes import ChangeTimes
from service.domain.calls.stored.call_columns import CallColumns
from service.domain.calls.stored.call_reader import CallReader
from service.domain.calls.stored.record import read_record
from service.domain.eligibility.condition_index import ConditionIndex
from service.domain.eligibility.condition_reader import ConditionReader
from service.domain.eligibility.facts import Fact
from service.domain.eligibility.subject.any_subject_calls import AnySubjectCalls
from service.store.call_facts.column_cache import ColumnCache
from service.store.call_facts.conditions import ConditionStore
from service.store.call_facts.families import find_relatives
from service.store.call_facts.listing import CallListing
from service.store.call_facts.names import CallNameStore
from service.store.call_facts.offers import OfferListing
from service.store.call_facts.recent_calls import RecentCalls
from service.store.call_facts.write import write_facts
from service.store.database import open_session
from service.store.stamps import CALLS_STAMP, LINKS_STAMP, advance_stamp, read_stamp
from service.store.sync.call_changes import CallChangeStore
from service.store.sync.change_log import record_changes
from service.store.tables import CallRow, CallVersionRow

_BATCH_SIZE = 500
_RECENT_SIZE = 1000
"""Calls that are kept after they were read: some 20 MB."""


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


class StoredCallDict(dict[str, Call]):
    """Every stored call by id, forgotten when nobody uses it any more."""


class CallStore:
    """Every call by its id."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._all: tuple[str, weakref.ref[StoredCallDict]] | None = None
        self._recent = RecentCalls(_RECENT_SIZE)
        self._columns = ColumnCache(engine)
        self._conditions = ConditionStore(engine)
        self.listing = CallListing(engine)
        self.offers = OfferListing(engine)
        self.names = CallNameStore(engine)

    def get(self, call_id: str) -> Call | None:
        """Return the call with this id, if there is one."""
        with open_session(self._engine) as session:
            row = session.get(CallRow, call_id)
            return None if row is None else _call(row)

    def get_many(self, call_ids: Collection[str]) -> dict[str, Call]:
        """Return the stored ones of some calls by id; those read lately are not read again."""
        return self._read_many(self.stamp(), call_ids)

    def _read_many(self, stamp: str, call_ids: Collection[str]) -> dict[str, Call]:
        """Return some calls; what is read is kept for others who know the same ``stamp``."""
        found = self._recent.find(stamp, call_ids)
        missing = sorted(set(call_ids) - found.keys())
        if not missing:
            return found
        read: dict[str, Call] = {}
        with open_session(self._engine) as session:
            for start in range(0, len(missing), _BATCH_SIZE):
                part = missing[start : start + _BATCH_SIZE]
                wanted = select(CallRow.id, CallRow.record).where(CallRow.id.in_(part))
                for id_, record in session.execute(wanted):
                    read[id_] = read_record(record)
        self._recent.add(stamp, read)
        return found | read

    def reader(self) -> CallReader:
        """Return what reads calls one by one, for one request."""
        return CallReader(partial(self._read_many, self.stamp()), self.ids)

    def columns(self) -> CallColumns:
        """Return the facts of all calls as columns; the same object until a call changes."""
        with open_session(self._engine):
            return self._columns.columns()

    def of_status(self, now: datetime, *statuses: Status) -> set[str]:
        """Return the calls that have one of some statuses at ``now`` (aware)."""
        return self.columns().of_status(now, *statuses)

    def arrivals(self) -> Arrivals:
        """Return when calls were first seen."""
        return self.columns().arrivals

    def conditions(self) -> ConditionIndex:
        """Return the conditions of all calls; those that no rules of today read are read first."""
        with open_session(self._engine):
            return self._conditions.index()

    def any_subject_calls(self) -> AnySubjectCalls:
        """Return the calls that are open to any subject; no other call is looked at."""
        with open_session(self._engine):
            return self._conditions.any_subject_calls()

    def condition_reader(self) -> ConditionReader:
        """Return the conditions of calls one by one, as they were read, for one request."""
        return ConditionReader(self._find_facts)

    def change_times(self) -> ChangeTimes:
        """Return what tells when calls last changed, for one request."""
        return ChangeTimes(CallChangeStore(self._engine).changed_at)

    def _find_facts(self, calls: Collection[Call]) -> dict[str, tuple[Fact, ...]]:
        with open_session(self._engine):
            return self._conditions.find_facts(calls)

    def find_relatives(self, families: Sequence[Family]) -> Mapping[Family, Sequence[str]]:
        """Return the ids of the calls of ``families`` (see `round_families`), by family."""
        with open_session(self._engine):
            return find_relatives(self._engine, families)

    def ids(self) -> list[str]:
        """Return the id of every call, in order."""
        with open_session(self._engine) as session:
            return list(session.scalars(select(CallRow.id).order_by(CallRow.id)))

    def iterate(self) -> Iterator[Call]:
        """Yield every call in order of id, reading some at a time."""
        last = ""
        while True:
            wanted = select(CallRow.id, CallRow.record).where(CallRow.id > last)
            with open_session(self._engine) as session:
                rows = session.execute(wanted.order_by(CallRow.id).limit(_BATCH_SIZE)).all()
                calls = [read_record(row.record) for row in rows]
            if not calls:
                return
            yield from calls
            last = rows[-1].id

    def all(self) -> dict[str, Call]:
        """Return every call by id: for jobs that need all of them, not for a request.

        It is the same mapping until a call changes, as long as somebody uses it.
        """
        stamp = self.stamp()
        known = self._all[1]() if self._all is not None and self._all[0] == stamp else None
        if known is None:
            known = StoredCallDict((call.id, call) for call in self.iterate())
            self._all = stamp, weakref.ref(known)
        return known

    def is_empty(self) -> bool:
        """Return whether there is no call."""
        with open_session(self._engine) as session:
            return session.scalars(select(CallRow.id).limit(1)).first() is None

    def count(self) -> int:
        """Return how many calls there are."""
        with open_session(self._engine) as session:
            return session.scalar(select(func.count()).select_from(CallRow)) or 0

    def count_by_source(self) -> dict[str, int]:
        """Return how many calls each source brought."""
        counted = select(CallRow.source, func.count()).group_by(CallRow.source)
        with open_session(self._engine) as session:
            return {source: count for source, count in session.execute(counted)}  # noqa: C416  typed

    def stamp(self) -> str:
        """Return a text that changes whenever a call does."""
        with open_session(self._engine) as session:
            return read_stamp(session, CALLS_STAMP)

    def versions(self, call_id: str) -> list[tuple[datetime, Call]]:
        """Return the call's versions, oldest first, with the instant that each was first seen."""
        wanted = select(CallVersionRow).where(CallVersionRow.call_id == call_id)
        with open_session(self._engine) as session:
            rows = session.scalars(wanted.order_by(CallVersionRow.number))
            return [(row.seen_at, read_record(row.record)) for row in rows]

    def versions_of(self, call_ids: Collection[str]) -> dict[str, list[tuple[datetime, Call]]]:
        """Return the versions of calls, as `versions` does, by id; unknown ids are left out."""
        versions: dict[str, list[tuple[datetime, Call]]] = {}
        wanted = sorted(call_ids)
        with open_session(self._engine) as session:
            for start in range(0, len(wanted), _BATCH_SIZE):
                part = wanted[start : start + _BATCH_SIZE]
                rows = session.scalars(
                    select(CallVersionRow)
                    .where(CallVersionRow.call_id.in_(part))
                    .order_by(CallVersionRow.call_id, CallVersionRow.number)
                )
                for row in rows:
                    call = read_record(row.record)
                    versions.setdefault(row.call_id, []).append((row.seen_at, call))
        return versions

    def last_changed(self, since: datetime) -> dict[str, datetime]:
        """Return the calls with a version first seen at ``since`` or later, and when the last."""
        last = func.max(CallVersionRow.seen_at)
        wanted = select(CallVersionRow.call_id, last).group_by(CallVersionRow.call_id)
        with open_session(self._engine) as session:
            rows = session.execute(wanted.where(CallVersionRow.seen_at >= since))
            return {id_: seen for id_, seen in rows}  # noqa: C416  typed

    def former_versions(self, call_ids: Collection[str]) -> dict[str, list[Call]]:
        """Return what some calls were before they became what they are, oldest first, by id."""
        row, newer = CallVersionRow, aliased(CallVersionRow)
        is_newer = (newer.call_id == row.call_id) & (newer.number > row.number)
        former: dict[str, list[Call]] = {}
        wanted = sorted(call_ids)
        with open_session(self._engine) as session:
            for start in range(0, len(wanted), _BATCH_SIZE):
                part = wanted[start : start + _BATCH_SIZE]
                rows = session.execute(
                    select(row.call_id, row.record)
                    .where(row.call_id.in_(part), exists().where(is_newer))
                    .order_by(row.call_id, row.number)
                )
                for call_id, record in rows:
                    former.setdefault(call_id, []).append(read_record(record))
        return former

    def sightings(self, call_id: str) -> CallSightings | None:
        """Return when the call with this id was listed, if there is one."""
        columns = select(CallRow.first_seen, CallRow.last_seen, CallRow.not_seen_since)
        with open_session(self._engine) as session:
            row = session.execute(columns.where(CallRow.id == call_id)).one_or_none()
            return None if row is None else CallSightings(*row)

    def first_seen(self) -> dict[str, datetime]:
        """Return when each call was first stored, by id."""
        with open_session(self._engine) as session:
            rows = session.execute(select(CallRow.id, CallRow.first_seen))
            return {id_: first for id_, first in rows}  # noqa: C416  typed

    def not_seen_since(self) -> dict[str, datetime]:
        """Return the calls that a complete run no longer listed, with the instant of that run."""
        wanted = select(CallRow.id, CallRow.not_seen_since).where(
            CallRow.not_seen_since.is_not(None)
        )
        with open_session(self._engine) as session:
            rows = session.execute(wanted)
            return {id_: since for id_, since in rows if since is not None}

    def missing_of(self, call_ids: Collection[str]) -> set[str]:
        """Return those of some calls that a complete run no longer listed."""
        wanted = select(CallRow.id).where(
            CallRow.id.in_(call_ids), CallRow.not_seen_since.is_not(None)
        )
        with open_session(self._engine) as session:
            return set(session.scalars(wanted))

    def absences(self) -> dict[str, tuple[datetime, datetime]]:
        """Return from when to when calls that came back were last off their source's list."""
        wanted = select(CallRow.id, CallRow.absent_from, CallRow.absent_until)
        with open_session(self._engine) as session:
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
        """Store ``calls`` in one transaction, and then read the conditions of what changed.

        Reading takes a thousand times as long as storing, so nobody has to wait for it to write.

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
        with open_session(self._engine) as session:
            changes = _FactChanges(session)
            for call in map(without_impossible_dates, calls):
                seen.add(call.id)
                outcome = _store_call(session, call, now, yielding=yielding)
                counts[outcome.kind] += 1
                changes.add(outcome, call)
            gone = _mark_not_seen(session, complete_for, seen, now) if complete_for else []
            changes.finish(gone, now)
            session.commit()
        self._read_conditions(changes.rewritten_ids)
        return CallUpsertReport(**counts, not_seen=len(gone))

    def _read_conditions(self, call_ids: Collection[str]) -> None:
        with open_session(self._engine):
            self._conditions.read_anew(call_ids)

    def remove_source(self, source: str, now: datetime | None = None) -> int:
        """Delete the calls that ``source`` brought, with their versions; return how many.

        ``now`` is the aware instant that others are told, by default that of the machine.
        """
        with open_session(self._engine) as session:
            ids = session.scalars(select(CallRow.id).where(CallRow.source == source)).all()
            if ids:
                advance_stamp(session, CALLS_STAMP)
                advance_stamp(session, LINKS_STAMP)
                record_changes(session, ids, now or datetime.now(UTC))
            for id_ in ids:
                session.execute(delete(CallVersionRow).where(CallVersionRow.call_id == id_))
                session.execute(delete(CallRow).where(CallRow.id == id_))
            session.commit()
        return len(ids)


def _call(row: CallRow) -> Call:
    return read_record(row.record)


def _checked_on(call: Call) -> date | None:
    return call.provenance.checked_on


class _Outcome(NamedTuple):
    """What storing a call did: which of the report's counts it belongs to, and to the record."""

    kind: str
    is_rewritten: bool


class _FactChanges:
    """Writes what is kept beside changed calls, in batches, and that they changed.

    The calls' stamp grows with the first change.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._revision: int | None = None
        self._rewritten: list[Call] = []
        self._changed: list[str] = []
        self.rewritten_ids: list[str] = []

    def add(self, outcome: _Outcome, call: Call) -> None:
        """Take a call that was stored."""
        if outcome.kind in ("new", "changed"):
            self._changed.append(call.id)
            if self._revision is None:
                self._session.flush()
                self._revision = advance_stamp(self._session, CALLS_STAMP)
        if outcome.is_rewritten:
            self._rewritten.append(call)
            self.rewritten_ids.append(call.id)
        if self._revision is not None and len(self._rewritten) >= _BATCH_SIZE:
            self._write(self._revision)

    def finish(self, gone: Collection[str], now: datetime) -> None:
        """Write what is left, and that calls changed ``now``; ``gone`` are no longer listed."""
        self._session.flush()
        if gone and self._revision is None:
            self._revision = advance_stamp(self._session, CALLS_STAMP)
        record_changes(self._session, [*self._changed, *gone], now)
        # a record that changed in nothing that readers see belongs to the next change
        self._write(self._revision or int(read_stamp(self._session, CALLS_STAMP)) + 1)

    def _write(self, revision: int) -> None:
        self._session.flush()
        write_facts(self._session, self._rewritten, revision)
        self._rewritten = []


def _store_call(session: Session, call: Call, now: datetime, *, yielding: bool) -> _Outcome:
    """Store one call."""
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
        return _Outcome("new", is_rewritten=True)
    if yielding and row.source != source:
        return _Outcome("kept", is_rewritten=False)
    returned = row.not_seen_since is not None
    row.last_seen = max(row.last_seen, now)
    if returned:
        row.absent_from, row.absent_until = row.not_seen_since, now
    row.not_seen_since = None
    if row.content_hash == digest and row.source == source:
        # that somebody checked a call kept by hand is no new version of it, but must be served
        checked = call.provenance.curated and _checked_on(_call(row)) != _checked_on(call)
        row.record = call.model_dump_json() if checked else row.record
        return _Outcome("changed" if returned or checked else "unchanged", is_rewritten=checked)
    row.record = call.model_dump_json()
    row.source = source
    if row.content_hash == digest:
        return _Outcome("unchanged", is_rewritten=True)
    row.content_hash = digest
    _add_version(session, call, digest, now)
    return _Outcome("changed", is_rewritten=True)


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


def _mark_not_seen(session: Session, source: str, seen: set[str], now: datetime) -> list[str]:
    rows = session.scalars(
        select(CallRow).where(CallRow.source == source, CallRow.not_seen_since.is_(None))
    )
    gone = [row for row in rows if row.id not in seen]
    for row in gone:
        row.not_seen_since = now
    return [row.id for row in gone]
