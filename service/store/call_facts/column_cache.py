"""The facts of all calls, kept as columns; after a change only the changed calls are read."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from service.domain.calls.stored.call_columns import CallColumns
from service.domain.calls.stored.call_facts import CallFacts, Entry, to_instant
from service.store.call_facts.tables import CallEntryRow, CallFactsRow
from service.store.stamps import CALLS_STAMP, read_stamp
from service.store.tables import CallRow

_FACTS = tuple(getattr(CallFactsRow, name) for name in CallFacts._fields)


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
    """Read the facts of all calls, or of those that changed after ``revision``."""
    changed = [] if revision is None else [CallFactsRow.revision > revision]
    facts = session.execute(select(*_FACTS).where(*changed))
    entries = select(CallEntryRow).join(CallFactsRow, CallFactsRow.id == CallEntryRow.call_id)
    several: dict[str, list[Entry]] = {}
    for row in session.scalars(
        entries.where(*changed).order_by(CallEntryRow.call_id, CallEntryRow.instant)
    ):
        several.setdefault(row.call_id, []).append(Entry(row.instant, row.day))
    seen = select(CallRow.id, CallRow.first_seen).join(CallFactsRow, CallFactsRow.id == CallRow.id)
    first_seen = {id_: to_instant(first) for id_, first in session.execute(seen.where(*changed))}
    rows: Sequence[CallFacts] = [CallFacts._make(row) for row in facts]
    return CallColumns(rows, several, first_seen)
