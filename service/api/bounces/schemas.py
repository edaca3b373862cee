"""Requests and answers about mails that came back."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from service.domain.frozen_model import FrozenModel
from service.domain.notifications.recipient import BounceKind
from service.http.queries import RequestModel


class BounceReport(RequestModel):
    """What became of a mail that had left."""

    message_id: Annotated[str, StringConstraints(min_length=3, max_length=200)] = Field(
        description="The mail's Message-ID, with or without its angle brackets."
    )
    kind: BounceKind = Field(
        description=(
            "`hard`: the address is bad; `soft`: not this time; `delayed`: still tried; "
            "`complaint`: called spam."
        )
    )
    reason: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="What the other side said."
    )


class BounceOutcome(FrozenModel):
    """What a report changed."""

    outcome: str = Field(
        description="The kind when it was new; `known` or `foreign` when nothing changed."
    )
