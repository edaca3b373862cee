"""Links to feeds in the database, found by the hash of their token."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import IntegrityError

from service.domain.notifications.feed_link import FeedKind, FeedLink, FeedSubject, hash_token
from service.errors import NotFoundError
from service.messages.message import message
from service.store.database import open_session
from service.store.feeds.tables import FeedLinkRow
from service.store.recipients import row_count


class FeedLinkStore:
    """Every link to a feed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        subject: FeedSubject,
        token: str,
        language: str,
        label: str,
        now: datetime,
        *,
        owner: str = "",
    ) -> FeedLink:
        """Store a link that ``token`` opens, and that ``owner`` made.

        Raises:
            NotFoundError: its pilot went while it was made.
        """
        row = FeedLinkRow(
            id=uuid4().hex,
            token_hash=hash_token(token),
            kind=subject.kind.value,
            subject=subject.key,
            pilot_id=subject.key if subject.kind.is_of_pilot else None,
            language=language,
            label=label,
            created_at=now,
            owner=owner,
        )
        with open_session(self._engine) as session:
            session.add(row)
            try:
                session.commit()
            except IntegrityError as error:
                raise NotFoundError(message("problem.pilot", id=subject.key)) from error
            return _link(row)

    def find(self, token: str) -> FeedLink | None:
        """Return the link that ``token`` opens or opened, if there is one."""
        wanted = select(FeedLinkRow).where(FeedLinkRow.token_hash == hash_token(token))
        with open_session(self._engine) as session:
            row = session.scalars(wanted).one_or_none()
            return None if row is None else _link(row)

    def get(self, link_id: str) -> FeedLink | None:
        """Return the link with this id, if there is one."""
        with open_session(self._engine) as session:
            row = session.get(FeedLinkRow, link_id)
            return None if row is None else _link(row)

    def all(self, owner: str | None = None) -> list[FeedLink]:
        """Return every link, or those of an owner, the newest first."""
        wanted = select(FeedLinkRow).order_by(FeedLinkRow.created_at.desc(), FeedLinkRow.id)
        if owner is not None:
            wanted = wanted.where(FeedLinkRow.owner == owner)
        with open_session(self._engine) as session:
            return [_link(row) for row in session.scalars(wanted)]

    def count_working(self) -> int:
        """Return how many links are not revoked."""
        counted = select(func.count()).where(FeedLinkRow.revoked_at.is_(None))
        with open_session(self._engine) as session:
            return session.scalar(counted) or 0

    def revoke(self, link_id: str, now: datetime) -> bool:
        """Let a link open nothing from now on; return whether it did till now."""
        return self._change(link_id, FeedLinkRow.revoked_at.is_(None), revoked_at=now)

    def give(self, link_id: str, owner: str) -> None:
        """Let a link be another's from now on."""
        self._change(link_id, FeedLinkRow.owner != owner, owner=owner)

    def note_use(self, link_id: str, day: datetime) -> None:
        """Note that a link was used on a day."""
        later = FeedLinkRow.used_on.is_(None) | (FeedLinkRow.used_on < day)
        self._change(link_id, later, used_on=day)

    def _change(self, link_id: str, condition: object, **values: object) -> bool:
        which = update(FeedLinkRow).where(FeedLinkRow.id == link_id, condition)  # type: ignore[arg-type]  # a column's condition
        with open_session(self._engine) as session:
            changed = session.execute(which.values(**values))
            session.commit()
            return row_count(changed) > 0


def _link(row: FeedLinkRow) -> FeedLink:
    return FeedLink(
        id=row.id,
        subject=FeedSubject(FeedKind(row.kind), row.subject),
        language=row.language,
        label=row.label,
        created_at=row.created_at,
        used_on=row.used_on,
        revoked_at=row.revoked_at,
        owner=row.owner,
    )
