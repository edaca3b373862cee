"""Store, list and get pilots."""

from __future__ import annotations

from service.context import Context
from service.domain.pilots.pilot import Pilot
from service.errors import UnknownPilotError


def list_pilots(context: Context) -> list[Pilot]:
    """Return every stored pilot, by id."""
    return context.pilots.all()


def get_pilot(context: Context, pilot_id: str) -> Pilot:
    """Return one pilot with its text.

    Raises:
        UnknownPilotError: there is no such pilot.
    """
    pilot = context.pilots.get(pilot_id)
    if pilot is None:
        raise UnknownPilotError(pilot_id)
    return pilot


def add_pilot(context: Context, pilot: Pilot) -> Pilot:
    """Store a pilot; return it with its instant of creation.

    Raises:
        ConflictError: the id is taken.
    """
    return context.pilots.add(pilot)
