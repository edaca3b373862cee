"""Everything that is kept of a person: exported, erased, or deleted when it is old."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, func, or_, select, update
from sqlalchemy.orm import Session

from service.domain.access.user import name_key
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent
from service.store.access.tables import UserRow
from service.store.database import scrub_journal
from service.store.mail_tables import DeliveryRow, RecipientRow, SentItemRow, SuppressionRow
from service.store.recipients import RecipientStore, id_batches, row_count
from service.store.searches.tables import SearchRow
from service.store.sync.tables import IdempotentAnswerRow
from service.store.tables import FeedbackRow

PERSON_OWNER = "person:"
"""What stands before an account's id where what belongs to it is kept."""

ERASED_MARK = "erased"
"""Stands for an erased person on judgements, and as the reason of the suppression."""


@dataclass(frozen=True)
class ErasureReport:
    """What was deleted, in rows; an account goes with its sessions.

    ``clean``: the database's journal holds nothing of it either.
    """

    recipients: int
    mails: int
    judgements: int
    clean: bool
    accounts: int = 0
    searches: int = 0


class PersonStore:
    """Everything that the database has of an address."""

    def __init__(self, engine: Engine, recipients: RecipientStore) -> None:
        self._engine = engine
        self._recipients = recipients

    def export_rows(self, address: Address) -> dict[str, list[dict[str, Any]]]:
        """Return every row about an address by its table, each column by name."""
        ids = [one.id for one in self._recipients.with_address(address)]
        names = [one.pseudonym for one in self._recipients.with_address(address)]
        by_person = or_(_judgements_by(address), FeedbackRow.given_by.in_(names))
        with Session(self._engine) as session:
            wanted: dict[str, Any] = {
                "recipients": select(RecipientRow).where(RecipientRow.id.in_(ids)),
                "mails": select(DeliveryRow).where(DeliveryRow.recipient_id.in_(ids)),
                "told": select(SentItemRow).where(SentItemRow.recipient_id.in_(ids)),
                "judgements": select(FeedbackRow).where(by_person),
                "suppressions": select(SuppressionRow).where(
                    SuppressionRow.hash.in_(self._recipients.hashes_of(address))
                ),
                "accounts": select(UserRow).where(_account_of(address)),
                "searches": select(SearchRow).where(_searches_of(address)),
            }
            tables = {
                name: [_row_values(row) for row in session.scalars(query)]
                for name, query in wanted.items()
            }
        for account in tables["accounts"]:
            del account["password_hash"]  # of no use to the person, and of some to a thief
        return tables

    def erase(self, address: Address, now: datetime) -> ErasureReport:
        """Delete all that is known of an address; that it is never mailed stays, as a hash.

        Judgements stay, for they are the pilot's; whoever signed them by the address is unnamed.
        """
        self._recipients.suppress(address, ERASED_MARK, now)
        with Session(self._engine) as session:
            ids = select(RecipientRow.id).where(RecipientRow.address_key == address.key)
            mails = session.scalar(
                select(func.count())
                .select_from(DeliveryRow)
                .where(DeliveryRow.recipient_id.in_(ids))
            )
            # what a server answered may name the person in words that no pattern knows
            session.execute(
                update(SuppressionRow)
                .where(SuppressionRow.hash.in_(self._recipients.hashes_of(address)))
                .values(reason=ERASED_MARK)
            )
            judged = session.execute(
                update(FeedbackRow)
                .where(_judgements_by(address))
                .values(given_by=ERASED_MARK)
                .execution_options(synchronize_session=False)
            )
            # an answer may name who judged; who sends the same again gets another answer
            session.execute(delete(IdempotentAnswerRow))
            gone = session.execute(
                delete(RecipientRow).where(RecipientRow.address_key == address.key)
            )
            searches = session.execute(
                delete(SearchRow)
                .where(_searches_of(address))
                .execution_options(synchronize_session=False)
            )
            accounts = session.execute(delete(UserRow).where(_account_of(address)))
            session.commit()
        clean = scrub_journal(self._engine)
        return ErasureReport(
            row_count(gone),
            mails or 0,
            row_count(judged),
            clean,
            row_count(accounts),
            row_count(searches),
        )

    def scrub(self) -> bool:
        """Empty the journal, so that what was deleted is gone from it; return whether it is."""
        return scrub_journal(self._engine)

    def note_missing_pilots(self, pilots: Collection[str], now: datetime) -> None:
        """Note since when the pilots of confirmed recipients are gone, and which are back."""
        confirmed = [RecipientRow.state == Consent.CONFIRMED.value]
        here = RecipientRow.pilot_id.in_(list(pilots))
        with Session(self._engine) as session:
            session.execute(
                update(RecipientRow)
                .where(*confirmed, ~here, RecipientRow.ended_at.is_(None))
                .values(ended_at=now)
            )
            session.execute(
                update(RecipientRow)
                .where(*confirmed, here, RecipientRow.ended_at.is_not(None))
                .values(ended_at=None)
            )
            session.commit()

    def delete_ended(self, before: datetime) -> int:
        """Delete recipients that ended, or never answered, before an instant; return how many."""
        pending = RecipientRow.state == Consent.PENDING.value
        with Session(self._engine) as session:
            old = session.scalars(
                select(RecipientRow.id).where(
                    or_(
                        pending & (RecipientRow.asked_at < before),
                        ~pending & (RecipientRow.ended_at < before),
                    )
                )
            ).all()
            for part in id_batches(old):
                session.execute(delete(RecipientRow).where(RecipientRow.id.in_(part)))
            session.commit()
        scrub_journal(self._engine)
        return len(old)


def _account_of(address: Address) -> ColumnElement[bool]:
    return UserRow.name_key == name_key(str(address))


def _searches_of(address: Address) -> ColumnElement[bool]:
    owners = select(PERSON_OWNER + UserRow.id).where(_account_of(address))
    return SearchRow.owner.in_(owners)


def _judgements_by(address: Address) -> ColumnElement[bool]:
    # SQLite knows the capitals of ASCII alone: the address as it was written is tried too
    written = {str(address), str(address).lower(), address.key}
    given = FeedbackRow.given_by
    return or_(given.in_(written), func.lower(given).in_(written))


def _row_values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}
