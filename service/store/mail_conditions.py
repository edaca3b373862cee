"""SQL conditions on mails: which are wanted, due or stale."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, func, or_
from sqlalchemy.orm import aliased

from service.domain.notifications.recipient import Consent, MailKind, MailState
from service.store.mail_tables import DeliveryRow, RecipientRow
from service.store.tables import PilotRow

LONGEST_WAIT = timedelta(hours=6)
"""The longest wait for the next attempt; a longer one means that the clock was set back."""

_OTHER = aliased(DeliveryRow, name="other")


def is_wanted(mail: type[DeliveryRow] = DeliveryRow) -> ColumnElement[bool]:
    """Return whether a recipient still wants a mail, about a pilot that is not put away.

    Of somebody whose mails pause none is wanted that was made before the pause ends.
    """
    return exists().where(
        RecipientRow.id == mail.recipient_id,
        PilotRow.id == RecipientRow.pilot_id,
        PilotRow.archived_at.is_(None),
        or_(
            and_(
                mail.kind == MailKind.DIGEST.value,
                RecipientRow.state == Consent.CONFIRMED.value,
                or_(RecipientRow.paused_until.is_(None), RecipientRow.paused_until <= mail.as_of),
            ),
            and_(mail.kind == MailKind.CONFIRM.value, RecipientRow.state == Consent.PENDING.value),
        ),
    )


def message_of(mail: type[DeliveryRow] = DeliveryRow) -> ColumnElement[str]:
    """Return the id of the row that has the message of a mail."""
    return func.coalesce(mail.sent_with, mail.id)


IS_BROKEN = or_(
    and_(
        DeliveryRow.sent_with.is_not(None),
        ~exists().where(_OTHER.id == DeliveryRow.sent_with),
    ),
    exists().where(
        message_of(_OTHER) == message_of(),
        _OTHER.state.not_in([MailState.PENDING.value, MailState.SENDING.value]),
    ),
)
"""Whether a mail that waits tells of a pilot that its reader wants no more: it is made anew."""

IS_WANTED_WHOLE = ~exists().where(message_of(_OTHER) == message_of(), ~is_wanted(_OTHER))
"""Whether every pilot that a mail tells of is still wanted."""


def waits_in_week(week: str) -> ColumnElement[bool]:
    """Return whether a row is a digest of ``week`` that waits to be sent."""
    return and_(
        DeliveryRow.state == MailState.PENDING.value,
        DeliveryRow.kind == MailKind.DIGEST.value,
        DeliveryRow.occasion == week,
    )


def is_due(now: datetime) -> ColumnElement[bool]:
    """Return whether a mail's next attempt is due at the aware instant ``now``."""
    return or_(DeliveryRow.next_try <= now, DeliveryRow.next_try > now + LONGEST_WAIT)


def is_stale(as_of: datetime | None) -> ColumnElement[bool]:
    """Return whether a mail has a deadline before ``as_of``; with None, no mail has."""
    if as_of is None:
        return false()
    return and_(DeliveryRow.stale_at.is_not(None), DeliveryRow.stale_at < as_of)
