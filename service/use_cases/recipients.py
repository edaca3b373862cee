"""Ask addresses whether they want mails about a pilot; list, confirm and remove recipients.

The command says what happened to each request. Page and API answer alike for every address: a
stranger must not learn whether it is known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from pathlib import Path

from pydantic import Field

from service import telemetry
from service.context import Context
from service.domain.frozen_model import FrozenModel
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent, Recipient, Suppression
from service.domain.notifications.week import week_of
from service.errors import ConflictError, InputError, NotFoundError, ServiceError, TooManyError
from service.jobs.mail.look_at_mails import waiting_parcels
from service.jobs.mail.outbox import claim_owner
from service.jobs.mail.send_mails import open_outbox, sending_pace
from service.mail.mailer import Mailer
from service.mail.transport import FolderTransport, Transport
from service.messages.catalogue import languages
from service.messages.message import message
from service.use_cases.pilots import get_pilot

QUESTIONS_A_DAY = 3
"""Questions that one address gets in a day, for all pilots together."""

QUESTIONS_AN_HOUR = 60
"""Questions that strangers can have sent in an hour: a form must not become a mail cannon."""

ONE_HOUR = timedelta(hours=1)


class ConsentOutcome(Enum):
    """What happened to a request that an address gets mails."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    SUPPRESSED = "suppressed"
    ENOUGH = "enough"


class MailService(StrEnum):
    """Whether a mail that is written now goes out: no server is set, the last try failed, or yes.

    It says nothing of any address.
    """

    OFF = "off"
    FAILING = "failing"
    ON = "on"


@dataclass(frozen=True)
class ConsentRequest:
    """The result of a request; ``recipient`` is None when none was stored."""

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
    paused_until: datetime | None = Field(
        default=None, description="The first day of the week in which mails come again, if paused."
    )

    @classmethod
    def from_recipient(cls, recipient: Recipient) -> RecipientCard:
        """Return what strangers may see of a recipient."""
        return cls(
            id=recipient.id,
            address=recipient.masked,
            language=recipient.language,
            state=recipient.consent,
            asked_at=recipient.asked_at,
            confirmed_at=recipient.confirmed_at,
            ended_at=recipient.ended_at,
            paused_until=recipient.paused_until,
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
    recipients = context.recipients.all(pilot_id=get_pilot(context, pilot_id).id)
    cards = tuple(map(RecipientCard.from_recipient, recipients))
    return RecipientList(pilot=pilot_id, recipients=cards)


def list_addresses(context: Context, pilot_id: str | None = None) -> list[Recipient]:
    """Return recipients with their addresses, of one pilot, also one that is gone, or of all.

    Raises:
        UnknownPilotError: there is no such pilot and there are no recipients of it.
    """
    recipients = context.recipients.all(pilot_id=pilot_id)
    if pilot_id is not None and not recipients:
        get_pilot(context, pilot_id)
    return recipients


def parse_address(text: str) -> Address:
    """Return the address in ``text``.

    Raises:
        InputError: it is none; the message says what is wrong with it.
    """
    try:
        return Address.parse(text)
    except ValueError as error:
        raise InputError(message("problem.address", why=str(error))) from error


def ask_address(
    context: Context,
    mailer: Mailer,
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
        mailer: writes the question.
        pilot_id: the pilot.
        text: the address as it was written.
        language: of the mails: sv or en.
        source: where the request came from: page, api or command.
        limit: questions that may be asked in an hour, of all addresses; None for no limit.

    Raises:
        UnknownPilotError: there is no such pilot.
        ConflictError: it is put away.
        InputError: it is no address, or there are no texts in the language.
        TooManyError: the limit is reached.
    """
    if get_pilot(context, pilot_id).archived_at is not None:
        raise ConflictError(message("problem.pilot.archived", id=pilot_id))
    if language not in languages():
        raise InputError(f"Mails are written in {' or '.join(languages())}, not in {language!r}.")
    address, now = parse_address(text), datetime.now(UTC)
    if limit is not None and context.sent_items.count_questions(None, now - ONE_HOUR) >= limit:
        raise TooManyError(message("problem.questions.all"), ONE_HOUR)
    why_not = context.recipients.suppression_reason(address)
    if why_not:
        return ConsentRequest(ConsentOutcome.SUPPRESSED, reason=why_not)
    known = context.recipients.find(pilot_id, address)
    if known is not None and known.consent is Consent.CONFIRMED:
        return ConsentRequest(ConsentOutcome.CONFIRMED, known)
    if context.sent_items.count_questions(address, now - timedelta(days=1)) >= QUESTIONS_A_DAY:
        return ConsentRequest(ConsentOutcome.ENOUGH, known)
    recipient = context.recipients.add_pending(pilot_id, address, language, now, source=source)
    mail = mailer.confirm(recipient, now)
    context.deliveries.add(mail, now)
    return ConsentRequest(ConsentOutcome.ASKED, recipient, mail.id)


def add_recipient(
    context: Context, pilot_id: str, text: str, language: str, *, source: str, client: str
) -> bool:
    """Ask an address at the request of a stranger, who must not learn anything about it.

    The question is sent at once where a mail server is set; if that fails, it waits in the outbox.

    Args:
        context: the stores.
        pilot_id: the pilot.
        text: the address as it was written.
        language: of the mails: sv or en.
        source: where the request came from: page or api.
        client: who asks, a key, a person or an address; one alone cannot use up what all may ask.

    Returns:
        Whether questions can be sent here at all: the same for every address.

    Raises:
        UnknownPilotError: there is no such pilot.
        InputError: it is no address, or there are no texts in the language.
        TooManyError: too many addresses were asked in the last hour, by this client or by all.
    """
    mailer = Mailer.open(context.settings.mail, judging=True)
    questions = context.throttles.questions
    if wait := questions.wait(client):
        raise TooManyError(message("problem.questions"), wait)
    limit = QUESTIONS_AN_HOUR
    request = ask_address(context, mailer, pilot_id, text, language, source=source, limit=limit)
    questions.count(client)
    if not mailer.can_send:
        return False
    if request.delivery_id:
        try:
            send_now(context, mailer, mailer.transport(), request.delivery_id)
        except ServiceError as error:
            telemetry.warn("a question waits in the outbox", reason=str(error))
    return True


def write_question(context: Context, mailer: Mailer, delivery_id: str, folder: Path) -> None:
    """Write a question that waits to a folder, to look at: it still waits."""
    out = FolderTransport(folder)
    for parcel in waiting_parcels(context, mailer, week_of(context.now()), only=delivery_id):
        out.deliver(parcel)


def ask_again(context: Context, pilot_id: str, recipient_id: str, *, client: str) -> None:
    """Ask a recipient once more who has not answered.

    Args:
        context: the stores.
        pilot_id: the pilot.
        recipient_id: the recipient.
        client: who asks, as for `add_recipient`.

    Raises:
        NotFoundError: the pilot has no such recipient.
        ConflictError: the recipient has answered since, or was asked three times today.
        TooManyError: too many addresses were asked in the last hour.
    """
    get_pilot(context, pilot_id)
    recipient = context.recipients.get(recipient_id)
    if recipient is None or recipient.pilot_id != pilot_id:
        raise NotFoundError(message("problem.recipient", pilot=pilot_id, recipient=recipient_id))
    if recipient.consent is not Consent.PENDING:
        raise ConflictError(message("problem.recipient.answered"))
    today = datetime.now(UTC) - timedelta(days=1)
    if context.sent_items.count_questions(recipient.address, today) >= QUESTIONS_A_DAY:
        raise ConflictError(message("problem.recipient.enough", count=QUESTIONS_A_DAY))
    add_recipient(
        context,
        pilot_id,
        str(recipient.address),
        recipient.language,
        source=recipient.source,
        client=client,
    )


def mail_service(context: Context) -> MailService:
    """Return whether questions and mails go out of this installation now."""
    if context.settings.mail.route is None:
        return MailService.OFF
    return MailService.FAILING if context.sent_items.count_held_up() else MailService.ON


def send_now(context: Context, mailer: Mailer, transport: Transport, delivery_id: str) -> bool:
    """Try to send one mail; return whether it was sent. If not, the outbox tries again."""
    by = f"{claim_owner(context.settings.data)}:now"
    outbox = open_outbox(context, mailer, transport, sending_pace(context), by=by)
    try:
        return outbox.send(week_of(context.now()), only=delivery_id).sent == 1
    finally:
        transport.close()


def confirm_recipient(context: Context, pilot_id: str, text: str, reason: str) -> Recipient:
    """Confirm an address that was asked, when its consent came in another form.

    Args:
        context: the stores.
        pilot_id: the pilot.
        text: the address as it was written.
        reason: how the consent was given; kept with the recipient.

    Raises:
        NotFoundError: the address was not asked for this pilot.
        InputError: it is no address, or may not be mailed.
    """
    address = parse_address(text)
    recipient = _find_recipient(context, pilot_id, address)
    why_not = context.recipients.suppression_reason(address)
    if why_not:
        raise InputError(f"{address} is never mailed ({why_not}): see `fundscout recipients`.")
    context.recipients.confirm(recipient.id, datetime.now(UTC))
    context.recipients.set_reason(recipient.id, reason)
    return _find_recipient(context, pilot_id, address)


def remove_address(context: Context, pilot_id: str, text: str) -> Recipient:
    """Remove an address from a pilot's recipients; it can be asked again.

    Raises:
        NotFoundError: it is not one of them.
        InputError: it is no address.
    """
    recipient = _find_recipient(context, pilot_id, parse_address(text))
    return remove_recipient(context, pilot_id, recipient.id, "removed by command")


def remove_recipient(context: Context, pilot_id: str, recipient_id: str, reason: str) -> Recipient:
    """Remove a recipient of a pilot by the recipient's id; twice changes nothing.

    Raises:
        NotFoundError: the pilot has no such recipient.
    """
    recipient = context.recipients.get(recipient_id)
    if recipient is None or recipient.pilot_id != pilot_id:
        raise NotFoundError(message("problem.recipient", pilot=pilot_id, recipient=recipient_id))
    context.recipients.unsubscribe(recipient.id, reason, datetime.now(UTC))
    return context.recipients.get(recipient.id) or recipient


def suppress_address(context: Context, text: str, reason: str) -> None:
    """Never mail an address again.

    Raises:
        InputError: it is no address.
    """
    context.recipients.suppress(parse_address(text), reason, datetime.now(UTC))


def allow_address(context: Context, text: str) -> None:
    """Lift the suppression of an address: it may be asked again.

    Raises:
        NotFoundError: it is not suppressed.
        InputError: it is no address.
    """
    if not context.recipients.allow(parse_address(text)):
        raise NotFoundError(f"{text} is not suppressed: see `recipients suppressed`.")


def list_suppressed(context: Context) -> list[Suppression]:
    """Return the addresses that are never mailed, newest first, and why."""
    return context.recipients.suppressions()


def _find_recipient(context: Context, pilot_id: str, address: Address) -> Recipient:
    recipient = context.recipients.find(pilot_id, address)
    if recipient is None:
        raise NotFoundError(
            f"{address} is no recipient of the pilot {pilot_id}: see `fundscout recipients`."
        )
    return recipient
