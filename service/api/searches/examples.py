"""The documentation's examples of searches."""

from __future__ import annotations

from datetime import UTC, datetime

from service.api.matches.examples import MATCHES
from service.api.sample import PILOT_TEXT, dump
from service.api.searches.schemas import (
    NewSearch,
    SearchCard,
    SearchCardList,
    SearchChange,
    SearchMatches,
)
from service.domain.matching.facets.facet_counts import CallFacets, FacetValue

_CARD = SearchCard(
    id="5b0c1f7e9d3a4c86b2e1f0a9d8c7b6a5",
    name="Heart failure at home",
    text=PILOT_TEXT,
    query={"status": ("open",), "sort": ("deadline",)},
    shared=True,
    page="/searches/5b0c1f7e9d3a4c86b2e1f0a9d8c7b6a5",
    created_at=datetime(2026, 9, 1, 9, 15, tzinfo=UTC),
    saved_at=datetime(2026, 9, 1, 9, 20, tzinfo=UTC),
    removed_at=None,
)
_FACETS = CallFacets(
    status=(FacetValue(value="open", count=1), FacetValue(value="forthcoming", count=2)),
    total=1,
)

NEW_SEARCH = dump(
    NewSearch(
        text=PILOT_TEXT,
        name="Heart failure at home",
        query={"status": ("open",), "sort": ("deadline",)},
        shared=True,
    )
)
SEARCH_CHANGE = dump(SearchChange(name="Heart failure, national calls"))
SEARCH = dump(_CARD)
SEARCH_LIST = dump(SearchCardList(searches=(_CARD,)))
SEARCH_MATCHES = dump(SearchMatches(search=_CARD, matches=MATCHES, facets=_FACETS))
