"""The items that recipients were sent, and the state of their mails. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Delivery, MailKind, MailState
from service.store.mail_tables import DeliveryRow, RecipientRow, SentItemRow
from service.store.recipients import id_batches


@dataclass(frozen=True)
class MailOutcome:
    """How a mail ended; ``bounce`` is what was reported of it afterwards, if anything."""

    state: MailState
    bounce: str
    reason: str
    at: datetime


class SentItemStore:
    """Every recipient's sent items and mails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sent_keys(self, recipient_ids: Collection[str]) -> dict[str, set[str]]:
        """Return the keys of the items that each recipient was sent."""
        keys: dict[str, set[str]] = {id_: set() for id_ in recipient_ids}
        with Session(self._engine) as session:
            for part in id_batches(recipient_ids):
                wanted = select(SentItemRow.recipient_id, SentItemRow.key).where(
                    SentItemRow.recipient_id.in_(part)
                )
                for recipient_id, key in session.execute(wanted):
                    keys[recipient_id].add(key)
        return keys

    def last_digest(self, recipient_ids: Collection[str]) -> dict[str, datetime]:
        """Return the instant that each recipient's last digest was made for."""
        instants: dict[str, datetime] = {}
        with Session(self._engine) as session:
            for part in id_batches(recipient_ids):
                wanted = (
                    select(DeliveryRow.recipient_id, func.max(DeliveryRow.as_of))
                    .where(
                        DeliveryRow.recipient_id.in_(part),
                        DeliveryRow.kind == MailKind.DIGEST.value,
                        DeliveryRow.state == MailState.SENT.value,
                    )
                    .group_by(DeliveryRow.recipient_id)
                )
                instants.update((id_, instant) for id_, instant in session.execute(wanted))
        return instants

    def recipients_of_week(self, week: str, *, later: bool = False) -> set[str]:
        """Return the recipients who have a digest of a week, or with ``later`` of a later one."""
        which = DeliveryRow.occasion > week if later else DeliveryRow.occasion == week
        wanted = select(DeliveryRow.recipient_id).where(
            DeliveryRow.kind == MailKind.DIGEST.value, which
        )
        with Session(self._engine) as session:
            return set(session.scalars(wanted))

    def count_questions(self, address: Address | None, since: datetime) -> int:
        """Return how many times an address, or any, was asked whether it wants mails."""
        wanted = (
            select(func.count())
            .select_from(DeliveryRow)
            .join(RecipientRow, RecipientRow.id == DeliveryRow.recipient_id)
            .where(DeliveryRow.kind == MailKind.CONFIRM.value, DeliveryRow.created_at >= since)
        )
        if address is not None:
            wanted = wanted.where(RecipientRow.address_key == address.key)
        with Session(self._engine) as session:
            return session.scalar(wanted) or 0

    def get(self, delivery_id: str) -> Delivery | None:
        """Return the mail with this id, if there is one."""
        return self._one(DeliveryRow.id == delivery_id)

    def by_message_id(self, message_id: str) -> Delivery | None:
        """Return the mail with this Message-ID, if there is one."""
        return self._one(DeliveryRow.message_id == message_id)

    def mails_of(self, recipient_id: str) -> list[Delivery]:
        """Return a recipient's mails, oldest first."""
        wanted = select(DeliveryRow).where(DeliveryRow.recipient_id == recipient_id)
        with Session(self._engine) as session:
            rows = session.scalars(wanted.order_by(DeliveryRow.created_at))
            return [_delivery(row) for row in rows]

    def latest_outcomes(self, since: datetime) -> dict[str, MailOutcome]:
        """Return how the last mail of each recipient ended that was made since an instant.

        Mails that wait, are being sent or were replaced by a later one have not ended.
        """
        ended = (MailState.SENT, MailState.FAILED, MailState.BOUNCED)
        row = DeliveryRow
        wanted = (
            select(row.recipient_id, row.state, row.bounce, row.reason, row.created_at)
            .where(row.created_at >= since, row.state.in_([state.value for state in ended]))
            .order_by(row.created_at)
        )
        with Session(self._engine) as session:
            return {
                id_: MailOutcome(MailState(state), bounce, reason, at)
                for id_, state, bounce, reason, at in session.execute(wanted)
            }

    def count_held_up(self) -> int:
        """Return how many mails wait that could not be sent when that was last tried."""
        held_up = (DeliveryRow.state == MailState.PENDING.value, DeliveryRow.attempts > 0)
        counted = select(func.count()).select_from(DeliveryRow).where(*held_up)
        with Session(self._engine) as session:
            return session.scalar(counted) or 0

    def count_by_state(self) -> dict[str, int]:
        """Return how many mails are in each state."""
        counted = (
            select(DeliveryRow.state, func.count())
            .where(DeliveryRow.sent_with.is_(None))
            .group_by(DeliveryRow.state)
        )
        with Session(self._engine) as session:
            return {state: number for state, number in session.execute(counted)}  # noqa: C416  typed

    def _one(self, which: Any) -> Delivery | None:
        with Session(self._engine) as session:
            row = session.scalars(select(DeliveryRow).where(which)).one_or_none()
            return None if row is None else _delivery(row)


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        recipient_id=row.recipient_id,
        kind=MailKind(row.kind),
        occasion=row.occasion,
        state=MailState(row.state),
        message_id=row.message_id,
        subject=row.subject,
        message=row.message,
        keys=tuple(row.keys),
        attempts=row.attempts,
        reason=row.reason,
        as_of=row.as_of,
        created_at=row.created_at,
        next_try=row.next_try,
        sent_at=row.sent_at,
        bounce=row.bounce,
        sent_with=row.sent_with,
    )
