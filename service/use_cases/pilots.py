"""Store, list, get and delete pilots."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, ValidationError

from service.context import Context
from service.domain.access.principal import acting
from service.domain.frozen_model import FrozenModel
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.wishes import Wishes
from service.errors import ForbiddenError, InputError, UnknownPilotError
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


class PilotDeletion(FrozenModel):
    """What was deleted with a pilot."""

    pilot: str
    judgements: int = Field(description="Judgements on calls for it, with those taken back.")
    recipients: int = Field(description="Addresses that got mails about it, or were asked.")
    mails: int = Field(description="Mails about it, those that wait too.")
    clean: bool = Field(
        description="Whether the database's journal holds nothing of it either; else soon."
    )


def delete_pilot(context: Context, pilot_id: str) -> PilotDeletion:
    """Delete a pilot with everything of it: judgements, recipients, mails and what they had.

    An address that is never to be mailed stays so: that is kept as a hash, without the pilot.

    Raises:
        UnknownPilotError: there is no such pilot.
        ForbiddenError: it belongs to somebody else.
    """
    pilot = get_pilot(context, pilot_id)
    check_owner(pilot)
    judgements = len(context.feedback.history(pilot.id))
    recipients, mails = context.recipients.remove_pilot(pilot.id)
    context.pilots.remove(pilot.id)
    return PilotDeletion(
        pilot=pilot.id,
        judgements=judgements,
        recipients=recipients,
        mails=mails,
        clean=context.persons.scrub(),
    )


def set_private(context: Context, pilot_id: str, *, private: bool) -> Pilot:
    """Let only its owner and administrators see a pilot, or everybody who is let in.

    Raises:
        UnknownPilotError: there is no such pilot.
        ForbiddenError: it belongs to somebody else.
    """
    pilot = get_pilot(context, pilot_id)
    check_owner(pilot)
    changed = pilot.model_copy(update={"private": private})
    context.pilots.put(changed)
    return changed


def check_owner(pilot: Pilot) -> None:
    """Check that whoever asks may do with a pilot what only its owner may.

    Raises:
        ForbiddenError: it belongs to somebody else.
    """
    if not acting().owns(pilot.owner):
        raise ForbiddenError(message("problem.owner"))


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
