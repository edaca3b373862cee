"""Stamps: numbers in the store that grow with every change, so that caches know of it."""

from __future__ import annotations

from sqlalchemy import Integer, String, cast, insert, text, update
from sqlalchemy.orm import Session

from service.store.tables import MetaRow

CALLS_STAMP = "calls_stamp"
"""Grows with every change of a call."""

LINKS_STAMP = "links_stamp"
"""Grows with every change of a link; calls that are deleted take theirs with them."""


_READ = text("SELECT value FROM meta WHERE name = :name")
"""Read many times in a request, so it is not put together anew."""


def read_stamp(session: Session, name: str) -> str:
    """Return a stamp; it is 0 before the first change."""
    value: str | None = session.execute(_READ, {"name": name}).scalar()
    return value or "0"


def advance_stamp(session: Session, name: str) -> int:
    """Let a stamp grow and return it.

    From here to the end of the transaction nobody else writes, so what is written belongs to it.
    """
    grown = cast(cast(MetaRow.value, Integer) + 1, String)
    stamp = update(MetaRow).where(MetaRow.name == name).values(value=grown)
    changed = session.execute(stamp.execution_options(synchronize_session=False))
    if not changed.rowcount:  # type: ignore[attr-defined]  # an update has a count
        session.execute(insert(MetaRow).values(name=name, value="1"))
    return int(read_stamp(session, name))
