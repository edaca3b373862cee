"""The request for what needs attention."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field

from service.http.queries import RequestModel
from service.messages.sentence import Language


def _as_written(value: object) -> object:
    """Refuse a number, which would be read as seconds since 1970."""
    if isinstance(value, str) and value.lstrip("+-").replace(".", "", 1).isdigit():
        raise ValueError("give an instant with its offset, such as 2026-11-30T08:00:00+01:00")
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_as_written)]
"""An instant as ISO 8601 writes it."""


class AttentionQuery(RequestModel):
    """From when on matches are new, and the language of titles."""

    since: Instant | None = Field(
        default=None,
        description=(
            "An instant with offset: matches first collected after it are new. Without it, after "
            "the last look of whoever asks at each pilot's page."
        ),
    )
    language: Language = Field(default="en", description="Of titles, where a call has one in it.")
