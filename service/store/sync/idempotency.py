"""Answers to creates, kept for a day, so that a request that comes again creates nothing again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, and_, delete, or_, update
from sqlalchemy.exc import IntegrityError

from service.store.database import open_session
from service.store.sync.tables import IdempotentAnswerRow

KEPT = timedelta(hours=24)
"""How long a key is known."""

ABANDONED = timedelta(minutes=2)
"""After which time an answer that was never made is not waited for: its maker is gone."""


@dataclass(frozen=True)
class KnownCreate:
    """What a key stands for: the hash of its request's body, and the answer if it is made."""

    body_hash: str
    answer: str | None
    is_ours: bool = False


class IdempotencyStore:
    """Every key that was used in the last day, as a hash."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(self, key_hash: str, body_hash: str, now: datetime) -> KnownCreate:
        """Take a key for a request; of several who claim it at once one gets it.

        Args:
            key_hash: of the key and who uses it.
            body_hash: of what is asked for.
            now: the aware instant.

        Returns:
            The state of the key; ``is_ours`` if the caller has it and is to make the answer.
        """
        row = IdempotentAnswerRow
        over = or_(
            row.created_at < now - KEPT,
            and_(row.answer.is_(None), row.created_at < now - ABANDONED),
        )
        with open_session(self._engine) as session:
            session.execute(delete(row).where(over))
            session.commit()
            session.add(row(key_hash=key_hash, body_hash=body_hash, created_at=now))
            try:
                session.commit()
            except IntegrityError:
                session.rollback()
                known = session.get(row, key_hash)
                if known is None:  # given back just now: whoever asks again gets it
                    return KnownCreate(body_hash, None)
                return KnownCreate(known.body_hash, known.answer)
        return KnownCreate(body_hash, None, is_ours=True)

    def keep(self, key_hash: str, answer: str, pilot_id: str | None) -> None:
        """Keep the answer that a key stands for; it goes with the pilot that it is about."""
        row = IdempotentAnswerRow
        kept = update(row).where(row.key_hash == key_hash)
        with open_session(self._engine) as session:
            session.execute(kept.values(answer=answer, pilot_id=pilot_id))
            session.commit()

    def forget_old(self, now: datetime) -> None:
        """Forget what is older than a day; a claim does so too."""
        row = IdempotentAnswerRow
        with open_session(self._engine) as session:
            session.execute(delete(row).where(row.created_at < now - KEPT))
            session.commit()

    def give_back(self, key_hash: str) -> None:
        """Forget a key whose request came to nothing, so that it may be tried again."""
        row = IdempotentAnswerRow
        with open_session(self._engine) as session:
            session.execute(delete(row).where(row.key_hash == key_hash, row.answer.is_(None)))
            session.commit()
