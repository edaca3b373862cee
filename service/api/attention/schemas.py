"""The request for what needs attention."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from service.http.queries import RequestModel
from service.messages.sentence import Language


class AttentionQuery(RequestModel):
    """From when on matches are new, and the language of titles."""

    since: AwareDatetime | None = Field(
        default=None,
        description=(
            "An instant with offset: matches first collected after it are new. Without it, after "
            "the last look of whoever asks at each pilot's page."
        ),
    )
    language: Language = Field(default="en", description="Of titles, where a call has one in it.")
