"""When each reader was last on the pages of each pilot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, ForeignKey, String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import open_session
from service.store.tables import Instant, TableBase

VISIT_LASTS: Final = timedelta(minutes=30)
"""How long after a look the next one belongs to the same visit: what was new stays new in it."""


class PilotVisitRow(TableBase):
    """A reader's visit of a pilot: the last look, and the last one of the visit before.

    ``visitor`` is the owner's mark of a person (`Principal.owner`); empty where nobody signs in.
    """

    __tablename__ = "pilot_visits"

    visitor: Mapped[str] = mapped_column(String(60), primary_key=True)
    pilot_id: Mapped[str] = mapped_column(
        ForeignKey("pilots.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    seen_at: Mapped[datetime] = mapped_column(Instant)
    before: Mapped[datetime | None] = mapped_column(Instant, default=None)


@dataclass(frozen=True)
class PilotVisit:
    """The last look at a pilot, and the last one of the visit ``before`` that, if there was one."""

    seen_at: datetime
    before: datetime | None = None

    def since(self, now: datetime) -> datetime | None:
        """Return what is new is new since when, for a reader who looks now."""
        return self.before if _is_same_visit(self.seen_at, now) else self.seen_at


class PilotVisitStore:
    """The visits of every reader."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def visits_of(self, visitor: str) -> dict[str, PilotVisit]:
        """Return the visits of a reader, by pilot."""
        wanted = select(PilotVisitRow).where(PilotVisitRow.visitor == visitor)
        with open_session(self._engine) as session:
            return {row.pilot_id: _visit(row) for row in session.scalars(wanted)}

    def note(self, visitor: str, pilot_id: str, now: datetime) -> PilotVisit:
        """Note that a reader looks at a pilot now; return the visit that this is part of.

        Raises:
            StoreError: the database cannot be written.
        """
        with open_session(self._engine) as session:
            row = session.get(PilotVisitRow, (visitor, pilot_id))
            if row is None:
                row = PilotVisitRow(visitor=visitor, pilot_id=pilot_id, seen_at=now)
                session.add(row)
            else:
                row.before = _visit(row).since(now)
                row.seen_at = now
            visit = _visit(row)
            try:
                session.commit()
            except IntegrityError:  # its first look came twice at once, or the pilot went
                session.rollback()
        return visit

    def forget(self, visitor: str) -> None:
        """Delete the visits of a reader who is gone."""
        with open_session(self._engine) as session:
            session.execute(delete(PilotVisitRow).where(PilotVisitRow.visitor == visitor))
            session.commit()


def _visit(row: PilotVisitRow) -> PilotVisit:
    return PilotVisit(row.seen_at, row.before)


def _is_same_visit(seen_at: datetime, now: datetime) -> bool:
    return abs(now - seen_at) <= VISIT_LASTS
