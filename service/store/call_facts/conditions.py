"""The conditions of calls, read from their texts once and kept beside the records.

They are read when a call is stored. Those of a store that was filled by other rules are read anew
before they are asked for as a whole: by `fundscout reindex`, and by the server when it starts.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Select, delete, func, insert, or_, select, true
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from scrapers.call import Call
from service.domain.calls.stored.record import read_record
from service.domain.eligibility.condition_index import (
    ConditionIndex,
    read_facts,
    reading_method,
    write_conditions,
    write_facts,
)
from service.domain.eligibility.facts import Fact
from service.domain.eligibility.subject.any_subject import read_any_subject
from service.domain.eligibility.subject.any_subject_calls import AnySubjectCalls
from service.store.call_facts.tables import CallConditionsRow
from service.store.stamps import CALLS_STAMP, read_stamp
from service.store.tables import CallRow

_LOG = logging.getLogger(__name__)
_BATCH_SIZE = 200
_FACTS_KEPT = 5000
"""Calls whose facts are kept in memory."""


class ConditionStore:
    """Keeps the conditions of calls up to date and in memory. Safe to share by threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._kept: tuple[str, ConditionIndex] | None = None
        self._newest = 0
        self._facts_lock = threading.Lock()  # the other one may be held for minutes
        self._facts: OrderedDict[tuple[str, str], tuple[Fact, ...]] = OrderedDict()
        self._any_subject: tuple[tuple[str, int | None], AnySubjectCalls] | None = None

    def read_anew(self, call_ids: Collection[str]) -> None:
        """Read those of some calls that are new or changed from their texts, and keep them."""
        for _ in renew_conditions(self._engine, call_ids):
            pass

    def find_facts(self, calls: Collection[Call]) -> dict[str, tuple[Fact, ...]]:
        """Return the facts of those of some calls that were read as they would be now, by id."""
        digests = {call.id: call.content_hash() for call in calls}
        with self._facts_lock:
            found = {id_: self._facts[key] for id_, key in _keys(digests) if key in self._facts}
        missing = {id_: digest for id_, digest in digests.items() if id_ not in found}
        read = dict(self._read_facts(missing))
        with self._facts_lock:
            self._facts |= {(id_, digests[id_]): facts for id_, facts in read.items()}
            while len(self._facts) > _FACTS_KEPT:
                self._facts.popitem(last=False)
        return found | read

    def _read_facts(self, digests: dict[str, str]) -> Iterator[tuple[str, tuple[Fact, ...]]]:
        row, ids = CallConditionsRow, sorted(digests)
        for start in range(0, len(ids), _BATCH_SIZE):
            kept = select(row.call_id, row.content_hash, row.facts).where(
                row.call_id.in_(ids[start : start + _BATCH_SIZE]), row.method == reading_method()
            )
            with Session(self._engine) as session:
                for call_id, digest, facts in session.execute(kept):
                    if digests[call_id] == digest:
                        yield call_id, read_facts(facts)

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

    def any_subject_calls(self) -> AnySubjectCalls:
        """Return the calls that are open to any subject, as far as their texts have been read.

        Only the rows of such calls are read, and again only when one may have changed.
        """
        row = CallConditionsRow
        with Session(self._engine) as session:
            stamp = read_stamp(session, CALLS_STAMP), session.scalar(select(func.max(row.key)))
            kept = self._any_subject
            if kept is None or kept[0] != stamp:
                wanted = select(row.call_id, row.conditions, row.any_subject).where(
                    row.any_subject.is_not(None), row.method == reading_method()
                )
                found = ((id_, text, says or "") for id_, text, says in session.execute(wanted))
                kept = self._any_subject = stamp, AnySubjectCalls(found)
            return kept[1]

    def _read_new(self, session: Session) -> list[tuple[str, str]]:
        """Return what was written since the last time."""
        row = CallConditionsRow
        wanted = select(row.key, row.call_id, row.conditions).where(
            row.key > self._newest, row.method == reading_method()
        )
        found = session.execute(wanted).all()
        self._newest = max((key for key, _, _ in found), default=self._newest)
        return [(id_, text) for _, id_, text in found]


def _keys(digests: dict[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    return ((id_, (id_, digest)) for id_, digest in digests.items())


def renew_conditions(
    engine: Engine, call_ids: Collection[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Read the conditions of new and changed calls from their texts, keep and yield them.

    Where the store cannot be written they are not kept. It is written for a moment after each
    batch, so nobody waits while texts are read.

    Args:
        engine: of the store.
        call_ids: the calls in question; all by default.
    """
    with Session(engine) as session:
        stale = _stale_ids(session, call_ids)
    writable = True
    for start in range(0, len(stale), _BATCH_SIZE):
        with Session(engine) as session:
            part = stale[start : start + _BATCH_SIZE]
            rows = session.execute(
                select(CallRow.id, CallRow.content_hash, CallRow.record).where(CallRow.id.in_(part))
            ).all()
        written = list(_read_rows(rows))
        if writable:
            writable = _keep(engine, written)
        yield from ((row["call_id"], row["conditions"]) for row in written)


def _read_rows(rows: Iterable[Row[str, str, str]]) -> Iterator[dict[str, Any]]:
    """Yield what is kept of some calls; one whose record or text defeats us is left out."""
    for call_id, digest, record in rows:
        try:
            call = read_record(record)
            conditions, facts = write_conditions(call), write_facts(call)
            open_to_any = read_any_subject(call)
        except Exception:  # noqa: BLE001  the others are read whatever one does
            _LOG.exception("The conditions of %s cannot be read.", call_id)
            continue
        yield {
            "call_id": call_id,
            "content_hash": digest,
            "method": reading_method(),
            "conditions": conditions,
            "facts": facts,
            "any_subject": None if open_to_any is None else open_to_any.model_dump_json(),
        }


def _stale_ids(session: Session, call_ids: Collection[str] | None) -> list[str]:
    """Return the calls whose conditions were not read, or not as they would be now."""
    if call_ids is not None:
        ids = sorted(call_ids)
        parts = (ids[start : start + _BATCH_SIZE] for start in range(0, len(ids), _BATCH_SIZE))
        return [id_ for part in parts for id_ in session.scalars(_stale(CallRow.id.in_(part)))]
    return list(session.scalars(_stale(true())))


def _stale(wanted: ColumnElement[bool]) -> Select[str]:
    row = CallConditionsRow
    current = select(CallRow.id).outerjoin(row, row.call_id == CallRow.id)
    stale = or_(
        row.key.is_(None), row.content_hash != CallRow.content_hash, row.method != reading_method()
    )
    return current.where(wanted, stale).order_by(CallRow.id)


def _keep(engine: Engine, rows: Sequence[dict[str, Any]]) -> bool:
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
    except (OperationalError, IntegrityError):  # no room, or another process was quicker
        return False
    return True
