"""Pilots in the database, stored exactly as they were sent in.

Whoever asks gets the pilots that they may see: a private one is its owner's alone, and visitors see
none. It is decided here, so no way to a pilot can forget it. Commands and jobs see all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.domain.access.principal import acting
from service.domain.pilots.pilot import Pilot
from service.errors import ConflictError
from service.store.recipients import row_count
from service.store.tables import PilotRow

ChangePilot = Callable[[Pilot], Pilot]
"""Returns what a pilot becomes; what it raises leaves the pilot as it is."""

_OF_ROW = frozenset({"modified_at", "archived_at"})
"""Fields that are kept beside the record."""


class PilotStore:
    """Every pilot by its id."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, pilot_id: str) -> Pilot | None:
        """Return the pilot with this id, if there is one that whoever asks may see."""
        with Session(self._engine) as session:
            row = session.get(PilotRow, pilot_id)
            pilot = None if row is None else _pilot(row)
        return pilot if pilot is not None and _is_seen(pilot) else None

    def all(self, *, archived: bool = False) -> list[Pilot]:
        """Return every pilot that whoever asks may see, in order of id.

        ``archived``: also those that are put away.
        """
        wanted = select(PilotRow).order_by(PilotRow.id)
        if not archived:
            wanted = wanted.where(PilotRow.archived_at.is_(None))
        with Session(self._engine) as session:
            rows = session.scalars(wanted)
            return [pilot for pilot in map(_pilot, rows) if _is_seen(pilot)]

    def ids(self) -> list[str]:
        """Return the id of every pilot, in order, also of those put away or not readable."""
        with Session(self._engine) as session:
            return list(session.scalars(select(PilotRow.id).order_by(PilotRow.id)))

    def readable(self) -> tuple[list[Pilot], dict[str, str]]:
        """Return every pilot that can be read, and of each other one why not, by id.

        Those that are put away are left out.
        """
        pilots: list[Pilot] = []
        problems: dict[str, str] = {}
        wanted = select(PilotRow).where(PilotRow.archived_at.is_(None)).order_by(PilotRow.id)
        with Session(self._engine) as session:
            for row in session.scalars(wanted):
                try:
                    pilots.append(_with_times(Pilot.model_validate_json(row.record), row))
                except ValidationError as error:
                    fault = error.errors(include_url=False, include_input=False)[0]
                    place = ".".join(map(str, fault["loc"])) or "record"
                    problems[row.id] = f"its stored {place} cannot be read: {fault['msg']}"
        return pilots, problems

    def add(self, pilot: Pilot, *, source: str = "") -> Pilot:
        """Store a new pilot and return it with its instants.

        Raises:
            ConflictError: the id is taken.
        """
        with Session(self._engine) as session:
            row = _row(pilot, source)
            session.add(row)
            try:
                session.commit()
            except IntegrityError as error:
                raise ConflictError(
                    f"There is a pilot {pilot.id} already: choose another id."
                ) from error
            return _pilot(row)

    def put(self, pilot: Pilot, *, source: str = "") -> bool:
        """Store a pilot, replacing the one with its id; return whether anything changed.

        One that is put away stays so.
        """
        with Session(self._engine) as session:
            if session.get(PilotRow, pilot.id) is None:
                session.add(_row(pilot, source))
                session.commit()
                return True
        before, after = self._change(pilot.id, lambda known: _keep_row(known, pilot))
        return before != after

    def change(self, pilot_id: str, change: ChangePilot) -> Pilot | None:
        """Change a pilot, and nobody else meanwhile; return it, None when there is none.

        Args:
            pilot_id: the pilot.
            change: is given the pilot as it is now; instants that it sets are not kept, but for
                ``archived_at``.
        """
        return self._change(pilot_id, change)[1]

    def _change(self, pilot_id: str, change: ChangePilot) -> tuple[Pilot | None, Pilot | None]:
        """Return a pilot as it was, and as it became."""
        this = PilotRow.id == pilot_id
        with Session(self._engine) as session:
            # a write first: from here to the end of the transaction no other writer gets in
            held = update(PilotRow).where(this).values(source=PilotRow.source)
            session.execute(held.execution_options(synchronize_session=False))
            row = session.get(PilotRow, pilot_id)
            if row is None:
                return None, None
            known = _pilot(row)
            if not _is_seen(known):
                return None, None
            kept = {name: getattr(known, name) for name in ("created_at", "modified_at", "owner")}
            wanted = change(known).model_copy(update=kept)
            if wanted == known:
                return known, known
            row.record = _record(wanted)
            row.archived_at = wanted.archived_at
            row.modified_at = _later_than(known.modified_at)
            session.commit()
            return known, _pilot(row)

    def remove(self, pilot_id: str) -> bool:
        """Delete a pilot with what was judged for it; return whether there was one."""
        with Session(self._engine) as session:
            gone = session.execute(delete(PilotRow).where(PilotRow.id == pilot_id))
            session.commit()
            return row_count(gone) > 0

    def remove_source(self, source: str) -> int:
        """Delete the pilots that ``source`` brought; return how many."""
        with Session(self._engine) as session:
            ids = session.scalars(select(PilotRow.id).where(PilotRow.source == source)).all()
            session.execute(delete(PilotRow).where(PilotRow.id.in_(ids)))
            session.commit()
        return len(ids)


def _is_seen(pilot: Pilot) -> bool:
    return acting().may_see(pilot.owner, private=pilot.private)


def _pilot(row: PilotRow) -> Pilot:
    """Return a stored pilot, without a budget that is too long to be written out.

    Such a budget could be stored once; now it would keep everybody's mails from being made.
    """
    try:
        return _with_times(Pilot.model_validate_json(row.record), row)
    except ValidationError:
        fields = json.loads(row.record)
        if not (fields.get("profile") or {}).pop("budget", None):
            raise
        return _with_times(Pilot.model_validate_json(json.dumps(fields)), row)


def _with_times(pilot: Pilot, row: PilotRow) -> Pilot:
    modified = row.modified_at or row.created_at
    return pilot.model_copy(update={"modified_at": modified, "archived_at": row.archived_at})


def _keep_row(known: Pilot, wanted: Pilot) -> Pilot:
    return wanted.model_copy(update={name: getattr(known, name) for name in _OF_ROW})


def _record(pilot: Pilot) -> str:
    return pilot.model_dump_json(exclude=set(_OF_ROW))


def _later_than(before: datetime | None) -> datetime:
    """Return the present instant; also when the clock was set back, one after ``before``."""
    now = datetime.now(UTC)
    return now if before is None or now > before else before + timedelta(microseconds=1)


def _row(pilot: Pilot, source: str) -> PilotRow:
    created = pilot.created_at or datetime.now(UTC)
    return PilotRow(
        id=pilot.id,
        source=source,
        record=_record(pilot.model_copy(update={"created_at": created})),
        created_at=created,
        modified_at=created,
    )
