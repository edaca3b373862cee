"""Requests and answers about pilots."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from service.domain.frozen_model import FrozenModel
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Profile
from service.domain.pilots.wishes import ExcludedPhrases
from service.http.queries import LanguageCode, PilotText, RequestModel


class PageQuery(RequestModel):
    """Which page of a list."""

    page: int = Field(default=1, ge=1, le=1_000_000, description="Page, counted from 1.")
    page_size: int = Field(default=50, ge=1, le=200, description="Entries on a page.")


class NewPilot(RequestModel):
    """A pilot to store."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")] | None = Field(
        default=None, description="A name of your own for it; made from the title when absent."
    )
    title: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"\S")]
    text: PilotText = Field(description="Kept exactly as given: evidence points into it.")
    language: LanguageCode | None = Field(
        default=None, description="ISO 639 code; recognised from the text when absent."
    )
    profile: Profile | None = Field(
        default=None, description="Who applies and for what: checked against conditions."
    )
    exclude: ExcludedPhrases = ()


class PilotExclusions(RequestModel):
    """What a pilot excludes from now on, in place of what it excluded before."""

    exclude: ExcludedPhrases


class PilotCard(FrozenModel):
    """A pilot without its text."""

    id: str
    title: str
    language: str | None
    created_at: datetime | None
    characters: int = Field(description="Length of the text in code points.")

    @classmethod
    def of(cls, pilot: Pilot) -> PilotCard:
        """Return the card of ``pilot``."""
        return cls(
            id=pilot.id,
            title=pilot.title,
            language=pilot.language,
            created_at=pilot.created_at,
            characters=len(pilot.text),
        )


class PilotPage(FrozenModel):
    """One page of the stored pilots, by id."""

    pilots: tuple[PilotCard, ...]
    page: int
    page_size: int
    pages: int
    total: int
