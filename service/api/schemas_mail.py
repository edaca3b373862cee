"""What the API takes and gives about recipients of mails, and about mails that came back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from service.api.schemas import Given, Taken
from service.domain.recipient import Bounce, Consent, Recipient
from service.messages.sentence import Language

NOTE = "If this address may be mailed, a question is on its way. Nothing else comes before a yes."
"""What is said of every address that somebody asked to have mailed."""


class NewRecipient(Taken):
    """An address that may want mails about a pilot."""

    address: Annotated[str, StringConstraints(min_length=3, max_length=320)] = Field(
        description="One mail address, without a name."
    )
    language: Language = Field(default="sv", description="Of the mails.")


class Asking(Given):
    """That an address is asked, if it may be."""

    pilot: str
    note: str = Field(description="The same for every address, known here or not.")


class RecipientCard(Given):
    """Who follows a pilot."""

    id: str = Field(description="Random; it names the recipient in a removal.")
    address: str = Field(description="Masked: the first letter and the domain.")
    language: str
    state: Consent = Field(
        description="`pending` until the address has answered; only `confirmed` ones are mailed."
    )
    asked_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, one: Recipient) -> RecipientCard:
        """Return what strangers may see of a recipient."""
        return cls(
            id=one.id,
            address=one.masked,
            language=one.language,
            state=one.consent,
            asked_at=one.asked_at,
            confirmed_at=one.confirmed_at,
            ended_at=one.ended_at,
        )


class RecipientList(Given):
    """The recipients of a pilot."""

    pilot: str
    recipients: tuple[RecipientCard, ...]


class BounceReport(Taken):
    """What became of a mail that had left."""

    message_id: Annotated[str, StringConstraints(min_length=3, max_length=200)] = Field(
        description="The mail's Message-ID, with or without its angle brackets."
    )
    kind: Bounce = Field(
        description=(
            "`hard`: the address is bad; `soft`: not this time; `delayed`: still tried; "
            "`complaint`: called spam."
        )
    )
    reason: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="What the other side said."
    )


class BounceOutcome(Given):
    """What a report changed."""

    outcome: str = Field(
        description="The kind when it was new; `known` or `foreign` when nothing changed."
    )
