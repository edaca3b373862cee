"""The documentation's examples of CommonGrants, made from the sample call."""

from __future__ import annotations

from datetime import timedelta

from service.api import sample
from service.api.common_grants.answers import (
    SUCCESS,
    OpportunityAnswer,
    OpportunityList,
    OpportunityResults,
)
from service.api.common_grants.choice import read_order
from service.api.common_grants.mapping import map_details, map_summary
from service.api.common_grants.search import (
    ArrayOperator,
    FilterInfo,
    OpportunityFilters,
    OpportunitySearch,
    PaginatedBody,
    PaginationInfo,
    StringArrayFilter,
)
from service.domain.calls.stored.offer_choice import OfferTimes
from service.use_cases.sync.offers import FoundOffer

_TIMES = OfferTimes(
    created=sample.NOW - timedelta(days=12),
    modified=sample.NOW - timedelta(days=3),
    missing_since=None,
)
_OFFER = FoundOffer(
    call=sample.STORED,
    times=_TIMES,
    facts=sample.FACTS,
    copies=sample.GROUPS.copies(sample.STORED.id),
)
_FOUND = FoundOffer(**vars(_OFFER) | {"match": sample.MATCH})
_PAGE = PaginationInfo(page=1, page_size=100, total_items=1, total_pages=1)
_FILTERS = OpportunityFilters(
    status=StringArrayFilter(operator=ArrayOperator.IN, value=["open", "forecasted"])
)

LIST = OpportunityList(
    **SUCCESS, items=[map_summary(_OFFER, sample.NOW)], pagination_info=_PAGE
).dump()
ANSWER = OpportunityAnswer(**SUCCESS, data=map_details(_OFFER, sample.NOW)).dump()
SEARCH = OpportunitySearch(
    search=sample.PILOT_TEXT, filters=_FILTERS, pagination=PaginatedBody()
).dump()
RESULTS = OpportunityResults(
    **SUCCESS,
    items=[map_summary(_FOUND, sample.NOW, "sv")],
    pagination_info=_PAGE,
    sort_info=read_order(None, has_text=True).info,
    filter_info=FilterInfo(filters=_FILTERS),
).dump()
