"""Who gets mail about a pilot, and what has become of a mail. Addresses act only when confirmed."""

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
    """What a mail is: the weekly digest, or the question whether an address wants it."""

    DIGEST = "digest"
    CONFIRM = "confirm"


class MailState(StrEnum):
    """How far a mail is; `docs/how/mail-delivery.md` draws how one state follows another."""

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
    """An address that follows a pilot. ``id`` is random and is never used again."""

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

    @property
    def pseudonym(self) -> str:
        """Whom judgements by link are from: a name that leads nowhere once the row is erased."""
        return f"mail {self.id[:8]}"

    @property
    def masked(self) -> str:
        """The address as strangers may see it: enough to know one's own by."""
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
class ComposedMail:
    """A mail to be sent, whole: ``keys`` are the items that it tells, told once it is sent.

    ``occasion`` is the week of a digest; a recipient gets one mail for each. ``stale_at`` is the
    first deadline that it tells: after it the mail is not to be sent any more.
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


@dataclass(frozen=True)
class Delivery:
    """A letter as it is stored, with how far it is; ``message`` is None once it was cleared."""

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
