"""SQL conditions on mails: which are wanted, due or stale."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, or_

from service.domain.notifications.recipient import Consent, MailKind, MailState
from service.store.mail_tables import DeliveryRow, RecipientRow
from service.store.tables import PilotRow

LONGEST_WAIT = timedelta(hours=6)
"""The longest wait for the next attempt; a longer one means that the clock was set back."""

IS_WANTED = exists().where(
    RecipientRow.id == DeliveryRow.recipient_id,
    PilotRow.id == RecipientRow.pilot_id,
    PilotRow.archived_at.is_(None),
    or_(
        and_(
            DeliveryRow.kind == MailKind.DIGEST.value, RecipientRow.state == Consent.CONFIRMED.value
        ),
        and_(
            DeliveryRow.kind == MailKind.CONFIRM.value, RecipientRow.state == Consent.PENDING.value
        ),
    ),
)
"""Whether the recipient still wants this kind of mail, about a pilot that is not put away."""


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
