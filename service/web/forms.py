"""Forms of pages: read from a form or a link, and written back into links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from flask import Request
from pydantic import (
    ConfigDict,
    Field,
    ValidationError,
)

from scrapers.call import Level, Status
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.stored.call_facts import STATUS_ORDER
from service.domain.matching.feedback import DISMISSED_REASON
from service.domain.matching.filters import DEFAULT_STATUSES, MOST_CHOICES, Filters, Unstated
from service.domain.pilots.pilot import MAX_TEXT_LENGTH
from service.domain.pilots.profile import Party, Profile
from service.domain.pilots.reading.text_sections import Counted
from service.domain.pilots.wishes import MOST_PHRASES, Wishes
from service.http.queries import ANY, CallQuery, FilterQuery, MatchQuery
from service.http.reading import FieldError, field_errors, gather
from service.http.search_choices import SearchChoices


class ListOrder(StrEnum):
    """What the list of calls is sorted by."""

    DEADLINE = "deadline"
    AMOUNT = "amount"
    NEWEST = "newest"


CURRENCIES = ("SEK", "EUR", "USD", "GBP", "NOK", "DKK")
"""Currencies that the form offers."""

RESULT_SIZES = (10, 25, 50)
"""How many results a reader can choose to see."""

EXCLUDED_REASON = "excluded"
"""Names, in `show`, that calls were left out for what the reader excludes."""

_OF_THE_READER = frozenset({"lang", "pilot", "search", "boxes"})
"""What of an address is no choice among calls."""

_NOT_IN_LINKS = frozenset({"text", "search"})
"""What of a form never stands in an address of its choices."""

_FIELDS_BY_REASON = {
    "another funder": ("funder",),
    "another level": ("level",),
    "another language": ("language",),
    "deadline outside the window": ("deadline_from", "deadline_to"),
    "a condition that fails": ("gates",),
    "no amount stated": ("unstated",),
    "an amount stated": ("unstated",),
    "an amount in another currency": ("unstated",),
    "a smaller amount": ("min_amount",),
    "a larger amount": ("max_amount",),
}


class SearchForm(SearchChoices):
    """The search form, or a link to the matches of a search or a pilot."""

    text: str = ""
    pilot: str = ""
    search: str = Field(default="", max_length=100)
    q: str = Field(
        default="", max_length=2000, description="A few words, in a link from elsewhere."
    )

    @property
    def is_too_long(self) -> bool:
        """Whether the text has more characters than are accepted."""
        return len(self.text) > MAX_TEXT_LENGTH


class PilotForm(MatchQuery):
    """A stored pilot's page: what to show of its matches, and who is looking."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    unstated: Unstated | None = "keep"
    top: int = Field(default=10, ge=1, le=100)
    group: bool = True
    dismissed: bool = False
    show_excluded: bool = False
    as_written: tuple[str, ...] = Field(default=(), max_length=MOST_PHRASES)
    count: tuple[Counted, ...] = Field(default=(), max_length=MOST_CHOICES)
    by: str = Field(default="", max_length=100)

    def wishes(self) -> Wishes:
        """Return whether excluded calls are shown, and what is read as it stands."""
        return Wishes(show_excluded=self.show_excluded, as_written=self.as_written)


class CallListForm(CallQuery):
    """The list of calls: the API's query, tolerant of what belongs to the page."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    unstated: Unstated | None = "keep"
    sort: ListOrder = ListOrder.DEADLINE
    kind: ApplicantKind | None = None
    gates: Literal["pass"] | None = None

    def filters(self) -> Filters:
        """Return the choices as the domain's `Filters`."""
        return super().filters().model_copy(update={"gates": self.gates})

    def profile(self) -> Profile | None:
        """Return who applies, as far as it was chosen."""
        return None if self.kind is None else Profile(organisations=(Party(kind=self.kind),))


@dataclass(frozen=True)
class SearchRequest:
    """A search as it was read; with ``errors``, only the text and the pilot are kept.

    ``posted``: it came as a form. Otherwise it is a link, by GET or HEAD.
    """

    form: SearchForm
    errors: tuple[FieldError, ...] = ()
    posted: bool = False


def read_search(request: Request) -> SearchRequest:
    """Return the search of a form or a link.

    Boxes that are all empty mean no choice at all, so every status. ``show`` names a reason why
    calls were left out: what caused it is undone.
    """
    posted = request.method == "POST"
    values = gather(SearchForm, request.form if posted else request.args)
    if request.values.get("boxes") and "status" not in values:
        values["status"] = (ANY,)
    values["text"] = _restore_line_ends(values.get("text", ""))
    _clear_choice(values, request.values.get("show", ""))
    _add_as_written(values, request)
    try:
        return SearchRequest(SearchForm.model_validate(values), posted=posted)
    except ValidationError as error:
        kept = {name: str(values.get(name, "")) for name in ("text", "pilot")}
        return SearchRequest(SearchForm(**kept), field_errors(error), posted)


def read_call_list(request: Request) -> tuple[CallListForm, tuple[FieldError, ...]]:
    """Return which calls to list, and errors; with errors, the default list."""
    values = gather(CallListForm, request.args)
    if request.args.get("boxes") and "status" not in values:
        values["status"] = (ANY,)
    try:
        return CallListForm.model_validate(values), ()
    except ValidationError as error:
        return CallListForm(), field_errors(error)


def to_query(parts: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the parameters of a link as texts, to be kept with a search."""
    return {
        name: tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
        for name, value in parts.items()
        if name not in _OF_THE_READER
    }


def read_pilot_view(request: Request) -> tuple[PilotForm, tuple[FieldError, ...]]:
    """Return what to show of a pilot, and errors; with errors, the default view."""
    values = gather(PilotForm, request.args)
    _add_as_written(values, request)
    if request.args.get("boxes") and "status" not in values:
        values["status"] = (ANY,)
    try:
        return PilotForm.model_validate(values), ()
    except ValidationError as error:
        return PilotForm(), field_errors(error)


def as_link(query: FilterQuery, **others: Any) -> dict[str, Any]:
    """Return ``query`` as the parameters of a link, leaving out what is the default anyway."""
    defaults = type(query)()
    parts: dict[str, Any] = {}
    for name in type(query).model_fields:
        value = getattr(query, name)
        if value not in (getattr(defaults, name), "", None) and name not in _NOT_IN_LINKS:
            parts[name] = list(value) if isinstance(value, tuple) else value
    if "status" in parts and not query.status:
        parts["status"] = [ANY]
    return parts | others


def as_sheet_link(query: FilterQuery) -> dict[str, Any]:
    """Return ``query`` as the parameters of its list as a spreadsheet, which has no pages."""
    page_only = ("page", "page_size", "by", "sort")
    parts = {name: value for name, value in as_link(query).items() if name not in page_only}
    if query.bounds_amounts:
        parts["unstated"] = query.unstated or "leave"  # a list as a file leaves them out otherwise
    return parts


def widened_link(query: FilterQuery, reason: str) -> dict[str, Any]:
    """Return the link to ``query`` without the choice that left calls out for ``reason``."""
    parts = as_link(query)
    _clear_choice(parts, reason)
    return parts


def standing_link(query: SearchForm | PilotForm, text: str) -> dict[str, Any]:
    """Return the link to ``query`` with one more stretch of the text read as it stands."""
    return as_link(query, as_written=[*query.as_written, text])


def ticked_boxes(query: FilterQuery) -> dict[str, set[str]]:
    """Return which boxes of each filter are ticked."""
    statuses = set(Status) if ANY in query.status else {str(s) for s in query.status}
    return {
        "status": {str(s) for s in statuses},
        "funder": set(query.funder),
        "level": {str(level) for level in query.level},
    }


def filter_choices(funders: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return what can be chosen, value to label; ``funders`` are names by key."""
    return {
        "status": {str(s): str(s) for s in STATUS_ORDER},
        "level": {str(level): str(level) for level in Level},
        "funder": dict(funders),
    }


def _clear_choice(values: dict[str, Any], reason: str) -> None:
    """Widen the filters in ``values`` so that calls left out for ``reason`` come back."""
    for name in _FIELDS_BY_REASON.get(reason, ()):
        values.pop(name, None)
    if reason == EXCLUDED_REASON:
        values["show_excluded"] = True
    if reason == DISMISSED_REASON:
        values["dismissed"] = True
    status = reason.removeprefix("status ")
    if status != reason and status in set(Status):
        chosen = values.get("status", tuple(one.value for one in DEFAULT_STATUSES))
        statuses = (chosen,) if isinstance(chosen, str) else tuple(chosen)
        values["status"] = (*statuses, status)


def _add_as_written(values: dict[str, Any], request: Request) -> None:
    """Add what a button asks to read as it stands to what was asked before."""
    if asked := request.values.get("stand", "").strip():
        values["as_written"] = (*values.get("as_written", ()), asked)


def _restore_line_ends(text: str) -> str:
    """Return ``text`` with the line ends that it had before a browser sent it."""
    return text.replace("\r\n", "\n")
