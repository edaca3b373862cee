"""The documentation's examples of recipients."""

from __future__ import annotations

from datetime import UTC, datetime

from service.api.recipients.schemas import NOTE, ConsentQuestion, NewRecipient
from service.api.sample import PILOT, dump
from service.domain.notifications.recipient import Consent
from service.use_cases.recipients import RecipientCard, RecipientList

_CARD = RecipientCard(
    id="4b0f2c6d8e1a4f5b9c7d3e2a1b0c9d8e",
    address="a…@example.org",
    language="sv",
    state=Consent.CONFIRMED,
    asked_at=datetime(2026, 9, 1, 9, 15, tzinfo=UTC),
    confirmed_at=datetime(2026, 9, 1, 9, 21, tzinfo=UTC),
    ended_at=None,
)


NEW_RECIPIENT = dump(NewRecipient(address="anna@example.org", language="sv"))
CONSENT_QUESTION = dump(ConsentQuestion(pilot=PILOT.id, note=NOTE))
RECIPIENT_LIST = dump(RecipientList(pilot=PILOT.id, recipients=(_CARD,)))
