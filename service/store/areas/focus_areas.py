"""Own focus areas in the database."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, delete, func, select, update

from service.domain.awards.focus_areas import OwnFocusArea
from service.store.areas.tables import FocusAreaRow
from service.store.database import open_session
from service.store.recipients import row_count

ChangeArea = Callable[[OwnFocusArea], OwnFocusArea]
"""Returns what an area becomes; what it raises leaves the area as it is."""


class FocusAreaStore:
    """Every area that staff made, by its key."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, key: str) -> OwnFocusArea | None:
        """Return the area with this key, if there is one."""
        with open_session(self._engine) as session:
            row = session.get(FocusAreaRow, key)
            return None if row is None else _area(row)

    def all(self) -> list[OwnFocusArea]:
        """Return every area, the oldest first."""
        wanted = select(FocusAreaRow).order_by(FocusAreaRow.created_at, FocusAreaRow.key)
        with open_session(self._engine) as session:
            return [_area(row) for row in session.scalars(wanted)]

    def count(self) -> int:
        """Return how many areas there are."""
        with open_session(self._engine) as session:
            return session.scalar(select(func.count()).select_from(FocusAreaRow)) or 0

    def add(self, area: OwnFocusArea) -> None:
        """Store a new area."""
        with open_session(self._engine) as session:
            session.add(
                FocusAreaRow(
                    key=area.key,
                    name=area.name,
                    words=area.words,
                    changed_by=area.by,
                    created_at=area.created_at,
                    modified_at=area.modified_at,
                )
            )
            session.commit()

    def change(self, key: str, change: ChangeArea) -> OwnFocusArea | None:
        """Change an area, and nobody else meanwhile; return it, None when there is none."""
        this = FocusAreaRow.key == key
        with open_session(self._engine) as session:
            # a write first: from here to the end of the transaction no other writer gets in
            held = update(FocusAreaRow).where(this).values(key=FocusAreaRow.key)
            session.execute(held.execution_options(synchronize_session=False))
            row = session.get(FocusAreaRow, key)
            if row is None:
                return None
            wanted = change(_area(row))
            row.name, row.words = wanted.name, wanted.words
            row.changed_by, row.modified_at = wanted.by, wanted.modified_at
            session.commit()
            return _area(row)

    def remove(self, key: str) -> bool:
        """Delete an area; return whether there was one."""
        with open_session(self._engine) as session:
            gone = session.execute(delete(FocusAreaRow).where(FocusAreaRow.key == key))
            session.commit()
            return row_count(gone) > 0


def _area(row: FocusAreaRow) -> OwnFocusArea:
    return OwnFocusArea(
        key=row.key,
        name=row.name,
        words=row.words,
        by=row.changed_by,
        created_at=row.created_at,
        modified_at=row.modified_at,
    )
