"""The documentation's examples of recipients and bounces, made from the records themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from service.api.schemas_mail import (
    NOTE,
    Asking,
    BounceOutcome,
    BounceReport,
    NewRecipient,
    RecipientCard,
    RecipientList,
)
from service.domain.recipient import Bounce, Consent

_PILOT = "heart-at-home-5f3a9c"
_CARD = RecipientCard(
    id="4b0f2c6d8e1a4f5b9c7d3e2a1b0c9d8e",
    address="a…@example.org",
    language="sv",
    state=Consent.CONFIRMED,
    asked_at=datetime(2026, 9, 1, 9, 15, tzinfo=UTC),
    confirmed_at=datetime(2026, 9, 1, 9, 21, tzinfo=UTC),
    ended_at=None,
)


def _dump(model: BaseModel) -> dict[str, Any]:
    dumped: dict[str, Any] = model.model_dump(mode="json")
    return dumped


NEW_RECIPIENT = _dump(NewRecipient(address="anna@example.org", language="sv"))
ASKING = _dump(Asking(pilot=_PILOT, note=NOTE))
RECIPIENT_LIST = _dump(RecipientList(pilot=_PILOT, recipients=(_CARD,)))
BOUNCE_REPORT = _dump(
    BounceReport(
        message_id="<digest.2026-W36.0c4f5b9c7d3e2a1b0c9d8e4b0f2c6d8e@mail.example.org>",
        kind=Bounce.HARD,
        reason="550 5.1.1 no such user",
    )
)
BOUNCE_OUTCOME = _dump(BounceOutcome(outcome="hard"))
