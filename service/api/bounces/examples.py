"""The documentation's examples of mails that came back."""

from __future__ import annotations

from service.api.bounces.schemas import BounceOutcome, BounceReport
from service.api.sample import dump
from service.domain.notifications.recipient import BounceKind

BOUNCE_REPORT = dump(
    BounceReport(
        message_id="<digest.2026-W36.0c4f5b9c7d3e2a1b0c9d8e4b0f2c6d8e@mail.example.org>",
        kind=BounceKind.HARD,
        reason="550 5.1.1 no such user",
    )
)
BOUNCE_OUTCOME = dump(BounceOutcome(outcome="hard"))
