"""The outbox: claims mails that are due, hands them over, and stores the outcome of each.

A crash after the server's yes and before we store it leaves one mail in doubt: see
docs/how/mail-delivery.md.
"""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.domain.notifications.address import Address
from service.mail.transport import (
    DeliveryVerdict,
    Parcel,
    Transport,
    TransportError,
    TransportReply,
)
from service.store.deliveries import ClaimedMail, DeliveryStore, DueMail
from service.store.mail_conditions import LONGEST_WAIT
from service.store.recipients import RecipientStore

FIRST_WAIT = timedelta(minutes=15)
"""How long a mail waits after its first failed attempt; each later wait is twice as long."""

MAX_DOUBTS = 3
"""Attempts whose answer was lost before a mail is given up: each may have brought a copy."""


@dataclass(frozen=True)
class SendingPace:
    """How fast mails leave: seconds between two, and mails a domain in one run."""

    pause: float = 0.5
    per_domain: int = 0
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass
class SendTally:
    """What a run did, in mails. ``stopped`` says why it ended before it tried all."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    suppressed: int = 0
    held: int = 0
    unwanted: int = 0
    stopped: str = ""
    reasons: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, int | str]:
        """Return the figures as a run's row keeps them."""
        names = ("sent", "later", "failed", "suppressed", "held", "unwanted")
        counts: dict[str, int | str] = {name: getattr(self, name) for name in names}
        return counts | ({"stopped": self.stopped} if self.stopped else {})


class Outbox:
    """Sends the mails that wait."""

    def __init__(
        self,
        deliveries: DeliveryStore,
        recipients: RecipientStore,
        transport: Transport,
        *,
        sender: Callable[[str], Address],
        pace: SendingPace,
        by: str,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Set up an outbox.

        Args:
            deliveries: the mails.
            recipients: where a refused address is suppressed.
            transport: what delivers mails.
            sender: returns the envelope's sender for a delivery's id.
            pace: how fast.
            by: our name on claims; see `claim_owner`.
            clock: mails with a deadline before it are left out; by default none is.
        """
        self._deliveries = deliveries
        self._recipients = recipients
        self._transport = transport
        self._sender = sender
        self._pace = pace
        self._by = by
        self._clock: Callable[[], datetime | None] = clock or (lambda: None)

    def send(self, week: str, *, pilot_id: str | None = None, only: str | None = None) -> SendTally:
        """Try every mail that is due once.

        Args:
            week: whose digests are sent; the next digest replaces those of other weeks.
            pilot_id: the pilot whose mails are sent; None for all.
            only: the one delivery to send.
        """
        tally = SendTally(unwanted=self._deliveries.drop_unwanted())
        domains: Counter[str] = Counter()
        tried = 0
        due = self._deliveries.list_due(self._pace.now(), week, pilot_id, as_of=self._clock())
        for mail in due:
            if only not in (None, mail.id):
                continue
            if self._is_full(mail, domains):
                tally.held += 1
                continue
            if tried:
                self._pace.sleep(self._pace.pause)
            claimed = self._deliveries.claim(
                mail.id, self._by, self._pace.now(), as_of=self._clock()
            )
            if claimed is None:
                continue
            tried += 1
            domains[mail.domain] += 1
            if not self._try(claimed, tally):
                break
        return tally

    def _is_full(self, mail: DueMail, domains: Counter[str]) -> bool:
        return 0 < self._pace.per_domain <= domains[mail.domain]

    def _try(self, mail: ClaimedMail, tally: SendTally) -> bool:
        """Hand one mail over; return whether the next can be tried."""
        parcel = Parcel(self._sender(mail.id), mail.address, mail.message_id, mail.message)
        try:
            reply = self._transport.deliver(parcel)
        except TransportError as error:
            self._deliveries.mark_later(mail.id, self._by, str(error), self._pace.now())
            tally.stopped = str(error)
            return False
        self._settle(mail, reply, tally)
        return True

    def _settle(self, mail: ClaimedMail, reply: TransportReply, tally: SendTally) -> None:
        now = self._pace.now()
        if reply.verdict is DeliveryVerdict.TAKEN:
            self._deliveries.mark_sent(mail.id, now)
            tally.sent += 1
            return
        tally.reasons.append(reply.text)
        spent = reply.is_in_doubt and mail.doubts + 1 >= MAX_DOUBTS
        if reply.verdict is DeliveryVerdict.LATER and not spent:
            wait = min(FIRST_WAIT * 2 ** min(mail.attempts - 1, 10), LONGEST_WAIT)
            self._deliveries.mark_later(
                mail.id, self._by, reply.text, now + wait, in_doubt=reply.is_in_doubt
            )
            tally.later += 1
            return
        if reply.is_address_bad:
            # first: after a crash in between the mail is given up as unwanted
            self._recipients.suppress(mail.address, f"refused: {reply.text}", now)
            tally.suppressed += 1
        why = f"Given up, the answer was lost {MAX_DOUBTS} times. " if spent else ""
        self._deliveries.mark_failed(mail.id, self._by, f"{why}{reply.text}")
        tally.failed += 1


def claim_owner(data: Path) -> str:
    """Return the name on claims of jobs with this data folder; its lock lets one run at a time."""
    return f"{platform.node()}:{data}"[:290]
