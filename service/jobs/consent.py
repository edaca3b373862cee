"""Who may be mailed: asking an address, its answer, and stopping. The same for command and page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from service.context import Context
from service.domain.address import Address
from service.domain.recipient import Consent, Recipient
from service.domain.week import week_of
from service.errors import InputError, NotFoundError
from service.jobs.mailing import outbox_of, pace_of
from service.mail.keys import LinkError, Purpose
from service.mail.outbox import place
from service.mail.post import ALL, ONE, Post
from service.mail.transport import Transport
from service.wording.words import LANGUAGES

QUESTIONS_A_DAY = 3
"""Questions that one address gets in a day, whoever asks for how many pilots."""


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
        raise InputError(f"This is no mail address: {error}") from error


def wish(
    context: Context, post: Post, pilot_id: str, text: str, language: str, *, source: str
) -> Wish:
    """Store that an address may be asked whether it wants mails about a pilot.

    Args:
        context: the stores.
        post: writes the question.
        pilot_id: the pilot.
        text: the address as it was written.
        language: of the mails: sv or en.
        source: who says so: page, api or command.

    Raises:
        NotFoundError: there is no such pilot.
        InputError: the address is none, or we have no words in the language.
    """
    pilot = context.pilots.get(pilot_id)
    if pilot is None:
        raise NotFoundError(f"There is no pilot {pilot_id}: see `fundscout pilots`.")
    if language not in LANGUAGES:
        raise InputError(f"Mails are written in {' or '.join(LANGUAGES)}, not in {language!r}.")
    address, now = address_of(text), datetime.now(UTC)
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
    outbox = outbox_of(context, post, transport, pace_of(context), by)
    try:
        return outbox.send(week_of(context.now()), only=delivery_id).sent == 1
    finally:
        transport.close()


def to_confirm(context: Context, post: Post, token: str) -> Recipient:
    """Return whom a confirming link is about.

    Raises:
        LinkError: it was altered, has expired, or was sent to somebody who is gone.
    """
    (recipient_id,) = post.keys.read(Purpose.CONFIRM, token, 1)
    return _known(context, recipient_id)


def confirm(context: Context, post: Post, token: str) -> tuple[Recipient, bool]:
    """Let the recipient of a confirming link be mailed; return them, and whether they are now.

    An address that stopped since is not brought back by an old link.

    Raises:
        LinkError: as `to_confirm`.
    """
    recipient = to_confirm(context, post, token)
    if not context.recipients.suppressed(recipient.address):
        context.recipients.confirm(recipient.id, datetime.now(UTC))
    now = _known(context, recipient.id)
    return now, now.consent is Consent.CONFIRMED


def to_stop(context: Context, post: Post, token: str) -> tuple[Recipient, str]:
    """Return whom a stopping link is about, and what it stops: `ONE` pilot's mails, or `ALL`.

    Raises:
        LinkError: it was altered, or the recipient was erased.
    """
    recipient_id, scope = post.keys.read(Purpose.STOP, token, 2)
    if scope not in {ONE, ALL}:
        raise LinkError(expired=False)
    return _known(context, recipient_id), scope


def stop(context: Context, post: Post, token: str) -> tuple[Recipient, str]:
    """Stop the mails that a link names; once more changes nothing.

    Raises:
        LinkError: as `to_stop`.
    """
    recipient, scope = to_stop(context, post, token)
    now = datetime.now(UTC)
    several = [recipient] if scope == ONE else context.recipients.of(recipient.address)
    for one in several:
        context.recipients.unsubscribe(one.id, "stopped by link", now)
    return recipient, scope


def _known(context: Context, recipient_id: str) -> Recipient:
    found = context.recipients.get(recipient_id)
    if found is None:
        raise LinkError(expired=True)
    return found
