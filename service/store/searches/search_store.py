"""Searches in the database.

Whoever asks gets those that they may see, as with pilots. It is decided here, so that no way to a
search can forget it. Commands and jobs see all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, func, select, update

from service.domain.access.principal import acting
from service.domain.pilots.stored_search import MOST_UNSAVED, StoredSearch
from service.store.database import open_session
from service.store.recipients import id_batches, row_count
from service.store.searches.tables import SearchRow


class SearchStore:
    """Every search that has an address."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, search: StoredSearch) -> None:
        """Store a search; of unsaved ones beyond `MOST_UNSAVED` the oldest go."""
        with open_session(self._engine) as session:
            session.add(SearchRow(**_values(search)))
            if not search.is_saved:
                unsaved = select(SearchRow.id).where(SearchRow.saved_at.is_(None))
                oldest_last = unsaved.order_by(SearchRow.created_at.desc(), SearchRow.id)
                beyond = session.scalars(oldest_last.offset(MOST_UNSAVED)).all()
                for part in id_batches(beyond):
                    session.execute(delete(SearchRow).where(SearchRow.id.in_(part)))
            session.commit()

    def get(self, search_id: str) -> StoredSearch | None:
        """Return the search with this id, if there is one that whoever asks may see."""
        with open_session(self._engine) as session:
            row = session.get(SearchRow, search_id)
            search = None if row is None else _search(row)
        return search if search is not None and search.is_seen_by(acting()) else None

    def saved(self) -> list[StoredSearch]:
        """Return the saved searches that whoever asks may see, the newest first."""
        wanted = select(SearchRow).where(SearchRow.saved_at.is_not(None))
        wanted = wanted.order_by(SearchRow.saved_at.desc(), SearchRow.id)
        with open_session(self._engine) as session:
            found = [_search(row) for row in session.scalars(wanted)]
        return [search for search in found if search.is_seen_by(acting())]

    def of_owner(self, owner: str) -> list[StoredSearch]:
        """Return everything that an owner searched for, the oldest first."""
        wanted = select(SearchRow).where(SearchRow.owner == owner)
        with open_session(self._engine) as session:
            rows = session.scalars(wanted.order_by(SearchRow.created_at, SearchRow.id))
            return [_search(row) for row in rows]

    def change(self, search_id: str, **values: Any) -> None:
        """Set columns of a search."""
        with open_session(self._engine) as session:
            session.execute(update(SearchRow).where(SearchRow.id == search_id).values(**values))
            session.commit()

    def remove(self, search_id: str) -> bool:
        """Delete a search; return whether there was one."""
        return self._remove(SearchRow.id == search_id) > 0

    def remove_unsaved(self, before: datetime) -> int:
        """Delete the unsaved searches that were made before an instant; return how many."""
        return self._remove(SearchRow.saved_at.is_(None), SearchRow.created_at < before)

    def count_unsaved(self) -> int:
        """Return how many searches are kept for a while only."""
        counted = select(func.count()).select_from(SearchRow).where(SearchRow.saved_at.is_(None))
        with open_session(self._engine) as session:
            return session.scalar(counted) or 0

    def _remove(self, *conditions: Any) -> int:
        with open_session(self._engine) as session:
            gone = session.execute(delete(SearchRow).where(*conditions))
            session.commit()
            return row_count(gone)


def _values(search: StoredSearch) -> dict[str, Any]:
    written = search.model_dump(mode="json")
    instants = {"created_at": search.created_at, "saved_at": search.saved_at}
    return written | instants


def _search(row: SearchRow) -> StoredSearch:
    names = StoredSearch.model_fields
    return StoredSearch.model_validate({name: getattr(row, name) for name in names})
