"""Deliveries in the database. Every step is one transaction, so a crash falls between two.

    pending -> sending -> sent -> bounced
       ^----------'  '--> failed, superseded

A claim is a conditional UPDATE: of two processes one changes a row, in SQLite and PostgreSQL. A
message for several pilots has a row for each recipient; all go through these states together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from service.domain.notifications.address import Address
from service.domain.notifications.recipient import (
    BounceKind,
    ComposedMail,
    MailKind,
    MailPart,
    MailState,
)
from service.store.mail_conditions import (
    IS_BROKEN,
    IS_WANTED_WHOLE,
    is_due,
    is_stale,
    is_wanted,
    message_of,
    waits_in_week,
)
from service.store.mail_tables import DeliveryRow, RecipientRow, SentItemRow
from service.store.recipients import id_batches, insert_new, row_count

CLAIM_EXPIRES_AFTER = timedelta(hours=1)
"""A claim of another machine that is older belongs to a process that has died."""

_UNSENT_STATES = [
    s.value for s in (MailState.PENDING, MailState.SENDING, MailState.FAILED, MailState.SUPERSEDED)
]
_ENDED_STATES = [
    s.value for s in (MailState.SENT, MailState.FAILED, MailState.SUPERSEDED, MailState.BOUNCED)
]


@dataclass(frozen=True)
class ClaimedMail:
    """A claimed mail: its address, and its bytes, which are the same at every attempt.

    ``doubts`` counts the attempts after which nobody knows whether the server took it.
    """

    id: str
    recipient_id: str
    address: Address
    message_id: str
    message: bytes
    attempts: int
    doubts: int = 0


@dataclass(frozen=True)
class DueMail:
    """A mail that is due, and the domain it goes to."""

    id: str
    domain: str


class DeliveryStore:
    """Every mail with its state; a sent mail marks its items as sent."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, mail: ComposedMail, now: datetime) -> bool:
        """Store a mail to be sent; return whether it is the first for its occasion.

        Of a mail for several pilots nothing is stored when one of them has had a mail.
        """
        rows = [_new_row(mail, now), *(_carried_row(mail, part, now) for part in mail.others)]
        with Session(self._engine) as session:
            added = sum(
                row_count(session.execute(insert_new(self._engine, DeliveryRow), row))
                for row in rows
            )
            if added < len(rows):
                session.rollback()
                return False
            session.commit()
            return True

    def recover(self, by: str, now: datetime) -> int:
        """Put back the mails that a dead process was sending; return how many.

        Args:
            by: who holds the lock now: an older claim by the same name is of a dead process.
            now: claims of others are left alone until they are an hour old.
        """
        return self._change(
            and_(
                DeliveryRow.state == MailState.SENDING.value,
                or_(
                    DeliveryRow.claimed_by == by,
                    DeliveryRow.claimed_at < now - CLAIM_EXPIRES_AFTER,
                    DeliveryRow.claimed_at > now + CLAIM_EXPIRES_AFTER,
                ),
            ),
            state=MailState.PENDING.value,
            reason="The run that was sending it ended before it knew the outcome.",
            next_try=now,
            doubts=DeliveryRow.doubts + 1,
        )

    def supersede(self, recipient_ids: Collection[str], week: str) -> int:
        """Give up unsent digests of other weeks: the mail of ``week`` has their items."""
        reason = f"Not sent in its week; the mail of {week} tells what it would have told."
        which = and_(
            DeliveryRow.state == MailState.PENDING.value,
            DeliveryRow.kind == MailKind.DIGEST.value,
            DeliveryRow.occasion != week,
        )
        return sum(
            self._change(
                and_(which, DeliveryRow.recipient_id.in_(part)),
                state=MailState.SUPERSEDED.value,
                reason=reason,
            )
            for part in id_batches(recipient_ids)
        )

    def renew(self, week: str, as_of: datetime) -> int:
        """Take back waiting digests of ``week`` that are true no more.

        These have a deadline before ``as_of``, or a pilot that their reader wants no more. They are
        deleted, to be composed anew; one that the server may have taken is given up, since no other
        text may go out under its Message-ID. Returns how many were deleted.
        """
        which = and_(waits_in_week(week), or_(is_stale(as_of), IS_BROKEN))
        with Session(self._engine) as session:
            ids = session.execute(select(DeliveryRow.id, DeliveryRow.doubts).where(which)).all()
        for part in id_batches(id_ for id_, doubts in ids if doubts):
            self._change(
                DeliveryRow.id.in_(part),
                state=MailState.FAILED.value,
                reason="It was true no more, and the server may have it already.",
            )
        with Session(self._engine) as session:
            deleted = _count_mails(session, and_(which, DeliveryRow.doubts == 0))
            for part in id_batches(id_ for id_, doubts in ids if not doubts):
                session.execute(delete(DeliveryRow).where(DeliveryRow.id.in_(part)))
            session.commit()
        return deleted

    def count_stale(self, week: str, as_of: datetime) -> int:
        """Count the digests of ``week`` that `renew` would take back or give up."""
        wanted = select(func.count()).select_from(DeliveryRow)
        with Session(self._engine) as session:
            which = and_(waits_in_week(week), or_(is_stale(as_of), IS_BROKEN))
            return session.scalar(wanted.where(which)) or 0

    def drop_unwanted(self) -> int:
        """Give up mails whose recipient or pilot has gone since; return how many."""
        return self._change(
            and_(DeliveryRow.state == MailState.PENDING.value, ~is_wanted()),
            state=MailState.FAILED.value,
            reason="The recipient or the pilot was gone, or paused, before it was sent.",
        )

    def list_due(
        self,
        now: datetime,
        week: str,
        pilot_id: str | None = None,
        *,
        as_of: datetime | None = None,
    ) -> list[DueMail]:
        """Return the mails to be sent now, oldest first: of digests those of ``week`` alone.

        A mail with a deadline before ``as_of``, by the clock of the calls, is left out.
        """
        wanted = (
            select(DeliveryRow.id, RecipientRow.address)
            .join(RecipientRow, RecipientRow.id == DeliveryRow.recipient_id)
            .where(
                DeliveryRow.state == MailState.PENDING.value,
                DeliveryRow.sent_with.is_(None),
                is_due(now),
                ~is_stale(as_of),
                ~IS_BROKEN,
                or_(DeliveryRow.kind != MailKind.DIGEST.value, DeliveryRow.occasion == week),
            )
            .order_by(DeliveryRow.created_at, DeliveryRow.id)
        )
        if pilot_id is not None:
            wanted = wanted.where(RecipientRow.pilot_id == pilot_id)
        with Session(self._engine) as session:
            return [DueMail(id_, a.rpartition("@")[2]) for id_, a in session.execute(wanted)]

    def claim(
        self, delivery_id: str, by: str, now: datetime, *, as_of: datetime | None = None
    ) -> ClaimedMail | None:
        """Take a mail to send it; None when another did, it became stale, or nobody wants it."""
        taken = self._change(
            and_(
                message_of() == delivery_id,
                DeliveryRow.state == MailState.PENDING.value,
                is_due(now),
                ~is_stale(as_of),
                ~IS_BROKEN,
                IS_WANTED_WHOLE,
            ),
            state=MailState.SENDING.value,
            claimed_by=by,
            claimed_at=now,
            attempts=DeliveryRow.attempts + 1,
        )
        if not taken:
            return None
        with Session(self._engine) as session:
            row = session.execute(
                select(DeliveryRow, RecipientRow.address)
                .join(RecipientRow, RecipientRow.id == DeliveryRow.recipient_id)
                .where(DeliveryRow.id == delivery_id)
            ).one_or_none()
            return None if row is None else _make_claimed_mail(*row)

    def mark_sent(self, delivery_id: str, now: datetime) -> bool:
        """Mark a mail and, in the same transaction, its items as sent."""
        with Session(self._engine) as session:
            changed = session.execute(
                update(DeliveryRow)
                .where(message_of() == delivery_id, DeliveryRow.state.in_(_UNSENT_STATES))
                .values(state=MailState.SENT.value, sent_at=now, reason="")
                .execution_options(synchronize_session=False)
            )
            if not row_count(changed):
                return False
            rows = session.execute(
                select(DeliveryRow.id, DeliveryRow.recipient_id, DeliveryRow.keys).where(
                    message_of() == delivery_id
                )
            )
            items = [
                {"recipient_id": row.recipient_id, "key": key, "delivery_id": row.id}
                for row in rows
                for key in row.keys
            ]
            if items:
                session.execute(insert_new(self._engine, SentItemRow), items)
            session.commit()
        return True

    def mark_later(
        self, delivery_id: str, by: str, reason: str, next_try: datetime, *, in_doubt: bool = False
    ) -> bool:
        """Give a claimed mail back, to be tried at ``next_try``.

        ``in_doubt`` says that the server may have taken it.
        """
        doubts = DeliveryRow.doubts + int(in_doubt)
        return self._end(
            delivery_id, by, MailState.PENDING, reason, next_try=next_try, doubts=doubts
        )

    def mark_failed(self, delivery_id: str, by: str, reason: str) -> bool:
        """Mark a claimed mail as given up."""
        return self._end(delivery_id, by, MailState.FAILED, reason)

    def mark_bounced(self, delivery_id: str, bounce: BounceKind, reason: str) -> bool:
        """Store a report on a sent mail; return whether it was new.

        The items of a mail that did not arrive count as unsent: the next mail has them.
        """
        arrived = bounce in {BounceKind.DELAYED, BounceKind.COMPLAINT}
        known = [bounce.value, BounceKind.HARD.value]
        if bounce is not BounceKind.HARD:
            known.append(BounceKind.SOFT.value)
        values: dict[str, Any] = {"bounce": bounce.value, "reason": reason}
        if not arrived:
            values["state"] = MailState.BOUNCED.value
        with Session(self._engine) as session:
            changed = session.execute(
                update(DeliveryRow)
                .where(
                    message_of() == delivery_id,
                    DeliveryRow.state.in_([MailState.SENT.value, MailState.BOUNCED.value]),
                    DeliveryRow.bounce.not_in(known),
                )
                .values(**values)
                .execution_options(synchronize_session=False)
            )
            if row_count(changed) and not arrived:
                whole = select(DeliveryRow.id).where(message_of() == delivery_id)
                session.execute(
                    delete(SentItemRow)
                    .where(SentItemRow.delivery_id.in_(whole))
                    .execution_options(synchronize_session=False)
                )
            session.commit()
            return row_count(changed) > 0

    def recipients_of(self, delivery_id: str) -> list[str]:
        """Return the ids of the recipients that a mail goes to: one for each pilot in it."""
        wanted = select(DeliveryRow.recipient_id).where(message_of() == delivery_id)
        with Session(self._engine) as session:
            return list(session.scalars(wanted.order_by(DeliveryRow.recipient_id)))

    def clear(self, before: datetime) -> int:
        """Clear the texts of mails that ended before an instant; return how many."""
        return self._change(
            and_(
                DeliveryRow.state.in_(_ENDED_STATES),
                DeliveryRow.message.is_not(None),
                func.coalesce(DeliveryRow.sent_at, DeliveryRow.created_at) < before,
            ),
            message=None,
        )

    def _end(self, delivery_id: str, by: str, state: MailState, reason: str, **values: Any) -> bool:
        claimed = and_(
            message_of() == delivery_id,
            DeliveryRow.state == MailState.SENDING.value,
            DeliveryRow.claimed_by == by,
        )
        return self._change(claimed, state=state.value, reason=reason, **values) > 0

    def _change(self, which: Any, **values: Any) -> int:
        """Change the rows that are meant; return of how many mails they are."""
        with Session(self._engine) as session:
            mails = _count_mails(session, which)
            changed = session.execute(
                update(DeliveryRow)
                .where(which)
                .values(**values)
                .execution_options(synchronize_session=False)
            )
            session.commit()
            return mails if row_count(changed) else 0


def _count_mails(session: Session, which: Any) -> int:
    """Return of how many mails the rows are that are meant."""
    wanted = select(func.count(func.distinct(message_of()))).select_from(DeliveryRow)
    return session.scalar(wanted.where(which)) or 0


def _new_row(mail: ComposedMail, now: datetime) -> dict[str, Any]:
    """Return the row that has the message of a mail."""
    return {
        "id": mail.id,
        "recipient_id": mail.recipient_id,
        "kind": mail.kind.value,
        "occasion": mail.occasion,
        "state": MailState.PENDING.value,
        "message_id": mail.message_id,
        "subject": mail.subject,
        "message": mail.message,
        "keys": list(mail.keys),
        "attempts": 0,
        "doubts": 0,
        "claimed_by": "",
        "reason": "",
        "as_of": mail.as_of,
        "created_at": now,
        "next_try": now,
        "stale_at": mail.stale_at,
        "bounce": "",
        "sent_with": None,
    }


def _carried_row(mail: ComposedMail, part: MailPart, now: datetime) -> dict[str, Any]:
    """Return the row of another pilot's recipient who gets the same message."""
    return _new_row(mail, now) | {
        "id": part.id,
        "recipient_id": part.recipient_id,
        "message_id": part.message_id,
        "message": None,
        "keys": list(part.keys),
        "sent_with": mail.id,
    }


def _make_claimed_mail(row: DeliveryRow, address: str) -> ClaimedMail:
    local, _, domain = address.rpartition("@")
    return ClaimedMail(
        id=row.id,
        recipient_id=row.recipient_id,
        address=Address(local, domain),
        message_id=row.message_id,
        message=row.message or b"",
        attempts=row.attempts,
        doubts=row.doubts,
    )
