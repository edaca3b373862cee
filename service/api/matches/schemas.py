"""Requests for matches."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from service.domain.matching.filters import MOST_CHOICES, Filters
from service.domain.pilots.profile import Profile
from service.domain.pilots.reading.text_sections import Counted
from service.domain.pilots.wishes import Wishes
from service.http.queries import LanguageCode, MatchQuery, PilotText, RequestModel, check_window

COUNT = (
    "Kinds of sections of the text that count in full, whatever they are taken to be; "
    "`all` makes all of the text count."
)


class MatchRequest(RequestModel, Wishes):
    """A text to find funding for."""

    text: PilotText = Field(description="The pilot in its own words, Swedish or English.")
    top: int = Field(default=10, ge=1, le=100, description="How many matches at most.")
    language: LanguageCode | None = Field(
        default=None, description="ISO 639 code of the text; recognised when absent."
    )
    filters: Filters = Field(
        default_factory=Filters, description="By default calls that are open or open later."
    )
    profile: Profile | None = Field(
        default=None, description="Who applies and for what: checked against conditions."
    )
    group: bool = Field(
        default=True, description="Show calls that are nearly the same as one match."
    )
    count: tuple[Counted, ...] = Field(default=(), max_length=MOST_CHOICES, description=COUNT)

    @model_validator(mode="after")
    def _window_is_not_reversed(self) -> Self:
        check_window(self.filters.deadline_from, self.filters.deadline_to)
        return self


class PilotMatchQuery(MatchQuery, Wishes):
    """How to match a stored pilot."""

    dismissed: bool = Field(
        default=False, description="Show also the calls that were judged not relevant."
    )

    top: int = Field(default=10, ge=1, le=100, description="How many matches at most.")
    group: bool = Field(
        default=True, description="Show calls that are nearly the same as one match."
    )
    count: tuple[Counted, ...] = Field(default=(), max_length=MOST_CHOICES, description=COUNT)
