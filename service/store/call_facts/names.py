"""The names of stored calls: looked up by index, never read as a whole."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Engine, func, select

from service.domain.calls.names.call_names import NameKind, StoredName
from service.store.call_facts.conditions_in_sql import is_one_of
from service.store.call_facts.tables import CallNameRow
from service.store.database import open_session

_BATCH_SIZE = 5000
_AFTER_HYPHEN = "."
"""The character after a hyphen: names that go on lie before it."""


class CallNameStore:
    """Finds the calls that have a name; what it reads does not grow with the calls stored."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def by_heads(self, heads: Collection[str]) -> list[StoredName]:
        """Return the names and parts of names that are found by one of ``heads``, in order."""
        row, wanted = CallNameRow, sorted(heads)
        found: list[StoredName] = []
        with open_session(self._engine) as session:
            for start in range(0, len(wanted), _BATCH_SIZE):
                chosen = select(row.head, row.key, row.kind, row.call_id).where(
                    is_one_of(session, row.head, wanted[start : start + _BATCH_SIZE]),
                    row.kind != NameKind.PROGRAMME.value,
                )
                found += map(_stored_name, session.execute(chosen))
        return sorted(found)

    def programmes(self, acronyms: Collection[str]) -> dict[str, int]:
        """Return how many calls the programmes among some acronyms, casefolded, have."""
        row = CallNameRow
        counted = select(row.head, func.count(row.call_id)).group_by(row.head)
        with open_session(self._engine) as session:
            chosen = counted.where(
                is_one_of(session, row.head, sorted(acronyms)), row.kind == NameKind.PROGRAMME.value
            )
            return {head: count for head, count in session.execute(chosen)}  # noqa: C416  typed

    def of_programme(self, acronym: str) -> list[str]:
        """Return the calls of a programme by its acronym, casefolded."""
        row = CallNameRow
        chosen = select(row.call_id).where(
            row.head == acronym, row.kind == NameKind.PROGRAMME.value
        )
        with open_session(self._engine) as session:
            return sorted(session.scalars(chosen))

    def is_beginning(self, word: str) -> bool:
        """Return whether a whole name of several words begins with ``word``, casefolded."""
        row = CallNameRow
        chosen = select(row.head).where(
            row.head > f"{word}-",
            row.head < f"{word}{_AFTER_HYPHEN}",
            row.kind == NameKind.WHOLE.value,
        )
        with open_session(self._engine) as session:
            return session.scalars(chosen.limit(1)).first() is not None


def _stored_name(row: Any) -> StoredName:
    head, key, kind, call_id = row
    return StoredName(head, key, NameKind(kind), call_id)
