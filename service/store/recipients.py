"""Recipients in the database, with their consent, and the suppressed addresses."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import CursorResult, Engine, delete, func, or_, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent, MailState, Recipient, Suppression
from service.store.mail_tables import DeliveryRow, RecipientRow, SuppressionRow
from service.store.tables import MetaRow

SALT = "address_salt"
"""Name of what hashes of addresses are salted with; a store that another was restored into has
that one's salt too, under a name that begins so."""


class RecipientStore:
    """Every recipient, and the addresses that are suppressed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._salt = ""

    def get(self, recipient_id: str) -> Recipient | None:
        """Return the recipient with this id, if there is one."""
        with Session(self._engine) as session:
            row = session.get(RecipientRow, recipient_id)
            return None if row is None else _recipient(row)

    def find(self, pilot_id: str, address: Address) -> Recipient | None:
        """Return the recipient of a pilot with this address, if there is one."""
        known = (one for one in self.with_address(address) if one.pilot_id == pilot_id)
        return next(known, None)

    def with_address(self, address: Address) -> list[Recipient]:
        """Return every recipient with this address, in order of pilot."""
        wanted = select(RecipientRow).where(RecipientRow.address_key == address.key)
        with Session(self._engine) as session:
            return [_recipient(row) for row in session.scalars(wanted.order_by("pilot_id"))]

    def all(
        self, *, pilot_id: str | None = None, consent: Consent | None = None
    ) -> list[Recipient]:
        """Return the recipients, those of a pilot together."""
        wanted = select(RecipientRow)
        if pilot_id is not None:
            wanted = wanted.where(RecipientRow.pilot_id == pilot_id)
        if consent is not None:
            wanted = wanted.where(RecipientRow.state == consent.value)
        with Session(self._engine) as session:
            rows = session.scalars(wanted.order_by(RecipientRow.pilot_id, RecipientRow.address_key))
            return [_recipient(row) for row in rows]

    def add_pending(
        self, pilot_id: str, address: Address, language: str, now: datetime, *, source: str = ""
    ) -> Recipient:
        """Return the recipient: pending if new or ended before; a confirmed one stays confirmed."""
        with Session(self._engine) as session:
            session.execute(
                insert_new(self._engine, RecipientRow),
                _new_values(pilot_id, address, language, now, source),
            )
            session.execute(
                update(RecipientRow)
                .where(
                    RecipientRow.pilot_id == pilot_id,
                    RecipientRow.address_key == address.key,
                    RecipientRow.state != Consent.CONFIRMED.value,
                )
                .values(
                    state=Consent.PENDING.value,
                    reason="",
                    address=str(address),
                    language=language,
                    asked_at=now,
                )
            )
            session.commit()
        added = self.find(pilot_id, address)
        if added is None:  # erased between the two steps
            return self.add_pending(pilot_id, address, language, now, source=source)
        return added

    def confirm(self, recipient_id: str, now: datetime) -> bool:
        """Confirm a pending recipient; return whether it was pending."""
        return self._change(
            recipient_id,
            (Consent.PENDING,),
            state=Consent.CONFIRMED.value,
            confirmed_at=now,
            ended_at=None,
            paused_until=None,
            soft_bounces=0,
        )

    def unsubscribe(self, recipient_id: str, reason: str, now: datetime) -> bool:
        """Unsubscribe a recipient; return whether that changed anything."""
        return self._change(
            recipient_id,
            (Consent.PENDING, Consent.CONFIRMED),
            state=Consent.UNSUBSCRIBED.value,
            reason=reason,
            ended_at=now,
        )

    def resubscribe(self, recipient_id: str, ended_at: datetime, now: datetime) -> bool:
        """Undo the stop of the instant ``ended_at``; return whether that changed anything.

        Somebody who stopped again since, or is never mailed, is not brought back.
        """
        with Session(self._engine) as session:
            changed = session.execute(
                update(RecipientRow)
                .where(
                    RecipientRow.id == recipient_id,
                    RecipientRow.state == Consent.UNSUBSCRIBED.value,
                    RecipientRow.confirmed_at.is_not(None),
                    RecipientRow.ended_at == ended_at,
                )
                .values(state=Consent.CONFIRMED.value, reason="", ended_at=None, confirmed_at=now)
            )
            session.commit()
            return row_count(changed) > 0

    def pause(self, recipient_id: str, until: datetime | None) -> bool:
        """Send a confirmed recipient nothing until an instant, or with None again from now on."""
        return self._change(recipient_id, (Consent.CONFIRMED,), paused_until=until)

    def set_reason(self, recipient_id: str, reason: str) -> None:
        """Store why a recipient is in its state."""
        self._change(recipient_id, tuple(Consent), reason=reason)

    def count_soft_bounce(self, recipient_id: str) -> None:
        """Count one more temporary bounce of a recipient."""
        self._change(recipient_id, tuple(Consent), soft_bounces=RecipientRow.soft_bounces + 1)

    def suppress(self, address: Address, reason: str, now: datetime) -> None:
        """Suppress an address: no pilot mails it, also when somebody adds it again.

        The reason outlives an erasure, so the address itself is taken out of it.
        """
        reason = _redact_address(address, reason)
        with Session(self._engine) as session:
            session.execute(
                insert_new(self._engine, SuppressionRow),
                {"hash": self.hash_of(address), "reason": reason, "at": now},
            )
            session.execute(
                update(RecipientRow)
                .where(
                    RecipientRow.address_key == address.key,
                    RecipientRow.state != Consent.SUPPRESSED.value,
                )
                .values(state=Consent.SUPPRESSED.value, reason=reason, ended_at=now)
            )
            session.commit()

    def suppression_reason(self, address: Address) -> str:
        """Return why an address is never mailed; nothing when it may be."""
        wanted = select(SuppressionRow.reason).where(
            SuppressionRow.hash.in_(self.hashes_of(address))
        )
        with Session(self._engine) as session:
            return session.scalars(wanted).first() or ""

    def allow(self, address: Address) -> bool:
        """Take a suppression back: the address may be asked again; return whether there was one."""
        with Session(self._engine) as session:
            gone = session.execute(
                delete(SuppressionRow).where(SuppressionRow.hash.in_(self.hashes_of(address)))
            )
            session.commit()
            return row_count(gone) > 0

    def remove_source(self, source: str) -> int:
        """Delete the recipients that ``source`` brought; return how many."""
        of_source = select(RecipientRow.id).where(RecipientRow.source == source)
        with Session(self._engine) as session:
            _forget_shared_mails(session, of_source)
            gone = session.execute(delete(RecipientRow).where(RecipientRow.source == source))
            session.commit()
            return row_count(gone)

    def remove_pilot(self, pilot_id: str) -> tuple[int, int]:
        """Delete the recipients of a pilot with their mails; return how many of each."""
        of_pilot = select(RecipientRow.id).where(RecipientRow.pilot_id == pilot_id)
        with Session(self._engine) as session:
            mails = session.scalar(
                select(func.count())
                .select_from(DeliveryRow)
                .where(DeliveryRow.recipient_id.in_(of_pilot))
            )
            _forget_shared_mails(session, of_pilot)
            gone = session.execute(delete(RecipientRow).where(RecipientRow.pilot_id == pilot_id))
            session.commit()
            return row_count(gone), mails or 0

    def suppressions(self) -> list[Suppression]:
        """Return the suppressions, newest first; an erased address is known by its hash alone."""
        with Session(self._engine) as session:
            rows = list(
                session.scalars(select(SuppressionRow).order_by(SuppressionRow.at.desc())).all()
            )
        known = {hash_: one.address for one in self.all() for hash_ in self.hashes_of(one.address)}
        return [Suppression(row.hash, known.get(row.hash), row.reason, row.at) for row in rows]

    def _change(self, recipient_id: str, states: Collection[Consent], **values: Any) -> bool:
        with Session(self._engine) as session:
            changed = session.execute(
                update(RecipientRow)
                .where(
                    RecipientRow.id == recipient_id,
                    RecipientRow.state.in_([state.value for state in states]),
                )
                .values(**values)
            )
            session.commit()
            return row_count(changed) > 0

    def hash_of(self, address: Address) -> str:
        """Return the salted hash of an address; nobody can guess addresses without the salt."""
        return _hash(self._salt or self._read_salt(), address)

    def hashes_of(self, address: Address) -> list[str]:
        """Return the hash of an address by every salt that suppressions here are hashed with."""
        own = self.hash_of(address)
        former = select(MetaRow.value).where(MetaRow.name.startswith(f"{SALT}.", autoescape=True))
        with Session(self._engine) as session:
            return [own, *(_hash(salt, address) for salt in session.scalars(former))]

    def _read_salt(self) -> str:
        with Session(self._engine) as session:
            session.execute(
                insert_new(self._engine, MetaRow),
                {"name": SALT, "value": secrets.token_hex(32)},
            )
            session.commit()
            self._salt = session.scalars(select(MetaRow.value).where(MetaRow.name == SALT)).one()
        return self._salt


def insert_new(engine: Engine, table: type[Any]) -> Any:
    """Return an INSERT that leaves a row alone that is there already."""
    if engine.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415  a tenth of a cold start

        return postgresql.insert(table.__table__).on_conflict_do_nothing()
    return sqlite.insert(table.__table__).on_conflict_do_nothing()


def id_batches(ids: Iterable[str], size: int = 500) -> Iterator[list[str]]:
    """Cut ids into lists that fit in one SQL statement."""
    wanted = list(ids)
    return (wanted[start : start + size] for start in range(0, len(wanted), size))


def row_count(result: Any) -> int:
    """Return how many rows a change touched."""
    cursor: CursorResult[Any] = result
    return cursor.rowcount


def _forget_shared_mails(session: Session, recipient_ids: Any) -> None:
    """Clear the mails that tell of the pilots of recipients who are going, and of others.

    What waits is deleted, to be composed anew without them; what was sent loses its text.
    """
    shared = select(DeliveryRow.sent_with).where(
        DeliveryRow.recipient_id.in_(recipient_ids), DeliveryRow.sent_with.is_not(None)
    )
    ids = [id_ for id_ in session.scalars(shared) if id_ is not None]
    for part in id_batches(ids):
        waits = (DeliveryRow.state == MailState.PENDING.value) & (DeliveryRow.doubts == 0)
        session.execute(
            delete(DeliveryRow).where(
                or_(DeliveryRow.id.in_(part), DeliveryRow.sent_with.in_(part)), waits
            )
        )
        session.execute(update(DeliveryRow).where(DeliveryRow.id.in_(part)).values(message=None))


def _hash(salt: str, address: Address) -> str:
    return hmac.new(salt.encode(), address.key.encode(), hashlib.sha256).hexdigest()


def _redact_address(address: Address, text: str) -> str:
    """Return ``text`` without an address that a server repeated in its answer."""
    for written in (str(address), address.key, address.local):
        text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text


def _new_values(
    pilot_id: str, address: Address, language: str, now: datetime, source: str
) -> dict[str, object]:
    return {
        "id": uuid4().hex,
        "pilot_id": pilot_id,
        "address": str(address),
        "address_key": address.key,
        "language": language,
        "state": Consent.PENDING.value,
        "reason": "",
        "source": source,
        "soft_bounces": 0,
        "asked_at": now,
    }


def _recipient(row: RecipientRow) -> Recipient:
    local, _, domain = row.address.rpartition("@")
    return Recipient(
        id=row.id,
        pilot_id=row.pilot_id,
        address=Address(local, domain),
        language=row.language,
        consent=Consent(row.state),
        reason=row.reason,
        source=row.source,
        soft_bounces=row.soft_bounces,
        asked_at=row.asked_at,
        confirmed_at=row.confirmed_at,
        ended_at=row.ended_at,
        paused_until=row.paused_until,
    )
