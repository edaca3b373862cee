"""What is kept beside the records of calls is written with them, and anew for older stores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.orm import Session

from scrapers.call import Call
from service.domain.calls.names.call_names import names_of
from service.domain.calls.rounds import round_families
from service.domain.calls.stored.call_facts import (
    FACTS_VERSION,
    entries_of,
    facts_of,
    search_text,
    to_instant,
)
from service.domain.calls.stored.record import read_record
from service.store.call_facts.tables import (
    CallEntryRow,
    CallFactsRow,
    CallFamilyRow,
    CallNameRow,
    CallSearchRow,
)
from service.store.stamps import CALLS_STAMP
from service.store.tables import CallRow, MetaRow

_VERSION = "facts_version"
_BATCH_SIZE = 500


def write_facts(database: Session | Connection, calls: Sequence[Call], revision: int) -> None:
    """Write what is kept beside ``calls``, in place of what was; their records are stored.

    Args:
        database: within a transaction.
        calls: as they are stored now.
        revision: the calls' stamp that the change leads to.
    """
    for start in range(0, len(calls), _BATCH_SIZE):
        batch = calls[start : start + _BATCH_SIZE]
        ids = [call.id for call in batch]
        database.execute(delete(CallFactsRow).where(CallFactsRow.id.in_(ids)))
        for table in (CallEntryRow, CallFamilyRow, CallSearchRow, CallNameRow):
            database.execute(delete(table).where(table.call_id.in_(ids)))
        _insert(database, batch, revision)


def renew_facts(engine: Engine) -> None:
    """Write what is kept beside all calls, if it is missing or was made in another way.

    A record that cannot be read has no facts: `fundscout doctor` names it.
    """
    if _version(engine) == FACTS_VERSION:
        return
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            # one process writes; the next has nothing to do
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        if _read_meta(connection, _VERSION) == FACTS_VERSION:
            return
        for table in (CallFactsRow, CallEntryRow, CallFamilyRow, CallSearchRow, CallNameRow):
            connection.execute(delete(table))
        revision = int(_read_meta(connection, CALLS_STAMP) or 0)
        for batch in _batches(connection):
            _insert(connection, batch, revision)
        connection.execute(delete(MetaRow).where(MetaRow.name == _VERSION))
        connection.execute(insert(MetaRow).values(name=_VERSION, value=FACTS_VERSION))


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return _read_meta(connection, _VERSION)


def _read_meta(connection: Connection, name: str) -> str | None:
    return connection.execute(select(MetaRow.value).where(MetaRow.name == name)).scalar()


def _batches(connection: Connection) -> Iterator[list[Call]]:
    """Yield every stored call that can be read, some at a time."""
    last = ""
    while True:
        wanted = select(CallRow.id, CallRow.record).where(CallRow.id > last)
        rows = connection.execute(wanted.order_by(CallRow.id).limit(_BATCH_SIZE)).all()
        if not rows:
            return
        last = rows[-1].id
        yield list(_readable(row.record for row in rows))


def _readable(records: Iterable[str]) -> Iterator[Call]:
    for record in records:
        try:
            yield read_record(record)
        except ValidationError:
            continue


def _first_seen(database: Session | Connection, call_ids: Sequence[str]) -> dict[str, int]:
    wanted = select(CallRow.id, CallRow.first_seen).where(CallRow.id.in_(call_ids))
    return {id_: to_instant(first) for id_, first in database.execute(wanted)}


def _insert(database: Session | Connection, calls: Sequence[Call], revision: int) -> None:
    seen = _first_seen(database, [call.id for call in calls])
    facts = [
        facts_of(call)._asdict() | {"revision": revision, "first_seen": seen[call.id]}
        for call in calls
    ]
    entries = [
        {"call_id": call.id, **entry._asdict()}
        for call in calls
        if len(own := entries_of(call)) > 1
        for entry in own
    ]
    families = [
        {"call_id": call.id, "funder": funder, "family": family}
        for call in calls
        for funder, family in dict.fromkeys(round_families(call))
    ]
    words = [{"call_id": call.id, "words": search_text(call)} for call in calls]
    names = [name._asdict() for call in calls for name in names_of(call)]
    rows: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
        (CallFactsRow, facts),
        (CallEntryRow, entries),
        (CallFamilyRow, families),
        (CallSearchRow, words),
        (CallNameRow, names),
    )
    for table, values in rows:
        if values:
            database.execute(insert(table), values)
