"""Queries of addresses: filters, pages and subjects, for tools and for links of pages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from scrapers.call import Level, Status
from service.domain.awards.actors import ActorKind
from service.domain.awards.focus_areas import AreaKey
from service.domain.matching.filters import (
    DEFAULT_STATUSES,
    MOST_CHOICES,
    AmountFilter,
    Filters,
)
from service.domain.pilots.pilot import MAX_TEXT_LENGTH

ANY: Literal["all"] = "all"

NO_SUBJECT = "no_subject"
"""Type of the error for a query with no subject, or with several."""

FunderKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,100}$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


PilotText = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_TEXT_LENGTH, pattern=r"\S")
]


class RequestModel(BaseModel):
    """Base of what a client sends: unknown names are refused, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FilterQuery(RequestModel, AmountFilter):
    """Filters as query parameters; one that takes several values is repeated."""

    status: tuple[Status | Literal["all"], ...] = Field(
        default=DEFAULT_STATUSES,
        max_length=MOST_CHOICES,
        description="Statuses to show; `all` shows every one.",
    )
    funder: tuple[FunderKey, ...] = Field(
        default=(),
        max_length=MOST_CHOICES,
        description="Funder keys: what stands before the colon of a call's id.",
    )
    level: tuple[Level, ...] = Field(
        default=(), max_length=MOST_CHOICES, description="Levels of the funder."
    )
    language: tuple[LanguageCode, ...] = Field(
        default=(),
        max_length=MOST_CHOICES,
        description="Calls with a title or text in one of these languages (ISO 639).",
    )
    deadline_from: date | None = Field(
        default=None, description="Next deadline on or after this day, in the funder's zone."
    )
    deadline_to: date | None = Field(
        default=None, description="Next deadline on or before this day, in the funder's zone."
    )

    @model_validator(mode="after")
    def _window_is_not_reversed(self) -> Self:
        check_window(self.deadline_from, self.deadline_to)
        return self

    def filters(self) -> Filters:
        """Return the choices as the domain's `Filters`."""
        statuses = () if ANY in self.status else tuple(Status(s) for s in self.status)
        return Filters(
            statuses=statuses,
            funders=self.funder,
            levels=self.level,
            languages=self.language,
            deadline_from=self.deadline_from,
            deadline_to=self.deadline_to,
            **self.amount_choice(),
        )


class MatchQuery(FilterQuery):
    """Filters of a match: those of a list of calls, and the conditions that a profile meets."""

    gates: Literal["pass"] | None = Field(
        default=None,
        description="`pass` leaves out calls with a condition that the profile is known to fail.",
    )

    def filters(self) -> Filters:
        """Return the choices as the domain's `Filters`."""
        return super().filters().model_copy(update={"gates": self.gates})


class CallQuery(FilterQuery):
    """Which calls to list; by default all of them."""

    status: tuple[Status | Literal["all"], ...] = Field(
        default=(ANY,),
        max_length=MOST_CHOICES,
        description="Statuses to show; `all` shows every one.",
    )
    q: str = Field(
        default="",
        max_length=200,
        description=(
            "Whole words that must all stand in the call's id, titles, programme or texts; "
            '"in quotation marks" or with a hyphen they are a phrase.'
        ),
    )
    page: int = Field(default=1, ge=1, le=1_000_000, description="Page, counted from 1.")
    page_size: int = Field(default=50, ge=1, le=200, description="Entries on a page.")


class ActorQuery(RequestModel):
    """A subject, and which actors of it to list."""

    q: Annotated[str, StringConstraints(max_length=2000)] = Field(
        default="", description="The subject in a few words, Swedish or English."
    )
    area: AreaKey | None = Field(default=None, description="A focus area, in place of `q`.")
    pilot: str = Field(default="", max_length=100, description="A stored pilot, in place of `q`.")
    kind: ActorKind | None = Field(default=None, description="Only funders or organisations.")
    level: tuple[Level, ...] = Field(
        default=(), max_length=MOST_CHOICES, description="Only actors of these levels."
    )
    top: int = Field(default=20, ge=1, le=200, description="How many actors at most.")

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if sum(map(bool, (self.q.strip(), self.area, self.pilot))) != 1:
            raise PydanticCustomError(NO_SUBJECT, "give one of q, area and pilot")
        return self


class ScanQuery(RequestModel):
    """A subject to scan, and which calls of it count."""

    q: Annotated[str, StringConstraints(max_length=2000)] = Field(
        default="", description="The subject in a few words or a text, Swedish or English."
    )
    area: AreaKey | None = Field(
        default=None, description="A focus area, shipped or made here, in place of `q`."
    )
    level: tuple[Level, ...] = Field(
        default=(), max_length=MOST_CHOICES, description="Only calls and actors of these levels."
    )
    status: tuple[Literal[Status.OPEN, Status.FORTHCOMING], ...] = Field(
        default=(Status.OPEN, Status.FORTHCOMING),
        max_length=MOST_CHOICES,
        description="Only calls that are open, or only forthcoming ones.",
    )

    @model_validator(mode="after")
    def _has_one_subject(self) -> Self:
        if bool(self.q.strip()) == bool(self.area):
            raise PydanticCustomError(NO_SUBJECT, "give one of q and area")
        return self


def check_window(first: date | None, last: date | None) -> None:
    """Refuse a window that ends before it begins."""
    if first and last and first > last:
        raise ValueError("deadline_from is after deadline_to: swap them")
