"""What a search of opportunities takes, and what is said of how it was done."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from service.api.common_grants.base import CommonGrantsModel, CommonGrantsRequest
from service.api.common_grants.opportunity import OpportunityMoney

_DAY_OR_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)


def _read_day_or_instant(value: object) -> object:
    """Return a day for ``2026-03-02``, an instant for anything longer; in UTC without offset."""
    if not isinstance(value, str):
        raise ValueError("give a date or a date-time as text")  # noqa: TRY004  a wrong value
    found = _DAY_OR_INSTANT.fullmatch(value)
    if found is None:
        raise ValueError("give a date such as 2026-03-02, or a date-time with its offset")
    return datetime.fromisoformat(value) if found[1] else date.fromisoformat(value)


DayOrInstant = Annotated[
    date | datetime,
    BeforeValidator(_read_day_or_instant),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
            ]
        }
    ),
]


class ArrayOperator(StrEnum):
    """Whether a value is one of several."""

    IN = "in"
    NOT_IN = "notIn"


class RangeOperator(StrEnum):
    """Whether a value lies in a range; its ends belong to it."""

    BETWEEN = "between"
    OUTSIDE = "outside"


class FilterOperator(StrEnum):
    """Every operator of the protocol."""

    EQ = "eq"
    NEQ = "neq"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IN = "in"
    NOT_IN = "notIn"
    BETWEEN = "between"
    OUTSIDE = "outside"
    LIKE = "like"
    NOT_LIKE = "notLike"


class StringArrayFilter(CommonGrantsRequest):
    """Chooses by a list of words."""

    operator: ArrayOperator
    value: list[str] = Field(max_length=200)


class DateRange(CommonGrantsRequest):
    """From one day or instant to another."""

    min: DayOrInstant
    max: DayOrInstant


class DateRangeFilter(CommonGrantsRequest):
    """Chooses by a date; days are those of the funder's calendar."""

    operator: RangeOperator
    value: DateRange


class MoneyRange(CommonGrantsRequest):
    """From one amount to another of the same currency."""

    min: OpportunityMoney
    max: OpportunityMoney


class MoneyRangeFilter(CommonGrantsRequest):
    """Chooses by an amount; amounts in other currencies are left out."""

    operator: RangeOperator
    value: MoneyRange


class CustomFilter(CommonGrantsRequest):
    """Chooses by a field of our own: `funder` or `level`, by `eq`, `neq`, `in` or `notIn`."""

    operator: FilterOperator
    value: Any


class OpportunityFilters(CommonGrantsRequest):
    """What opportunities must meet; all of it must hold."""

    status: StringArrayFilter | None = None
    close_date_range: DateRangeFilter | None = None
    total_funding_available_range: MoneyRangeFilter | None = None
    min_award_amount_range: MoneyRangeFilter | None = None
    max_award_amount_range: MoneyRangeFilter | None = None
    custom_filters: dict[str, CustomFilter] | None = Field(
        default=None, description="Those not known are left out, and named in the answer."
    )


class SortOrder(StrEnum):
    """Which end comes first."""

    ASC = "asc"
    DESC = "desc"


class OpportunitySortBy(StrEnum):
    """What opportunities can be sorted by."""

    LAST_MODIFIED_AT = "lastModifiedAt"
    CREATED_AT = "createdAt"
    TITLE = "title"
    STATUS = "status.value"
    CLOSE_DATE = "keyDates.closeDate"
    MAX_AWARD = "funding.maxAwardAmount"
    MIN_AWARD = "funding.minAwardAmount"
    TOTAL = "funding.totalAmountAvailable"
    AWARD_COUNT = "funding.estimatedAwardCount"
    CUSTOM = "custom"


RELEVANCE: Literal["relevance"] = "relevance"
"""Our own order: how well a call fits the text that is searched for."""


class OpportunitySorting(CommonGrantsRequest):
    """The order of the results; with a text and without this, the best come first."""

    sort_by: OpportunitySortBy
    custom_sort_by: str | None = Field(
        default=None, description="`relevance`, where `sortBy` is `custom`."
    )
    sort_order: SortOrder | None = None


class PaginatedBody(CommonGrantsRequest):
    """Which page of the results."""

    page: int = Field(default=1, ge=1)
    page_size: int = Field(default=100, ge=1, description="At most 100 are given.")


class OpportunitySearch(CommonGrantsRequest):
    """A search: a text of any length, what must hold, the order and the page."""

    search: str | None = Field(
        default=None, description="What to find funding for: a few words, or a whole project."
    )
    filters: OpportunityFilters | None = None
    sorting: OpportunitySorting | None = None
    pagination: PaginatedBody | None = None


class PaginationInfo(CommonGrantsModel):
    """Which page this is, and of how many."""

    page: int = Field(ge=1)
    page_size: int = Field(ge=1)
    total_items: int
    total_pages: int


class SortInfo(CommonGrantsModel):
    """How the items are sorted."""

    sort_by: str
    custom_sort_by: str | None = None
    sort_order: SortOrder
    errors: list[str] | None = None


class FilterInfo(CommonGrantsModel):
    """What the items were chosen by, and which filters could not be used."""

    filters: OpportunityFilters
    errors: list[str] | None = None
