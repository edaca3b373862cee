"""Store, list and get pilots."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from service.context import Context
from service.domain.access.principal import acting
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.wishes import Wishes
from service.errors import InputError, UnknownPilotError
from service.messages.message import message


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
    """Store a pilot that belongs to whoever asks; return it with its instant of creation.

    Raises:
        ConflictError: the id is taken.
    """
    return context.pilots.add(pilot.model_copy(update={"owner": acting().owner or pilot.owner}))


def set_exclusions(context: Context, pilot_id: str, exclude: Sequence[str]) -> Pilot:
    """Replace what a pilot excludes; return the pilot as stored.

    Args:
        context: the stores.
        pilot_id: the pilot.
        exclude: subjects, a word or a few each; none excludes nothing.

    Raises:
        UnknownPilotError: there is no such pilot.
        InputError: a phrase is empty or too long, or there are too many.
    """
    pilot = get_pilot(context, pilot_id)
    try:
        wanted = Wishes(exclude=tuple(dict.fromkeys(exclude))).exclude
    except ValidationError as error:
        raise InputError(message("problem.exclude")) from error
    changed = pilot.model_copy(update={"exclude": wanted})
    context.pilots.put(changed)
    return changed
