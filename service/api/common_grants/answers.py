"""The answers of CommonGrants: a list, one opportunity, results, an error."""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field

from service.api.common_grants.base import CommonGrantsModel
from service.api.common_grants.opportunity import OpportunityBase, OpportunityDetails
from service.api.common_grants.search import FilterInfo, PaginationInfo, SortInfo


class _Success(CommonGrantsModel):
    status: int
    message: str


SUCCESS: Final = {"status": 200, "message": "Success"}
"""What every answer but an error says."""


class OpportunityList(_Success):
    """A page of opportunities."""

    items: list[OpportunityBase]
    pagination_info: PaginationInfo


class OpportunityAnswer(_Success):
    """One opportunity."""

    data: OpportunityDetails


class OpportunityResults(_Success):
    """A page of the opportunities that were found."""

    items: list[OpportunityBase]
    pagination_info: PaginationInfo
    sort_info: SortInfo
    filter_info: FilterInfo


class CommonGrantsError(CommonGrantsModel):
    """What went wrong, in the protocol's form."""

    status: int
    message: str = Field(description="What went wrong and what to do.")
    errors: list[Any] = Field(description="Fields to correct, if any.")


class OpportunityPageQuery(CommonGrantsModel):
    """Which page of the list."""

    page: int = Field(default=1, ge=1, description="The page to return.")
    page_size: int = Field(default=100, ge=1, description="Items on a page; at most 100 are given.")
