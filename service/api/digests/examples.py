"""The documentation's example of a digest."""

from __future__ import annotations

from datetime import timedelta

from service.api.sample import MATCH, NOW, PILOT, STORED, dump
from service.domain.notifications.digest import Digest, compose_digest
from service.domain.notifications.events import SentLog
from service.domain.notifications.selection import DigestCandidate, DigestMoment, select_calls
from service.domain.notifications.week import next_mail_due, week_of


def _digest() -> Digest:
    """Return a mail in which one call is new and closes before long."""
    moment = DigestMoment(NOW, next_mail_due(NOW))
    seen = NOW - timedelta(days=1)
    chosen = select_calls(
        [DigestCandidate(((seen, STORED),), MATCH.score)], SentLog(()), moment, minimum=0.5
    )
    return compose_digest(
        PILOT, week_of(NOW), chosen, {MATCH.call.id: MATCH}, moment, language="sv", considered=12
    )


DIGEST = dump(_digest())
