"""Webhooks in the database, with the events that each was told, its messages and attempts.

What is told and the message that tells it are written in one transaction, so nothing is told twice
under another id and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from service.domain.notifications.webhook import (
    GIVE_UP_AFTER,
    DeliveryAttempt,
    MessageState,
    NewMessage,
    Webhook,
    WebhookEvent,
    WebhookMessage,
    given_up_reason,
)
from service.errors import NotFoundError
from service.messages.message import message
from service.store.database import open_session
from service.store.feeds.tables import (
    WebhookAttemptRow,
    WebhookEventRow,
    WebhookMessageRow,
    WebhookRow,
)
from service.store.recipients import insert_new, row_count


class WebhookStore:
    """Every webhook and its messages."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        pilot_id: str,
        url: str,
        events: Collection[WebhookEvent],
        language: str,
        now: datetime,
        *,
        owner: str = "",
    ) -> Webhook:
        """Store a webhook that ``owner`` adds.

        Raises:
            NotFoundError: its pilot went meanwhile.
        """
        row = WebhookRow(
            id=uuid4().hex,
            pilot_id=pilot_id,
            url=url,
            events=[event.value for event in events],
            language=language,
            secret_number=1,
            failures=0,
            created_at=now,
            reason="",
            owner=owner,
        )
        with open_session(self._engine) as session:
            session.add(row)
            try:
                session.commit()
            except IntegrityError as error:
                raise NotFoundError(message("problem.pilot", id=pilot_id)) from error
            return _webhook(row)

    def get(self, webhook_id: str) -> Webhook | None:
        """Return the webhook with this id, if there is one."""
        with open_session(self._engine) as session:
            row = session.get(WebhookRow, webhook_id)
            return None if row is None else _webhook(row)

    def all(
        self, pilot_id: str | None = None, *, owner: str | None = None, working: bool = False
    ) -> list[Webhook]:
        """Return the webhooks, those of a pilot together.

        Args:
            pilot_id: the pilot that they are of; None: any.
            owner: who added them, or was given them; None: anybody.
            working: without those that are stopped.
        """
        wanted = select(WebhookRow).order_by(
            WebhookRow.pilot_id, WebhookRow.created_at, WebhookRow.id
        )
        if pilot_id is not None:
            wanted = wanted.where(WebhookRow.pilot_id == pilot_id)
        if owner is not None:
            wanted = wanted.where(WebhookRow.owner == owner)
        if working:
            wanted = wanted.where(WebhookRow.stopped_at.is_(None))
        with open_session(self._engine) as session:
            return [_webhook(row) for row in session.scalars(wanted)]

    def remove(self, webhook_id: str) -> bool:
        """Delete a webhook with all that was sent to it; return whether there was one."""
        with open_session(self._engine) as session:
            gone = session.execute(delete(WebhookRow).where(WebhookRow.id == webhook_id))
            session.commit()
            return row_count(gone) > 0

    def stop(self, webhook_id: str, reason: str, now: datetime) -> None:
        """Tell a webhook nothing more, until it is started; its messages wait."""
        self._change(webhook_id, stopped_at=now, reason=reason)

    def start(self, webhook_id: str) -> None:
        """Tell a webhook again, as if nothing had failed."""
        self._change(webhook_id, stopped_at=None, reason="", failures=0)

    def give(self, webhook_id: str, owner: str) -> None:
        """Let a webhook be another's from now on."""
        self._change(webhook_id, owner=owner)

    def change_secret(self, webhook_id: str) -> None:
        """Let a webhook have another secret from now on."""
        self._change(webhook_id, secret_number=WebhookRow.secret_number + 1)

    def told_keys(self, webhook_id: str) -> set[str]:
        """Return the keys of the events that a webhook was told, or will be."""
        wanted = select(WebhookEventRow.key).where(WebhookEventRow.webhook_id == webhook_id)
        with open_session(self._engine) as session:
            return set(session.scalars(wanted))

    def queue(self, webhook_id: str, messages: Iterable[NewMessage], now: datetime) -> int:
        """Store what a webhook is to be told; return how many messages wait for it now."""
        count = 0
        with open_session(self._engine) as session:
            for one in messages:
                keys = [{"webhook_id": webhook_id, "key": key} for key in one.keys]
                session.execute(insert_new(self._engine, WebhookEventRow), keys)
                if one.body:
                    session.add(_message_row(webhook_id, one, now))
                    count += 1
            session.execute(
                update(WebhookRow).where(WebhookRow.id == webhook_id).values(told_at=now)
            )
            session.commit()
        return count

    def due(self, now: datetime) -> list[WebhookMessage]:
        """Return the messages to be tried now, the oldest first, of webhooks not stopped."""
        row = WebhookMessageRow
        wanted = (
            select(row)
            .join(WebhookRow, WebhookRow.id == row.webhook_id)
            .where(
                row.state == MessageState.PENDING.value,
                row.next_try <= now,
                WebhookRow.stopped_at.is_(None),
            )
            .order_by(row.created_at, row.id)
        )
        with open_session(self._engine) as session:
            return [_message(one) for one in session.scalars(wanted)]

    def note_delivered(self, one: WebhookMessage, attempt: DeliveryAttempt) -> None:
        """Store that a message was taken, and that its webhook works."""
        self._note(one, attempt, state=MessageState.DELIVERED.value, delivered_at=attempt.at)

    def note_failed(
        self, one: WebhookMessage, attempt: DeliveryAttempt, next_try: datetime | None
    ) -> int:
        """Store a failed attempt: to be tried again at ``next_try``, or None to give it up.

        Returns:
            How many attempts of the webhook have failed in a row.
        """
        if next_try is None:
            reason = given_up_reason(attempt.outcome)
            self._note(one, attempt, state=MessageState.FAILED.value, reason=reason)
        else:
            self._note(one, attempt, next_try=next_try)
        webhook = self.get(one.webhook_id)
        return webhook.failures if webhook else 0

    def give_up(self, one: WebhookMessage) -> None:
        """Give up a message whose time is over, without another attempt."""
        with open_session(self._engine) as session:
            session.execute(
                update(WebhookMessageRow)
                .where(WebhookMessageRow.id == one.id)
                .values(state=MessageState.FAILED.value, reason=given_up_reason(one.reason))
            )
            session.commit()

    def _note(self, one: WebhookMessage, attempt: DeliveryAttempt, **values: Any) -> None:
        is_good = values.get("state") == MessageState.DELIVERED.value
        failures: Any = 0 if is_good else WebhookRow.failures + 1
        with open_session(self._engine) as session:
            changed = session.execute(
                update(WebhookMessageRow)
                .where(WebhookMessageRow.id == one.id)
                .values(
                    **{"reason": "" if is_good else attempt.outcome, **values},
                    attempts=WebhookMessageRow.attempts + 1,
                )
            )
            if row_count(changed):  # it may have gone with its webhook meanwhile
                session.add(
                    WebhookAttemptRow(
                        message_id=one.id,
                        at=attempt.at,
                        status=attempt.status,
                        milliseconds=attempt.milliseconds,
                        outcome=attempt.outcome,
                    )
                )
                session.execute(
                    update(WebhookRow)
                    .where(WebhookRow.id == one.webhook_id)
                    .values(failures=failures)
                )
            session.commit()

    def messages_of(self, webhook_id: str, most: int) -> list[WebhookMessage]:
        """Return a webhook's messages, the newest first."""
        row = WebhookMessageRow
        wanted = select(row).where(row.webhook_id == webhook_id)
        wanted = wanted.order_by(row.created_at.desc(), row.id).limit(most)
        with open_session(self._engine) as session:
            return [_message(one) for one in session.scalars(wanted)]

    def count_pending(self, webhook_id: str) -> int:
        """Return how many messages wait for a webhook."""
        row = WebhookMessageRow
        which = (row.webhook_id == webhook_id, row.state == MessageState.PENDING.value)
        with open_session(self._engine) as session:
            return session.scalar(select(func.count()).where(*which)) or 0

    def get_message(self, message_id: str) -> WebhookMessage | None:
        """Return the message with this id, if there is one."""
        with open_session(self._engine) as session:
            row = session.get(WebhookMessageRow, message_id)
            return None if row is None else _message(row)

    def attempts_of(self, message_ids: Collection[str]) -> dict[str, list[DeliveryAttempt]]:
        """Return the attempts of messages, oldest first, by the message's id."""
        row = WebhookAttemptRow
        found: dict[str, list[DeliveryAttempt]] = {id_: [] for id_ in message_ids}
        wanted = select(row).where(row.message_id.in_(list(message_ids))).order_by(row.key)
        with open_session(self._engine) as session:
            for one in session.scalars(wanted):
                found[one.message_id].append(
                    DeliveryAttempt(one.at, one.status, one.milliseconds, one.outcome)
                )
        return found

    def replay(self, message_id: str, now: datetime) -> None:
        """Let a message be tried again, under the same id, for the whole time once more."""
        with open_session(self._engine) as session:
            session.execute(
                update(WebhookMessageRow)
                .where(WebhookMessageRow.id == message_id)
                .values(
                    state=MessageState.PENDING.value,
                    attempts=0,
                    next_try=now,
                    give_up_at=now + GIVE_UP_AFTER,
                    reason="",
                )
            )
            session.commit()

    def clear(self, before: datetime) -> int:
        """Delete the messages that ended and were due before an instant; return how many.

        What a webhook was told stays known.
        """
        row = WebhookMessageRow
        which = (row.state != MessageState.PENDING.value, row.next_try < before)
        with open_session(self._engine) as session:
            gone = session.execute(delete(row).where(*which))
            session.commit()
            return row_count(gone)

    def _change(self, webhook_id: str, **values: Any) -> None:
        with open_session(self._engine) as session:
            session.execute(update(WebhookRow).where(WebhookRow.id == webhook_id).values(**values))
            session.commit()


def _message_row(webhook_id: str, one: NewMessage, now: datetime) -> WebhookMessageRow:
    return WebhookMessageRow(
        id=f"msg_{uuid4().hex}",
        webhook_id=webhook_id,
        type=one.type.value,
        body=one.body,
        state=MessageState.PENDING.value,
        attempts=0,
        created_at=now,
        next_try=now,
        give_up_at=now + GIVE_UP_AFTER,
        reason="",
    )


def _webhook(row: WebhookRow) -> Webhook:
    return Webhook(
        id=row.id,
        pilot_id=row.pilot_id,
        url=row.url,
        events=tuple(WebhookEvent(event) for event in row.events),
        language=row.language,
        secret_number=row.secret_number,
        failures=row.failures,
        created_at=row.created_at,
        told_at=row.told_at,
        stopped_at=row.stopped_at,
        reason=row.reason,
        owner=row.owner,
    )


def _message(row: WebhookMessageRow) -> WebhookMessage:
    return WebhookMessage(
        id=row.id,
        webhook_id=row.webhook_id,
        type=row.type,
        body=row.body,
        state=MessageState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        next_try=row.next_try,
        give_up_at=row.give_up_at,
        delivered_at=row.delivered_at,
        reason=row.reason,
    )
