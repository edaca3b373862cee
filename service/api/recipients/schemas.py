"""The request to ask an address for its consent, and the answer to it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from service.domain.frozen_model import FrozenModel
from service.http.queries import RequestModel
from service.messages.sentence import Language

NOTE = "If this address may be mailed, a question is on its way. Nothing else comes before a yes."
"""The answer for every address, known here or not."""

UNSENDABLE = (
    "If this address may be mailed, a question is stored for it, but this installation has no way "
    "to send mail: whoever runs it has to set one up. Nothing else comes before a yes."
)
"""The answer for every address where nothing can send mail."""


class NewRecipient(RequestModel):
    """An address that may want mails about a pilot."""

    address: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = Field(
        description="One mail address, without a name."
    )
    language: Language = Field(default="sv", description="Of the mails.")


class ConsentQuestion(FrozenModel):
    """That an address is asked, if it may be."""

    pilot: str
    note: str = Field(description="The same for every address, known here or not.")
