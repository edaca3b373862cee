"""Who may be mailed: an address is asked first, and people can be taken off. One way for all.

The command says what became of each wish. Page and API say the same of every address: whether one
is known here is nobody else's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from service.context import Context
from service.domain.address import Address
from service.domain.recipient import Consent, Recipient
from service.domain.week import week_of
from service.errors import InputError, NotFoundError, ServiceError
from service.jobs.mailing import outbox_of, pace_of
from service.mail.outbox import place
from service.mail.post import Post
from service.mail.transport import Transport
from service.messages.catalogue import languages
from service.messages.message import message

QUESTIONS_A_DAY = 3
"""Questions that one address gets in a day, whoever asks for how many pilots."""

QUESTIONS_AN_HOUR = 60
"""Questions that strangers can have sent in an hour: a form must not become a mail cannon."""

HOUR = timedelta(hours=1)


class EnoughError(ServiceError):
    """So many addresses were asked lately that the next must wait."""


class Outcome(Enum):
    """What became of a wish that an address gets mails."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    SUPPRESSED = "suppressed"
    ENOUGH = "enough"


@dataclass(frozen=True)
class Wish:
    """What became of a wish: ``recipient`` is None when none was stored."""

    outcome: Outcome
    recipient: Recipient | None = None
    delivery_id: str = ""
    reason: str = ""


def address_of(text: str) -> Address:
    """Return the address that was written; raise `InputError` saying what is wrong with it."""
    try:
        return Address.of(text)
    except ValueError as error:
        raise InputError(message("problem.address", why=str(error))) from error


def wish(
    context: Context,
    post: Post,
    pilot_id: str,
    text: str,
    language: str,
    *,
    source: str,
    limit: int | None = None,
) -> Wish:
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
        NotFoundError: there is no such pilot.
        InputError: the address is none, or we have no words in the language.
        EnoughError: the limit is reached.
    """
    pilot = context.pilots.get(pilot_id)
    if pilot is None:
        raise NotFoundError(f"There is no pilot {pilot_id}: see `fundscout pilots`.")
    if language not in languages():
        raise InputError(f"Mails are written in {' or '.join(languages())}, not in {language!r}.")
    address, now = address_of(text), datetime.now(UTC)
    if limit is not None and context.told.questions(None, now - HOUR) >= limit:
        raise EnoughError("Many addresses were asked in the last hour: try again in an hour.")
    why_not = context.recipients.suppressed(address)
    if why_not:
        return Wish(Outcome.SUPPRESSED, reason=why_not)
    known = context.recipients.find(pilot_id, address)
    if known is not None and known.consent is Consent.CONFIRMED:
        return Wish(Outcome.CONFIRMED, known)
    if context.told.questions(address, now - timedelta(days=1)) >= QUESTIONS_A_DAY:
        return Wish(Outcome.ENOUGH, known)
    asked = context.recipients.ask(pilot_id, address, language, now, source=source)
    letter = post.confirm(asked, pilot.title, now)
    context.deliveries.add(letter, now)
    return Wish(Outcome.ASKED, asked, letter.id)


def send_now(context: Context, post: Post, transport: Transport, delivery_id: str) -> bool:
    """Try one mail at once; return whether it left. If it did not, the outbox tries again."""
    by = f"{place(context.settings.data)}:now"
    outbox = outbox_of(context, post, transport, pace_of(context), by=by)
    try:
        return outbox.send(week_of(context.now()), only=delivery_id).sent == 1
    finally:
        transport.close()


def vouch(context: Context, pilot_id: str, text: str, reason: str) -> Recipient:
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
    address = address_of(text)
    found = _member(context, pilot_id, address)
    why_not = context.recipients.suppressed(address)
    if why_not:
        raise InputError(f"{address} is never mailed ({why_not}): see `fundscout recipients`.")
    context.recipients.confirm(found.id, datetime.now(UTC))
    context.recipients.note(found.id, reason)
    return _member(context, pilot_id, address)


def remove(context: Context, pilot_id: str, text: str) -> Recipient:
    """Take an address off a pilot's recipients; it can be asked again.

    Raises:
        NotFoundError: it is not one of them.
        InputError: the address is none.
    """
    found = _member(context, pilot_id, address_of(text))
    return take_off(context, pilot_id, found.id, "removed by command")


def take_off(context: Context, pilot_id: str, recipient_id: str, reason: str) -> Recipient:
    """Take a recipient off a pilot's list by the recipient's id; twice changes nothing.

    Raises:
        NotFoundError: the pilot has no such recipient.
    """
    found = context.recipients.get(recipient_id)
    if found is None or found.pilot_id != pilot_id:
        raise NotFoundError(message("problem.recipient", pilot=pilot_id, recipient=recipient_id))
    context.recipients.unsubscribe(found.id, reason, datetime.now(UTC))
    return context.recipients.get(found.id) or found


def suppress(context: Context, text: str, reason: str) -> None:
    """Never mail an address again; raise `InputError` when it is none."""
    context.recipients.suppress(address_of(text), reason, datetime.now(UTC))


def _member(context: Context, pilot_id: str, address: Address) -> Recipient:
    found = context.recipients.find(pilot_id, address)
    if found is None:
        raise NotFoundError(
            f"{address} is no recipient of the pilot {pilot_id}: see `fundscout recipients`."
        )
    return found
