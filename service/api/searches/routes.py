"""The routes of searches that have an address."""

from __future__ import annotations

from service.api import problems
from service.api.blueprint import api
from service.api.searches import examples
from service.api.searches.schemas import (
    NewSearch,
    SearchCard,
    SearchCardList,
    SearchChange,
    SearchMatches,
)
from service.domain.pilots.stored_search import StoredSearch
from service.http.app_context import app_context
from service.http.search_choices import SearchChoices
from service.use_cases.match import search_text
from service.use_cases.searches import searches as use_cases

NO_SEARCH = "There is no search with this id that you may see, or its time is over."
NOT_YOURS = "It is somebody else's: only its owner may change it."


def _card(search: StoredSearch) -> SearchCard:
    return SearchCard.of(search, app_context().settings.keep_searches_days)


def _saved() -> SearchCardList:
    return SearchCardList(searches=tuple(map(_card, use_cases.list_searches(app_context()))))


@api.get("/api/v1/searches")
@api.output(SearchCardList, description="The saved searches.", example=examples.SEARCH_LIST)
@api.doc(
    summary="List the saved searches",
    description="Yours and those that are shared, the newest first.",
    operation_id="listSearches",
    tags=["Searches"],
    responses=problems.document_problems(e503=problems.DATABASE),
)
def list_searches() -> SearchCardList:
    """Return the saved searches."""
    return _saved()


@api.post("/api/v1/searches")
@api.input(NewSearch, arg_name="body", example=examples.NEW_SEARCH)
@api.output(SearchCard, status_code=201, description="The search.", example=examples.SEARCH)
@api.doc(
    summary="Keep a search",
    description=(
        "It gets an address of its own. Without a name its text is kept for the days of "
        "`FUNDSCOUT_KEEP_SEARCHES_DAYS` and no longer."
    ),
    operation_id="addSearch",
    tags=["Searches"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
    ),
)
def add_search(body: NewSearch) -> tuple[SearchCard, int]:
    """Keep a search."""
    kept = use_cases.keep_search(
        app_context(), body.text, body.query, name=body.name or "", shared=body.shared
    )
    return _card(kept), 201


@api.get("/api/v1/searches/<search_id>")
@api.output(SearchCard, description="The search.", example=examples.SEARCH)
@api.doc(
    summary="Get a search",
    operation_id="getSearch",
    tags=["Searches"],
    responses=problems.document_problems(e404=NO_SEARCH),
)
def get_search(search_id: str) -> SearchCard:
    """Return one search with its text."""
    return _card(use_cases.get_search(app_context(), search_id))


@api.get("/api/v1/searches/<search_id>/matches")
@api.output(SearchMatches, description="The matches.", example=examples.SEARCH_MATCHES)
@api.doc(
    summary="Match a search",
    description="The calls for its text under its choices, with facets.",
    operation_id="matchSearch",
    tags=["Searches"],
    responses=problems.document_problems(e404=NO_SEARCH, e503=problems.NOT_READY),
)
def match_search(search_id: str) -> SearchMatches:
    """Return a search with its matches."""
    context = app_context()
    search = use_cases.get_search(context, search_id)
    choices, ignored = SearchChoices.of_kept(search.query)
    ranked = search_text(context, search.text, choices.options())
    return SearchMatches(
        search=_card(search), matches=ranked.found, facets=ranked.facets, ignored=ignored
    )


@api.patch("/api/v1/searches/<search_id>")
@api.input(SearchChange, arg_name="body", example=examples.SEARCH_CHANGE)
@api.output(SearchCard, description="The search now.", example=examples.SEARCH)
@api.doc(
    summary="Save, rename or share a search",
    operation_id="changeSearch",
    tags=["Searches"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e403=NOT_YOURS,
        e404=NO_SEARCH,
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
    ),
)
def change_search(search_id: str, body: SearchChange) -> SearchCard:
    """Change a search."""
    context = app_context()
    search = use_cases.get_search(context, search_id)
    if body.name is not None or body.query is not None:
        name = body.name or search.name
        search = use_cases.save_search(context, search_id, name, body.query)
    if body.shared is not None:
        search = use_cases.share_search(context, search_id, shared=body.shared)
    return _card(search)


@api.delete("/api/v1/searches/<search_id>")
@api.output(SearchCardList, description="The searches now.", example=examples.SEARCH_LIST)
@api.doc(
    summary="Delete a search",
    description="With its text; its links to feeds open nothing any more.",
    operation_id="deleteSearch",
    tags=["Searches"],
    responses=problems.document_problems(e403=NOT_YOURS, e404=NO_SEARCH),
)
def delete_search(search_id: str) -> SearchCardList:
    """Delete a search."""
    use_cases.delete_search(app_context(), search_id)
    return _saved()
