"""The facts of all calls, kept as columns; after a change only the changed calls are read."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from service.domain.calls.stored.call_columns import COLUMN_NAMES, CallColumns
from service.domain.calls.stored.call_facts import Entry
from service.store.call_facts.tables import CallFactsRow
from service.store.stamps import CALLS_STAMP, read_stamp

_FACTS = f"SELECT {', '.join(COLUMN_NAMES)}, first_seen FROM call_facts"  # noqa: S608  names of our own
_ENTRIES = (
    "SELECT call_entries.call_id, call_entries.instant, call_entries.day FROM call_entries "
    "JOIN call_facts ON call_facts.id = call_entries.call_id"
)
_CHANGED = " WHERE call_facts.revision > :since"


class ColumnCache:
    """Reads columns once and shares them by threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._kept: tuple[int, CallColumns] | None = None

    def columns(self) -> CallColumns:
        """Return the facts of all calls; the same object until a call changes."""
        with self._lock, Session(self._engine) as session:
            stamp = int(read_stamp(session, CALLS_STAMP))
            if self._kept is None:
                self._kept = stamp, _read(session)
            elif self._kept[0] != stamp:
                self._kept = stamp, self._renewed(session, *self._kept)
            return self._kept[1]

    def _renewed(self, session: Session, revision: int, columns: CallColumns) -> CallColumns:
        """Return ``columns`` with what changed after ``revision``."""
        newer = _read(session, revision)
        renewed = columns.merged(newer) if len(newer) else columns
        count = session.scalar(select(func.count(CallFactsRow.id)))
        # calls that were removed leave no trace
        return renewed if len(renewed) == count else _read(session)


def _read(session: Session, revision: int | None = None) -> CallColumns:
    """Read the facts of all calls, or of those that changed after ``revision``.

    A row for each call is read, so SQLAlchemy's types, which take longer than the database, are
    passed by.
    """

    def rows(query: str) -> Iterable[Sequence[Any]]:
        if revision is None:
            return session.connection().execute(text(query))
        return session.connection().execute(text(query + _CHANGED), {"since": revision})

    several: dict[str, list[Entry]] = {}
    for call_id, instant, day in sorted(map(tuple, rows(_ENTRIES))):
        several.setdefault(call_id, []).append(Entry(instant, day))
    facts = [tuple(row) for row in rows(_FACTS)]
    first_seen = {row[0]: row[-1] for row in facts}
    return CallColumns((row[:-1] for row in facts), several, first_seen)
