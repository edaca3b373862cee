"""What only the owner of a pilot and administrators may: hide it from others, and delete it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pydantic import Field

from service.context import Context
from service.domain.access.principal import acting
from service.domain.frozen_model import FrozenModel
from service.domain.pilots.pilot import Pilot
from service.errors import BusyError, ForbiddenError, JobBusyError
from service.jobs.lock import hold_lock
from service.jobs.mail.send_mails import MAIL_LOCK
from service.messages.message import message
from service.use_cases.pilots import change_pilot, get_pilot

HIDDEN = "The pilot was hidden from others: start it again if it is yours."
"""Why a webhook is stopped."""


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
        BusyError: mails are being sent: one about the pilot could go out all the same.
    """
    pilot = get_pilot(context, pilot_id)
    check_owner(pilot)
    try:
        with hold_lock(context.settings.data, MAIL_LOCK):
            return _delete(context, pilot)
    except JobBusyError as error:
        raise BusyError(message("problem.sending"), timedelta(minutes=1)) from error


def _delete(context: Context, pilot: Pilot) -> PilotDeletion:
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

    What others may have opened on it before is closed: when it is hidden, its links to feeds are
    revoked and its webhooks stopped, and its owner makes new ones.

    Raises:
        UnknownPilotError: there is no such pilot.
        ForbiddenError: it belongs to somebody else.
    """

    def hide(pilot: Pilot) -> Pilot:
        check_owner(pilot)
        return pilot.model_copy(update={"private": private})

    was_private = get_pilot(context, pilot_id).private
    changed = change_pilot(context, pilot_id, hide)
    if private and not was_private:
        _close_feeds(context, pilot_id)
    return changed


def _close_feeds(context: Context, pilot_id: str) -> None:
    now = datetime.now(UTC)
    for link in context.feed_links.all():
        if link.subject.kind.is_of_pilot and link.subject.key == pilot_id:
            context.feed_links.revoke(link.id, now)
    for webhook in context.webhooks.all(pilot_id, working=True):
        context.webhooks.stop(webhook.id, HIDDEN, now)


def check_owner(pilot: Pilot) -> None:
    """Check that whoever asks may do with a pilot what only its owner may.

    Raises:
        ForbiddenError: it belongs to somebody else.
    """
    if not acting().owns(pilot.owner):
        raise ForbiddenError(message("problem.owner"))
