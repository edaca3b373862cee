"""Webhooks: an address that is told of a pilot's new, changed and closing matches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.notifications.events import CLOSING_REASONS, EventReason

GIVE_UP_AFTER = timedelta(days=3)
"""How long a message is tried; then it is given up, and can be sent again by hand."""

STOP_AFTER = 20
"""Failed attempts in a row after which an address is told nothing more until somebody starts it."""

MOST_WEBHOOKS = 20
"""Webhooks of one pilot."""

_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=12)
_GROWTH = 3
_JITTER = 0.2


class WebhookEvent(StrEnum):
    """What a message is about; its type."""

    NEW = "match.new"
    CHANGED = "match.changed"
    CLOSING = "match.closing"

    @classmethod
    def of(cls, reason: EventReason) -> WebhookEvent:
        """Return the type of the message that tells of an event."""
        if reason in CLOSING_REASONS:
            return cls.CLOSING
        return cls.NEW if reason is EventReason.NEW else cls.CHANGED


class MessageState(StrEnum):
    """The state of a message: waiting for an attempt, taken by its receiver, or given up."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Webhook:
    """A webhook. Its secret is made from its id and ``secret_number`` and is not kept.

    ``failures`` counts the failed attempts since the last good one; ``stopped_at`` says since when
    it is told nothing, and ``reason`` why. ``told_at`` is when its pilot was last looked at.
    ``owner`` is who added it or was given it, as `Principal.owner`; empty: the operator.
    """

    id: str
    pilot_id: str
    url: str
    events: tuple[WebhookEvent, ...]
    language: str
    secret_number: int
    failures: int
    created_at: datetime
    told_at: datetime | None = None
    stopped_at: datetime | None = None
    reason: str = ""
    owner: str = ""


@dataclass(frozen=True)
class NewMessage:
    """What a webhook is told of one call, and the keys of the events that it is told by that.

    Without a ``body`` nothing is sent: the keys are of events that nobody wants to be told of.
    """

    type: WebhookEvent
    body: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class WebhookMessage:
    """A message as it is stored: ``id`` and ``body`` are the same at every attempt."""

    id: str
    webhook_id: str
    type: str
    body: str
    state: MessageState
    attempts: int
    created_at: datetime
    next_try: datetime
    give_up_at: datetime
    delivered_at: datetime | None
    reason: str


@dataclass(frozen=True)
class DeliveryAttempt:
    """One attempt: ``status`` is that of the answer, None when none came."""

    at: datetime
    status: int | None
    milliseconds: int
    outcome: str


def given_up_reason(outcome: str) -> str:
    """Return why a message is tried no more: what became of its last attempt."""
    return f"Given up after {GIVE_UP_AFTER.days} days. {outcome}".strip()


def retry_wait(attempts: int, chance: float, asked: float | None = None) -> timedelta:
    """Return how long a message waits after as many failed attempts.

    The waits are some 1, 3, 9, 27, 81 minutes and so on to 12 hours, each a fifth shorter or longer
    by chance, so that a receiver that was down is not asked by all at once.

    Args:
        attempts: how many failed, from 1.
        chance: drawn from 0 to 1.
        asked: seconds that the receiver asks to be left alone, if it does.
    """
    growth = float(_GROWTH) ** min(attempts - 1, 10)
    wait = min(_FIRST_WAIT * growth, _LONGEST_WAIT) * (1 - _JITTER + 2 * _JITTER * chance)
    return max(wait, min(timedelta(seconds=asked or 0), _LONGEST_WAIT))
