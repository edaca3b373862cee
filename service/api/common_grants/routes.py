"""The three routes of CommonGrants: list, read and search opportunities."""

from __future__ import annotations

from uuid import UUID

from service.api import problems
from service.api.blueprint import api
from service.api.common_grants import examples
from service.api.common_grants.answers import (
    SUCCESS,
    OpportunityAnswer,
    OpportunityList,
    OpportunityPageQuery,
    OpportunityResults,
)
from service.api.common_grants.choice import read_choice, read_order
from service.api.common_grants.errors import document_errors
from service.api.common_grants.mapping import map_details, map_summary
from service.api.common_grants.opportunity import OpportunityBase
from service.api.common_grants.search import (
    FilterInfo,
    OpportunityFilters,
    OpportunitySearch,
    PaginatedBody,
    PaginationInfo,
)
from service.http.app_context import app_context
from service.use_cases.sync.offers import OfferPage, find_offers, get_offer, list_offers

LARGEST_PAGE = 100
"""Items that a page has at most, whatever is asked for; the answer says how many it was."""


@api.get("/common-grants/opportunities")
@api.input(OpportunityPageQuery, location="query", arg_name="query")
@api.output(OpportunityList, description="A page of opportunities.", example=examples.LIST)
@api.doc(
    summary="List opportunities",
    description=(
        "CommonGrants 0.4.0: the calls, those that changed last first. A call that is stored "
        "several times is listed once."
    ),
    operation_id="listOpportunities",
    tags=["CommonGrants"],
    responses=document_errors(e422=problems.INVALID, e503=problems.DATABASE),
)
def list_opportunities(query: OpportunityPageQuery) -> OpportunityList:
    """List the calls as opportunities."""
    size = min(query.page_size, LARGEST_PAGE)
    found = list_offers(app_context(), query.page, size)
    return OpportunityList(
        **SUCCESS, items=_items(found), pagination_info=_pagination(query.page, size, found.total)
    )


@api.get("/common-grants/opportunities/<uuid:oppId>")
@api.output(OpportunityAnswer, description="The opportunity.", example=examples.ANSWER)
@api.doc(
    summary="Read an opportunity",
    description="CommonGrants 0.4.0: one call, with all of its text.",
    operation_id="readOpportunity",
    tags=["CommonGrants"],
    responses=document_errors(e404="There is no opportunity with this id."),
)
def read_opportunity(oppId: UUID) -> OpportunityAnswer:  # noqa: N803  the protocol's name
    """Return one call as an opportunity."""
    found = get_offer(app_context(), str(oppId))
    return OpportunityAnswer(**SUCCESS, data=map_details(found.offers[0], found.stored.now))


@api.post("/common-grants/opportunities/search")
@api.input(OpportunitySearch, arg_name="body", example=examples.SEARCH)
@api.output(OpportunityResults, description="What was found.", example=examples.RESULTS)
@api.doc(
    summary="Search opportunities",
    description=(
        "CommonGrants 0.4.0: calls by a text of any length, by filters, or both. With a text and "
        "no sorting the most relevant come first; `score`, `fit` and `reasons` are custom fields "
        "of each. Filters that are not known are named in `filterInfo.errors`."
    ),
    operation_id="searchOpportunities",
    tags=["CommonGrants"],
    responses=document_errors(
        e400=problems.UNREADABLE,
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
        e503=problems.NOT_READY,
    ),
)
def search_opportunities(body: OpportunitySearch) -> OpportunityResults:
    """Search the calls as opportunities."""
    text = (body.search or "").strip()
    wanted = body.pagination or PaginatedBody()
    size = min(wanted.page_size, LARGEST_PAGE)
    chosen = read_choice(body.filters)
    order = read_order(body.sorting, has_text=bool(text))
    found = find_offers(
        app_context(),
        chosen.choice,
        order.order,
        text=text,
        is_descending=order.is_descending,
        page=wanted.page,
        page_size=size,
    )
    return OpportunityResults(
        **SUCCESS,
        items=_items(found),
        pagination_info=_pagination(wanted.page, size, found.total),
        sort_info=order.info,
        filter_info=FilterInfo(
            filters=body.filters or OpportunityFilters(), errors=chosen.errors or None
        ),
    )


def _items(found: OfferPage) -> list[OpportunityBase]:
    return [map_summary(offer, found.stored.now, found.language) for offer in found.offers]


def _pagination(page: int, size: int, total: int) -> PaginationInfo:
    return PaginationInfo(
        page=page, page_size=size, total_items=total, total_pages=max(1, -(-total // size))
    )
