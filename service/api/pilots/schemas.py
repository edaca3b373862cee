"""Requests and answers about pilots."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from service.domain.frozen_model import FrozenModel
from service.domain.pilots.pilot import CONTENT, FocusAreaKeys, Pilot
from service.domain.pilots.plain_decimal import IN_DIGITS
from service.domain.pilots.profile import Profile
from service.domain.pilots.wishes import ExcludedPhrases
from service.http.queries import LanguageCode, PilotText, RequestModel


class PageQuery(RequestModel):
    """Which page of a list."""

    page: int = Field(default=1, ge=1, le=1_000_000, description="Page, counted from 1.")
    page_size: int = Field(default=50, ge=1, le=200, description="Entries on a page.")


class PilotListQuery(PageQuery):
    """Which pilots to list."""

    archived: bool = Field(default=False, description="Also those that are put away.")


class PilotContent(RequestModel):
    """What a pilot says from now on, in place of all that it said before."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"\S")]
    text: PilotText = Field(description="Kept exactly as given: evidence points into it.")
    language: LanguageCode | None = Field(
        default=None, description="ISO 639 code; recognised from the text when absent."
    )
    profile: Profile | None = Field(
        default=None, description="Who applies and for what: checked against conditions."
    )
    exclude: ExcludedPhrases = ()
    areas: FocusAreaKeys = ()

    @staticmethod
    def of(pilot: Pilot) -> PilotContent:
        """Return what a stored pilot says."""
        return PilotContent.model_construct(**{name: getattr(pilot, name) for name in CONTENT})

    def of_pilot(self, pilot: Pilot) -> Pilot:
        """Return ``pilot`` with this in place of what it said."""
        return pilot.model_copy(update={name: getattr(self, name) for name in CONTENT})


class NewPilot(PilotContent):
    """A pilot to store."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")] | None = Field(
        default=None, description="A name of your own for it; made from the title when absent."
    )
    private: bool = Field(
        default=False, description="Whether its owner and administrators alone see it."
    )


class PilotPrivacy(RequestModel):
    """Who sees a pilot from now on."""

    private: bool = Field(description="Whether its owner and administrators alone see it.")


class PilotPatch(RequestModel):
    """What changes about a pilot (RFC 7396): what is absent stays, what is null is taken out."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"\S")] = ""
    text: PilotText = ""
    language: LanguageCode | None = None
    profile: dict[str, Any] | None = Field(
        default=None, description="The fields of the profile that change, and theirs alike."
    )
    exclude: ExcludedPhrases | None = None
    areas: FocusAreaKeys | None = None

    def patch(self, pilot: Pilot) -> Pilot:
        """Return ``pilot`` with the changes.

        Raises:
            ValidationError: what it becomes is no pilot.
        """
        sent = self.model_dump(mode="json", exclude_unset=True)
        merged = merge_patch(PilotContent.of(pilot).model_dump(mode="json"), sent)
        return PilotContent.model_validate_json(
            json.dumps(merged), strict=True, context=IN_DIGITS
        ).of_pilot(pilot)


def merge_patch(target: Any, patch: Any) -> Any:
    """Return ``target`` changed by ``patch``, both JSON, as RFC 7396 says."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


class PilotExclusions(RequestModel):
    """What a pilot excludes from now on, in place of what it excluded before."""

    exclude: ExcludedPhrases


class PilotCard(FrozenModel):
    """A pilot without its text."""

    id: str
    title: str
    language: str | None
    created_at: datetime | None
    modified_at: datetime | None
    archived_at: datetime | None = Field(description="Since when it is put away.")
    characters: int = Field(description="Length of the text in code points.")

    @classmethod
    def of(cls, pilot: Pilot) -> PilotCard:
        """Return the card of ``pilot``."""
        return cls(
            id=pilot.id,
            title=pilot.title,
            language=pilot.language,
            created_at=pilot.created_at,
            modified_at=pilot.modified_at,
            archived_at=pilot.archived_at,
            characters=len(pilot.text),
        )


class PilotPage(FrozenModel):
    """One page of the stored pilots, by id."""

    pilots: tuple[PilotCard, ...]
    page: int
    page_size: int
    pages: int
    total: int
