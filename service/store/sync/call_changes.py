"""The log of changed calls, as other programs read it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine, func, select

from service.domain.calls.stored.call_changes import START, LogPosition
from service.store.database import open_session
from service.store.sync.tables import CallChangeRow

_BATCH_SIZE = 500


class LoggedChange(NamedTuple):
    """That a call changed, or was deleted, at an aware instant."""

    call_id: str
    changed_at: datetime
    position: LogPosition


@dataclass(frozen=True)
class ChangePage:
    """Some changes, the oldest first; ``total`` counts all after the place that was asked for."""

    changes: Sequence[LoggedChange]
    total: int


class CallChangeStore:
    """Every call that changed, at the last time that it did."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def end(self) -> LogPosition:
        """Return the place after the last change."""
        row = CallChangeRow
        last = select(row.number, row.mark).order_by(row.number.desc()).limit(1)
        with open_session(self._engine) as session:
            found = session.execute(last).one_or_none()
            return START if found is None else LogPosition(*found)

    def knows(self, position: LogPosition) -> bool:
        """Return whether the log goes on from ``position``.

        It does not when another store made it, or when it is so old that it was forgotten.
        """
        if position == START:
            return True
        row = CallChangeRow
        with open_session(self._engine) as session:
            mark = session.scalar(select(row.mark).where(row.number == position.number))
            return mark == position.mark

    def after(self, position: LogPosition, limit: int) -> ChangePage:
        """Return up to ``limit`` changes after ``position``, of each call the last one."""
        row = CallChangeRow
        later = (row.is_latest, row.number > position.number)
        wanted = select(row.call_id, row.changed_at, row.number, row.mark).where(*later)
        with open_session(self._engine) as session:
            rows = session.execute(wanted.order_by(row.number).limit(limit)).all()
            total = session.scalar(select(func.count(row.number)).where(*later)) or 0
        return ChangePage(
            [
                LoggedChange(call_id, changed_at, LogPosition(number, mark))
                for call_id, changed_at, number, mark in rows
            ],
            total,
        )

    def changed_at(self, call_ids: Collection[str]) -> dict[str, datetime]:
        """Return when some calls changed last, by id."""
        row, wanted = CallChangeRow, sorted(call_ids)
        found: dict[str, datetime] = {}
        with open_session(self._engine) as session:
            for start in range(0, len(wanted), _BATCH_SIZE):
                part = wanted[start : start + _BATCH_SIZE]
                rows = session.execute(
                    select(row.call_id, row.changed_at).where(row.call_id.in_(part), row.is_latest)
                )
                found |= {id_: at for id_, at in rows}  # noqa: C416  typed
        return found
