"""Who gets mail about a pilot, and the state of each mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.domain.notifications.address import Address


class Consent(StrEnum):
    """Whether a recipient may be mailed."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"


class MailKind(StrEnum):
    """The kind of a mail: the weekly digest, or the question whether an address wants it."""

    DIGEST = "digest"
    CONFIRM = "confirm"


class MailState(StrEnum):
    """The state of a mail; `docs/how/mail-delivery.md` draws how one follows another."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    BOUNCED = "bounced"


class BounceKind(StrEnum):
    """What was reported of a mail that the server had taken."""

    HARD = "hard"
    SOFT = "soft"
    DELAYED = "delayed"
    COMPLAINT = "complaint"


@dataclass(frozen=True)
class Recipient:
    """An address that follows a pilot. ``id`` is random and is never used again.

    ``paused_until`` is the start of the week whose mail is the first one again, if mails pause.
    """

    id: str
    pilot_id: str
    address: Address
    language: str
    consent: Consent
    reason: str = ""
    source: str = ""
    soft_bounces: int = 0
    asked_at: datetime | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    paused_until: datetime | None = None

    def is_paused(self, instant: datetime) -> bool:
        """Whether no mail that is due at the aware ``instant`` is wanted."""
        return self.paused_until is not None and instant < self.paused_until

    @property
    def pseudonym(self) -> str:
        """The name on judgements made by link; it leads to nobody once the row is erased."""
        return f"mail {self.id[:8]}"

    @property
    def masked(self) -> str:
        """The address as strangers may see it: its first letter and its domain."""
        first = self.address.local[:1] if len(self.address.local) > 1 else ""
        return f"{first}…@{self.address.domain}"


@dataclass(frozen=True)
class Suppression:
    """An address that is never mailed, and why; of an erased one only the salted hash is kept."""

    hash: str
    address: Address | None
    reason: str
    at: datetime


@dataclass(frozen=True)
class MailPart:
    """What a mail tells another recipient at the same address, who follows another pilot."""

    id: str
    recipient_id: str
    message_id: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class ComposedMail:
    """A mail ready to be sent: ``keys`` are of its events, logged as sent once it is sent.

    ``occasion`` is the week of a digest; a recipient gets one mail for each. ``stale_at`` is the
    first deadline in it: after that instant the mail must not be sent any more. ``others`` are the
    other pilots that it tells its reader of.
    """

    id: str
    recipient_id: str
    kind: MailKind
    occasion: str
    message_id: str
    subject: str
    message: bytes
    as_of: datetime
    keys: tuple[str, ...] = ()
    stale_at: datetime | None = None
    others: tuple[MailPart, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """A mail as it is stored, with its state; ``message`` is None once it was cleared.

    ``sent_with`` is the id of the mail that has the message, where this one tells of another pilot.
    """

    id: str
    recipient_id: str
    kind: MailKind
    occasion: str
    state: MailState
    message_id: str
    subject: str
    message: bytes | None = field(repr=False)
    keys: tuple[str, ...]
    attempts: int
    reason: str
    as_of: datetime
    created_at: datetime
    next_try: datetime
    sent_at: datetime | None
    bounce: str
    sent_with: str | None = None
