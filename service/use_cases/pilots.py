"""Store, list, get and change pilots, put them away and take them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from pydantic import ValidationError

from service.context import Context
from service.domain.access.principal import acting
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.wishes import Wishes
from service.errors import InputError, StaleError, UnknownPilotError
from service.messages.message import message

IsExpected = Callable[[str], bool]
"""Tells by a pilot's etag whether it is as the caller has seen it."""


def list_pilots(context: Context, *, archived: bool = False) -> list[Pilot]:
    """Return every stored pilot, by id; ``archived``: also those that are put away."""
    return context.pilots.all(archived=archived)


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
    """Store a pilot that belongs to whoever asks; return it with its instants.

    Raises:
        ConflictError: the id is taken.
    """
    return context.pilots.add(pilot.model_copy(update={"owner": acting().owner or pilot.owner}))


def change_pilot(
    context: Context,
    pilot_id: str,
    change: Callable[[Pilot], Pilot],
    is_expected: IsExpected | None = None,
) -> Pilot:
    """Change a pilot if it is as the caller has seen it; return it as stored.

    Of several who change it at once each sees what the others did before.

    Args:
        context: the stores.
        pilot_id: the pilot.
        change: returns what the pilot becomes.
        is_expected: whether the pilot may be changed in the state with an etag; None for any.

    Raises:
        UnknownPilotError: there is no such pilot.
        StaleError: it has changed since.
    """

    def checked(pilot: Pilot) -> Pilot:
        if is_expected is not None and not is_expected(pilot.etag):
            raise StaleError(
                f"The pilot {pilot_id} has changed since you read it: read it again, and send "
                "your change with the ETag that it has now."
            )
        return change(pilot)

    changed = context.pilots.change(pilot_id, checked)
    if changed is None:
        raise UnknownPilotError(pilot_id)
    return changed


def archive_pilot(
    context: Context, pilot_id: str, is_expected: IsExpected | None = None, *, archived: bool = True
) -> Pilot:
    """Put a pilot away, or take it back; return it as stored.

    One that is put away gets no mails and is in no list; whoever followed it does so still when
    it comes back. The arguments and errors are those of `change_pilot`.
    """

    def archive(pilot: Pilot) -> Pilot:
        if archived == (pilot.archived_at is not None):
            return pilot
        at = datetime.now(UTC) if archived else None
        return pilot.model_copy(update={"archived_at": at})

    return change_pilot(context, pilot_id, archive, is_expected)


def set_exclusions(
    context: Context,
    pilot_id: str,
    exclude: Sequence[str],
    is_expected: IsExpected | None = None,
) -> Pilot:
    """Replace what a pilot excludes; return the pilot as stored.

    Args:
        context: the stores.
        pilot_id: the pilot.
        exclude: subjects, a word or a few each; none excludes nothing.
        is_expected: as for `change_pilot`.

    Raises:
        UnknownPilotError: there is no such pilot.
        InputError: a phrase is empty or too long, or there are too many.
        StaleError: it has changed since.
    """
    try:
        wanted = Wishes(exclude=tuple(dict.fromkeys(exclude))).exclude
    except ValidationError as error:
        get_pilot(context, pilot_id)
        raise InputError(message("problem.exclude")) from error
    return change_pilot(
        context, pilot_id, lambda pilot: pilot.model_copy(update={"exclude": wanted}), is_expected
    )
