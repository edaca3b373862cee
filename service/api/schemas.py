"""What the API takes and gives. Field descriptions here are the documentation readers get."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from scrapers.call import Call, Deadline, Level, Status
from service.domain.copies import Related
from service.domain.filters import Filters, LeastAmount
from service.domain.frozen_model import FrozenModel
from service.domain.match import CallCard
from service.domain.pilot import LONGEST_TEXT, Pilot
from service.domain.profile import Profile
from service.domain.rates import Priced
from service.domain.rounds import NOTHING, Recurring, Round, Usually

ANY: Literal["all"] = "all"

FunderKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,100}$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
PilotText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S")]


class Taken(BaseModel):
    """Base of what a client sends: names that are not known are refused, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Given(FrozenModel):
    """Base of what a client gets: every field is always there."""


class MatchRequest(Taken):
    """A text to find funding for."""

    text: PilotText = Field(description="The pilot in its own words, Swedish or English.")
    top: int = Field(default=10, ge=1, le=100, description="How many matches at most.")
    language: LanguageCode | None = Field(
        default=None, description="ISO 639 code of the text; recognised when absent."
    )
    filters: Filters = Field(
        default_factory=Filters, description="By default only calls that are open."
    )
    profile: Profile | None = Field(
        default=None, description="Who applies and for what: checked against conditions."
    )
    group: bool = Field(
        default=True, description="Show calls that are nearly the same as one match."
    )

    @model_validator(mode="after")
    def _window_is_not_reversed(self) -> Self:
        _check_window(self.filters.deadline_from, self.filters.deadline_to)
        return self


class FilterQuery(Taken, LeastAmount):
    """Filters as query parameters; one that takes several values is repeated."""

    status: tuple[Status | Literal["all"], ...] = Field(
        default=(Status.OPEN,), description="Statuses to show; `all` shows every one."
    )
    funder: tuple[FunderKey, ...] = Field(
        default=(), description="Funder keys: what stands before the colon of a call's id."
    )
    level: tuple[Level, ...] = Field(default=(), description="Levels of the funder.")
    language: tuple[LanguageCode, ...] = Field(
        default=(), description="Calls with a title or text in one of these languages (ISO 639)."
    )
    deadline_from: date | None = Field(
        default=None, description="Next deadline on or after this day, in the funder's zone."
    )
    deadline_to: date | None = Field(
        default=None, description="Next deadline on or before this day, in the funder's zone."
    )

    @model_validator(mode="after")
    def _window_is_not_reversed(self) -> Self:
        _check_window(self.deadline_from, self.deadline_to)
        return self

    def filters(self) -> Filters:
        """Return the same choices as the domain knows them."""
        statuses = () if ANY in self.status else tuple(Status(s) for s in self.status)
        return Filters(
            statuses=statuses,
            funders=self.funder,
            levels=self.level,
            languages=self.language,
            deadline_from=self.deadline_from,
            deadline_to=self.deadline_to,
            **self.least(),
        )


class MatchQuery(FilterQuery):
    """Filters of a match: those of a list of calls, and the conditions that a profile meets."""

    gates: Literal["pass"] | None = Field(
        default=None,
        description="`pass` leaves out calls with a condition that the profile is known to fail.",
    )

    def filters(self) -> Filters:
        """Return the same choices as the domain knows them."""
        return super().filters().model_copy(update={"gates": self.gates})


class PilotMatchQuery(MatchQuery):
    """How to match a stored pilot."""

    dismissed: bool = Field(
        default=False, description="Show also the calls that were judged not relevant."
    )

    top: int = Field(default=10, ge=1, le=100, description="How many matches at most.")
    group: bool = Field(
        default=True, description="Show calls that are nearly the same as one match."
    )


class PageQuery(Taken):
    """Which page of a list."""

    page: int = Field(default=1, ge=1, le=1_000_000, description="Page, counted from 1.")
    page_size: int = Field(default=50, ge=1, le=200, description="Entries on a page.")


class CallQuery(FilterQuery):
    """Which calls to list; by default all of them."""

    status: tuple[Status | Literal["all"], ...] = Field(
        default=(ANY,), description="Statuses to show; `all` shows every one."
    )
    q: str = Field(
        default="",
        max_length=200,
        description="Words that must all stand in the call's id, titles, programme or texts.",
    )
    page: int = Field(default=1, ge=1, le=1_000_000, description="Page, counted from 1.")
    page_size: int = Field(default=50, ge=1, le=200, description="Entries on a page.")


class NewPilot(Taken):
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


class PilotCard(Given):
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


class PilotPage(Given):
    """One page of the stored pilots, by id."""

    pilots: tuple[PilotCard, ...]
    page: int
    page_size: int
    pages: int
    total: int


class CallPage(Given):
    """One page of calls: those to apply to next come first."""

    calls: tuple[CallCard, ...]
    page: int
    page_size: int
    pages: int
    total: int = Field(description="Calls that the filters let through.")
    as_of: datetime = Field(description="The clock that statuses were computed by.")


class CallDetail(Call, Priced):
    """A call as stored, with what its dates mean now.

    ``texts[lang][start:end]`` and ``titles[lang][start:end]`` are what evidence quotes.
    """

    current_status: Status = Field(serialization_alias="status")
    upcoming: Deadline | None = Field(serialization_alias="next_deadline")
    out_of_date: bool = Field(
        default=False,
        serialization_alias="stale",
        description="Kept by hand, and not compared with its source for half a year or ever.",
    )
    missing_since: datetime | None = Field(
        default=None,
        serialization_alias="not_seen_since",
        description="When its source first listed every call but this one; null while it is there.",
    )
    call_links: tuple[Related, ...] = Field(
        default=(),
        description="The same call in other places, its other rounds, and what names it.",
    )

    rounds: tuple[Round, ...] = Field(
        default=(), description="Earlier rounds of the call, the latest first."
    )
    usually: Usually | None = Field(
        default=None, description="When the call usually opens, if at least two years say so."
    )

    @classmethod
    def at(
        cls,
        call: Call,
        now: datetime,
        missing_since: datetime | None = None,
        call_links: tuple[Related, ...] = (),
        recurring: Recurring = NOTHING,
    ) -> CallDetail:
        """Return ``call`` with its status and next deadline at ``now`` (aware).

        ``missing_since`` is when the source stopped listing it; ``call_links`` what it
        is to others; ``recurring`` what is known of its other rounds.
        """
        stored: dict[str, Any] = {name: getattr(call, name) for name in Call.model_fields}
        return cls.model_construct(
            **stored,
            current_status=call.status(now),
            upcoming=call.next_deadline(now),
            out_of_date=call.stale(now),
            missing_since=missing_since,
            call_links=call_links,
            rounds=recurring.rounds,
            usually=recurring.usually,
        )


class Check(Given):
    """One thing that must hold for the service to answer."""

    name: str
    ok: bool
    detail: str = Field(description="What was found, or what to do.")


class Health(Given):
    """Whether the service can answer."""

    status: Literal["ok", "unavailable"]
    calls: int
    checks: tuple[Check, ...]


class FieldError(Given):
    """What is wrong with one field."""

    field: str = Field(description="Its path, such as `filters.statuses.0`.")
    message: str


class Problem(Given):
    """An error in the form of RFC 9457."""

    type: str = Field(default="about:blank", description="`about:blank`: the title says it all.")
    title: str
    status: int
    detail: str = Field(description="What went wrong and what to do.")
    errors: tuple[FieldError, ...] = Field(default=(), description="Fields to correct, if any.")


def _check_window(first: date | None, last: date | None) -> None:
    """Refuse a window that ends before it begins."""
    if first and last and first > last:
        raise ValueError("deadline_from is after deadline_to: swap them")
