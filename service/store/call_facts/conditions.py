"""The conditions of calls, read from their texts once and kept beside the records."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Engine, delete, insert, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from scrapers.call import Call
from service.domain.eligibility.condition_index import (
    ConditionIndex,
    read_facts,
    reading_method,
    write_conditions,
    write_facts,
)
from service.domain.eligibility.extract import has_facts, keep_facts
from service.store.call_facts.tables import CallConditionsRow
from service.store.stamps import CALLS_STAMP, read_stamp
from service.store.tables import CallRow

_BATCH_SIZE = 200


class ConditionStore:
    """Keeps the conditions of calls up to date and in memory. Safe to share by threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._kept: tuple[str, ConditionIndex] | None = None
        self._newest = 0

    def index(self) -> ConditionIndex:
        """Return the conditions of all calls; those not read yet are read from their texts first.

        After a change only the changed calls are read.
        """
        with self._lock, Session(self._engine) as session:
            stamp = read_stamp(session, CALLS_STAMP)
            if self._kept is None or self._kept[0] != stamp:
                index = ConditionIndex() if self._kept is None else self._kept[1]
                index.add(self._read_new(session))
                index.add(renew_conditions(self._engine))
                self._kept = stamp, index
            return self._kept[1]

    def _read_new(self, session: Session) -> list[tuple[str, str]]:
        """Return what was written since the last time."""
        row = CallConditionsRow
        wanted = select(row.key, row.call_id, row.conditions).where(
            row.key > self._newest, row.method == reading_method()
        )
        found = session.execute(wanted).all()
        self._newest = max((key for key, _, _ in found), default=self._newest)
        return [(id_, text) for _, id_, text in found]


def renew_conditions(engine: Engine) -> Iterator[tuple[str, str]]:
    """Read the conditions of new and changed calls from their texts, keep and yield them.

    Where the store cannot be written they are not kept.
    """
    with Session(engine) as session:
        stale = _stale_ids(session)
    writable = True
    for start in range(0, len(stale), _BATCH_SIZE):
        with Session(engine) as session:
            part = stale[start : start + _BATCH_SIZE]
            rows = session.execute(
                select(CallRow.id, CallRow.content_hash, CallRow.record).where(CallRow.id.in_(part))
            ).all()
        written = [_row(digest, Call.model_validate_json(record)) for _, digest, record in rows]
        if writable:
            writable = _keep(engine, written)
        yield from ((row["call_id"], row["conditions"]) for row in written)


def keep_facts_of(engine: Engine, calls: Iterable[Call]) -> None:
    """Cache the facts of ``calls`` that are kept in the store: they need not be read again."""
    wanted = {call.id: call for call in calls if not has_facts(call)}
    if not wanted:
        return
    row = CallConditionsRow
    kept = select(row.call_id, row.content_hash, row.facts).where(
        row.call_id.in_(wanted), row.method == reading_method()
    )
    with Session(engine) as session:
        for call_id, digest, facts in session.execute(kept):
            if wanted[call_id].content_hash() == digest:
                keep_facts(wanted[call_id], read_facts(facts))


def _row(digest: str, call: Call) -> dict[str, str]:
    return {
        "call_id": call.id,
        "content_hash": digest,
        "method": reading_method(),
        "conditions": write_conditions(call),
        "facts": write_facts(call),
    }


def _stale_ids(session: Session) -> list[str]:
    """Return the calls whose conditions were not read, or not as they would be now."""
    row = CallConditionsRow
    current = select(CallRow.id).outerjoin(row, row.call_id == CallRow.id)
    stale = or_(
        row.key.is_(None), row.content_hash != CallRow.content_hash, row.method != reading_method()
    )
    return list(session.scalars(current.where(stale).order_by(CallRow.id)))


def _keep(engine: Engine, rows: Sequence[dict[str, str]]) -> bool:
    """Keep conditions; return whether the store could be written."""
    ids = [row["call_id"] for row in rows]
    try:
        with Session(engine) as session:
            session.execute(delete(CallConditionsRow).where(CallConditionsRow.call_id.in_(ids)))
            # a call may have been removed meanwhile
            stored = set(session.scalars(select(CallRow.id).where(CallRow.id.in_(ids))))
            kept = [row for row in rows if row["call_id"] in stored]
            if kept:
                session.execute(insert(CallConditionsRow), kept)
            session.commit()
    except OperationalError:
        return False
    return True
