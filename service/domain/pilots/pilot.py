"""A pilot: a project that looks for funding, described in its own words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from service.domain.pilots.profile import Profile
from service.domain.pilots.wishes import ExcludedPhrases

MAX_TEXT_LENGTH = 100_000
"""The most characters of a pilot's text; only the first part of it is ranked by."""


FocusAreaKeys = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,99}$")], ...],
    Field(max_length=20, description="Keys of the focus areas that the pilot is in."),
]


class Pilot(BaseModel):
    """A stored pilot. ``text`` is kept exactly as given: evidence points into it by offset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
    title: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"\S")]
    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT_LENGTH, pattern=r"\S")]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = Field(
        default=None, description="ISO 639 code; recognised from the text when absent."
    )
    profile: Profile | None = Field(
        default=None, description="What calls' conditions are checked against."
    )
    exclude: ExcludedPhrases = ()
    areas: FocusAreaKeys = ()
    created_at: AwareDatetime | None = None
    owner: Annotated[str, StringConstraints(max_length=50)] = Field(
        default="", description="Who stored it, as `person:ID` or `key:ID`; empty: the operator."
    )
    private: bool = Field(
        default=False, description="Whether its owner and administrators alone see it."
    )
    modified_at: AwareDatetime | None = Field(
        default=None, description="When it was last changed, put away or taken back."
    )
    archived_at: AwareDatetime | None = Field(
        default=None, description="Since when it is put away: it gets no mails then."
    )

    @property
    def etag(self) -> str:
        """What tells this state of the pilot from every other that it had or will have."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]

    @property
    def content_etag(self) -> str:
        """What tells what this pilot says from everything else that it said or will say.

        Unlike `etag` it stays when the pilot is put away or hidden, which changes no word of it.
        """
        content = self.model_dump_json(include=set(CONTENT))
        return hashlib.sha256(content.encode()).hexdigest()[:32]


CONTENT = ("title", "text", "language", "profile", "exclude", "areas")
"""The fields that say what a pilot is, and that people write."""


def make_id(title: str, text: str) -> str:
    """Return an id made of a title and six hex digits, which differ for another title or text."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "pilot"
    digest = hashlib.sha256(f"{title}\0{text}".encode()).hexdigest()[:6]
    return f"{slug}-{digest}"
