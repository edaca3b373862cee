"""The request for a webhook."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from service.domain.notifications.webhook import WebhookEvent
from service.http.queries import RequestModel
from service.messages.sentence import Language
from service.use_cases.feeds.webhooks import LONGEST_URL


class NewWebhook(RequestModel):
    """An address that shall be told of a pilot's matches."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_URL)] = Field(
        description="https, on the internet, without a name or password."
    )
    events: tuple[WebhookEvent, ...] = Field(
        default=tuple(WebhookEvent),
        min_length=1,
        max_length=len(WebhookEvent),
        description="What it is told of; by default everything.",
    )
    language: Language = Field(default="en", description="Of titles and of what changed.")
