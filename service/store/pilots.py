"""Pilots in the database, stored exactly as they were sent in.

Whoever asks gets the pilots that they may see: a private one is its owner's alone, and visitors see
none. It is decided here, so no way to a pilot can forget it. Commands and jobs see all.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from pydantic import ValidationError
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.domain.access.principal import acting
from service.domain.pilots.pilot import Pilot
from service.errors import ConflictError
from service.store.recipients import row_count
from service.store.tables import PilotRow


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

    def all(self) -> list[Pilot]:
        """Return every pilot that whoever asks may see, in order of id."""
        with Session(self._engine) as session:
            rows = session.scalars(select(PilotRow).order_by(PilotRow.id))
            return [pilot for pilot in map(_pilot, rows) if _is_seen(pilot)]

    def ids(self) -> list[str]:
        """Return the id of every pilot, in order, also of those that cannot be read."""
        with Session(self._engine) as session:
            return list(session.scalars(select(PilotRow.id).order_by(PilotRow.id)))

    def readable(self) -> tuple[list[Pilot], dict[str, str]]:
        """Return every pilot that can be read, and of each other one why not, by id."""
        pilots: list[Pilot] = []
        problems: dict[str, str] = {}
        with Session(self._engine) as session:
            for row in session.scalars(select(PilotRow).order_by(PilotRow.id)):
                try:
                    pilots.append(Pilot.model_validate_json(row.record))
                except ValidationError as error:
                    fault = error.errors(include_url=False, include_input=False)[0]
                    place = ".".join(map(str, fault["loc"])) or "record"
                    problems[row.id] = f"its stored {place} cannot be read: {fault['msg']}"
        return pilots, problems

    def add(self, pilot: Pilot, *, source: str = "") -> Pilot:
        """Store a new pilot and return it with its instant of creation.

        Raises:
            ConflictError: the id is taken.
        """
        stored = _with_instant(pilot)
        with Session(self._engine) as session:
            session.add(_row(stored, source))
            try:
                session.commit()
            except IntegrityError as error:
                raise ConflictError(
                    f"There is a pilot {pilot.id} already: choose another id."
                ) from error
        return stored

    def put(self, pilot: Pilot, *, source: str = "") -> bool:
        """Store a pilot, replacing the one with its id; return whether anything changed."""
        with Session(self._engine) as session:
            row = session.get(PilotRow, pilot.id)
            if row is None:
                session.add(_row(_with_instant(pilot), source))
                session.commit()
                return True
            known = _pilot(row)
            kept = {"created_at": known.created_at, "owner": known.owner}
            wanted = pilot.model_copy(update=kept)
            if known == wanted:
                return False
            row.record = wanted.model_dump_json()
            session.commit()
            return True

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
        return Pilot.model_validate_json(row.record)
    except ValidationError:
        fields = json.loads(row.record)
        if not (fields.get("profile") or {}).pop("budget", None):
            raise
        return Pilot.model_validate_json(json.dumps(fields))


def _with_instant(pilot: Pilot) -> Pilot:
    created = pilot.created_at or datetime.now(UTC)
    return pilot.model_copy(update={"created_at": created})


def _row(pilot: Pilot, source: str) -> PilotRow:
    created = pilot.created_at or datetime.now(UTC)
    return PilotRow(id=pilot.id, source=source, record=pilot.model_dump_json(), created_at=created)
