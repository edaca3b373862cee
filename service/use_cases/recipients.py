"""Ask addresses whether they want mails about a pilot; list, confirm and remove recipients.

The command says what became of each wish. Page and API say the same of every address: whether one
is known here is nobody else's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

import structlog
from pydantic import Field

from service.context import Context
from service.domain.frozen_model import FrozenModel
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent, Recipient, Suppression
from service.domain.notifications.week import week_of
from service.errors import InputError, NotFoundError, ServiceError, TooManyError
from service.jobs.mail.send_mails import open_outbox, sending_pace
from service.mail.mailer import Mailer
from service.mail.outbox import claim_owner
from service.mail.transport import Transport
from service.messages.catalogue import languages
from service.messages.message import message
from service.use_cases.pilots import get_pilot

QUESTIONS_A_DAY = 3
"""Questions that one address gets in a day, whoever asks for how many pilots."""

QUESTIONS_AN_HOUR = 60
"""Questions that strangers can have sent in an hour: a form must not become a mail cannon."""

ONE_HOUR = timedelta(hours=1)


class ConsentOutcome(Enum):
    """What became of a wish that an address gets mails."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    SUPPRESSED = "suppressed"
    ENOUGH = "enough"


@dataclass(frozen=True)
class ConsentRequest:
    """What became of a wish: ``recipient`` is None when none was stored."""

    outcome: ConsentOutcome
    recipient: Recipient | None = None
    delivery_id: str = ""
    reason: str = ""


class RecipientCard(FrozenModel):
    """Who follows a pilot."""

    id: str = Field(description="Random; it names the recipient in a removal.")
    address: str = Field(description="Masked: the first letter and the domain.")
    language: str
    state: Consent = Field(
        description="`pending` until the address has answered; only `confirmed` ones are mailed."
    )
    asked_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, one: Recipient) -> RecipientCard:
        """Return what strangers may see of a recipient."""
        return cls(
            id=one.id,
            address=one.masked,
            language=one.language,
            state=one.consent,
            asked_at=one.asked_at,
            confirmed_at=one.confirmed_at,
            ended_at=one.ended_at,
        )


class RecipientList(FrozenModel):
    """The recipients of a pilot."""

    pilot: str
    recipients: tuple[RecipientCard, ...]


def list_recipients(context: Context, pilot_id: str) -> RecipientList:
    """Return a pilot's recipients as strangers may see them.

    Raises:
        UnknownPilotError: there is no such pilot.
    """
    found = context.recipients.all(pilot_id=get_pilot(context, pilot_id).id)
    return RecipientList(pilot=pilot_id, recipients=tuple(map(RecipientCard.of, found)))


def list_addresses(context: Context, pilot_id: str | None = None) -> list[Recipient]:
    """Return recipients with their addresses, of one pilot or of all; also of one that is gone.

    Raises:
        UnknownPilotError: there is no such pilot and there are no recipients of it.
    """
    found = context.recipients.all(pilot_id=pilot_id)
    if pilot_id is not None and not found:
        get_pilot(context, pilot_id)
    return found


def parse_address(text: str) -> Address:
    """Return the address that was written; raise `InputError` saying what is wrong with it."""
    try:
        return Address.parse(text)
    except ValueError as error:
        raise InputError(message("problem.address", why=str(error))) from error


def ask_address(
    context: Context,
    post: Mailer,
    pilot_id: str,
    text: str,
    language: str,
    *,
    source: str,
    limit: int | None = None,
) -> ConsentRequest:
    """Store that an address may be asked whether it wants mails about a pilot.

    Args:
        context: the stores.
        post: writes the question.
        pilot_id: the pilot.
        text: the address as it was written.
        language: of the mails: sv or en.
        source: who says so: page, api or command.
        limit: questions that may be asked in an hour, of whomever; None for no limit.

    Raises:
        UnknownPilotError: there is no such pilot.
        InputError: the address is none, or we have no words in the language.
        TooManyError: the limit is reached.
    """
    pilot = get_pilot(context, pilot_id)
    if language not in languages():
        raise InputError(f"Mails are written in {' or '.join(languages())}, not in {language!r}.")
    address, now = parse_address(text), datetime.now(UTC)
    if limit is not None and context.sent_items.count_questions(None, now - ONE_HOUR) >= limit:
        enough = "Many addresses were asked in the last hour: try again in an hour."
        raise TooManyError(enough, ONE_HOUR)
    why_not = context.recipients.suppression_reason(address)
    if why_not:
        return ConsentRequest(ConsentOutcome.SUPPRESSED, reason=why_not)
    known = context.recipients.find(pilot_id, address)
    if known is not None and known.consent is Consent.CONFIRMED:
        return ConsentRequest(ConsentOutcome.CONFIRMED, known)
    if context.sent_items.count_questions(address, now - timedelta(days=1)) >= QUESTIONS_A_DAY:
        return ConsentRequest(ConsentOutcome.ENOUGH, known)
    asked = context.recipients.add_pending(pilot_id, address, language, now, source=source)
    letter = post.confirm(asked, pilot.title, now)
    context.deliveries.add(letter, now)
    return ConsentRequest(ConsentOutcome.ASKED, asked, letter.id)


def add_recipient(
    context: Context, pilot_id: str, text: str, language: str, *, source: str
) -> None:
    """Ask an address for a stranger: nothing is returned, for they learn nothing of it here.

    The question leaves at once where there is a way out; if it cannot, it waits in the outbox.

    Args:
        context: the stores.
        pilot_id: the pilot.
        text: the address as it was written.
        language: of the mails: sv or en.
        source: who says so: page or api.

    Raises:
        UnknownPilotError: there is no such pilot.
        InputError: the address is none, or we have no words in the language.
        TooManyError: too many addresses were asked in the last hour.
    """
    post = Mailer.open(context.settings.mail, judging=True)
    limit = QUESTIONS_AN_HOUR
    wished = ask_address(context, post, pilot_id, text, language, source=source, limit=limit)
    if not wished.delivery_id or post.settings.route is None:
        return
    try:
        send_now(context, post, post.transport(), wished.delivery_id)
    except ServiceError as error:
        structlog.get_logger().warning("a question waits in the outbox", reason=str(error))


def send_now(context: Context, post: Mailer, transport: Transport, delivery_id: str) -> bool:
    """Try one mail at once; return whether it left. If it did not, the outbox tries again."""
    by = f"{claim_owner(context.settings.data)}:now"
    outbox = open_outbox(context, post, transport, sending_pace(context), by=by)
    try:
        return outbox.send(week_of(context.now()), only=delivery_id).sent == 1
    finally:
        transport.close()


def confirm_recipient(context: Context, pilot_id: str, text: str, reason: str) -> Recipient:
    """Confirm an address that was asked, for somebody who has its consent in another form.

    Args:
        context: the stores.
        pilot_id: the pilot.
        text: the address as it was written.
        reason: how the consent was given; kept with the recipient.

    Raises:
        NotFoundError: the address was not asked for this pilot.
        InputError: the address is none, or may not be mailed.
    """
    address = parse_address(text)
    found = _find_recipient(context, pilot_id, address)
    why_not = context.recipients.suppression_reason(address)
    if why_not:
        raise InputError(f"{address} is never mailed ({why_not}): see `fundscout recipients`.")
    context.recipients.confirm(found.id, datetime.now(UTC))
    context.recipients.set_reason(found.id, reason)
    return _find_recipient(context, pilot_id, address)


def remove_address(context: Context, pilot_id: str, text: str) -> Recipient:
    """Take an address off a pilot's recipients; it can be asked again.

    Raises:
        NotFoundError: it is not one of them.
        InputError: the address is none.
    """
    found = _find_recipient(context, pilot_id, parse_address(text))
    return remove_recipient(context, pilot_id, found.id, "removed by command")


def remove_recipient(context: Context, pilot_id: str, recipient_id: str, reason: str) -> Recipient:
    """Take a recipient off a pilot's list by the recipient's id; twice changes nothing.

    Raises:
        NotFoundError: the pilot has no such recipient.
    """
    found = context.recipients.get(recipient_id)
    if found is None or found.pilot_id != pilot_id:
        raise NotFoundError(message("problem.recipient", pilot=pilot_id, recipient=recipient_id))
    context.recipients.unsubscribe(found.id, reason, datetime.now(UTC))
    return context.recipients.get(found.id) or found


def suppress_address(context: Context, text: str, reason: str) -> None:
    """Never mail an address again; raise `InputError` when it is none."""
    context.recipients.suppress(parse_address(text), reason, datetime.now(UTC))


def allow_address(context: Context, text: str) -> None:
    """Take the suppression of an address back: it may be asked again.

    Raises:
        NotFoundError: it is not suppressed.
        InputError: the address is none.
    """
    if not context.recipients.allow(parse_address(text)):
        raise NotFoundError(f"{text} is not suppressed: see `recipients suppressed`.")


def list_suppressed(context: Context) -> list[Suppression]:
    """Return who is never mailed, newest first, and why."""
    return context.recipients.suppressions()


def _find_recipient(context: Context, pilot_id: str, address: Address) -> Recipient:
    found = context.recipients.find(pilot_id, address)
    if found is None:
        raise NotFoundError(
            f"{address} is no recipient of the pilot {pilot_id}: see `fundscout recipients`."
        )
    return found
