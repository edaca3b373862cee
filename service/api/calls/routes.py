"""The routes of calls: a list, one call, its history, and the pilots that fit it."""

from __future__ import annotations

from service.api import problems
from service.api.blueprint import api
from service.api.calls import examples
from service.api.calls.schemas import CallListQuery, ShortlistQuery
from service.domain.consortium.shortlist import Shortlist
from service.http.app_context import app_context
from service.use_cases import calls as use_cases
from service.use_cases.calls import CallDetail, CallHistory, CallPage
from service.use_cases.shortlist import shortlist_pilots
from service.use_cases.sync.changed_calls import list_changed_calls


@api.get("/api/v1/calls")
@api.input(CallListQuery, location="query", arg_name="query")
@api.output(CallPage, description="A page of calls.", example=examples.CALL_PAGE)
@api.doc(
    summary="List calls",
    description=(
        "Open calls come first, the next deadline before later ones; then forthcoming, unknown "
        "and closed ones. By default calls of every status are listed. A call that is stored "
        "several times is listed once, with its copies in `also`. With `changed_since` it tells "
        "what changed: ask again with the `cursor` of the answer, at once while `pages` is more "
        "than 1, else when you next want to know."
    ),
    operation_id="listCalls",
    tags=["Calls"],
    responses=problems.document_problems(
        e410="The cursor is not known here any more: start again with changed_since=start.",
        e422=problems.INVALID,
        e503=problems.DATABASE,
    ),
)
def list_calls(query: CallListQuery) -> CallPage:
    """List calls, those to apply to next first, or those that changed."""
    if query.changed_since is not None:
        return list_changed_calls(app_context(), query.changed_since, query.page_size)
    return use_cases.list_calls(
        app_context(),
        filters=query.filters(),
        words=query.q,
        page=query.page,
        page_size=query.page_size,
        language=query.language[0] if query.language else "en",
    )


@api.get("/api/v1/calls/<path:call_id>")
@api.output(CallDetail, description="The call as stored.", example=examples.CALL)
@api.doc(
    summary="Get one call",
    description=(
        "The whole call as it is stored, with its status and next deadline as of now. Offsets of "
        "evidence are code points of its titles and texts. `call_links` are its copies on other "
        "portals, its other rounds and the calls that name it, each with the evidence."
    ),
    operation_id="getCall",
    tags=["Calls"],
    responses=problems.document_problems(e404=problems.NO_CALL),
)
def get_call(call_id: str) -> CallDetail:
    """Return the whole of one call."""
    return use_cases.get_call(app_context(), call_id)


@api.get("/api/v1/calls/<path:call_id>/history")
@api.output(CallHistory, description="The call's versions.", example=examples.CALL_HISTORY)
@api.doc(
    summary="Get the history of a call",
    description=(
        "Every version of the call, oldest first, each with what differs from the one before: "
        "the field, what it was and became, and a sentence in English and Swedish."
    ),
    operation_id="getCallHistory",
    tags=["Calls"],
    responses=problems.document_problems(e404=problems.NO_CALL),
)
def get_call_history(call_id: str) -> CallHistory:
    """Return the versions of a call."""
    return use_cases.get_call_history(app_context(), call_id)


@api.get("/api/v1/calls/<path:call_id>/pilots")
@api.input(ShortlistQuery, location="query", arg_name="query")
@api.output(Shortlist, description="Pilots, best first.", example=examples.SHORTLIST)
@api.doc(
    summary="List the pilots that fit a call",
    description=(
        "The stored pilots that the call fits, what each brings, and, where the call asks for a "
        "consortium, up to three combinations that meet its rule together, with reasons."
    ),
    operation_id="listPilotsForCall",
    tags=["Calls"],
    responses=problems.document_problems(
        e404=problems.NO_CALL,
        e422=problems.INVALID,
        e503=problems.NOT_READY,
    ),
)
def list_pilots_for_call(call_id: str, query: ShortlistQuery) -> Shortlist:
    """Return the pilots that fit a call."""
    return shortlist_pilots(app_context(), call_id, top=query.top)
