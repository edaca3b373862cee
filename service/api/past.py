"""The routes that tell of the past: a call's history, and how the sources fare."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapers.funder import funders
from service.api import examples_history, problems
from service.api.blueprint import api
from service.api.schemas_history import CallHistory, SourceList
from service.api.source import source
from service.domain.history import history
from service.domain.sources import sources
from service.errors import NotFoundError
from service.messages.message import message


@api.get("/api/v1/calls/<path:call_id>/history")
@api.output(CallHistory, description="The call's versions.", example=examples_history.CALL_HISTORY)
@api.doc(
    summary="Get the history of a call",
    description=(
        "Every version of the call, oldest first, each with what differs from the one before: "
        "the field, what it was and became, and a sentence in English and Swedish."
    ),
    operation_id="getCallHistory",
    tags=["Calls"],
    responses=problems.documented(e404="There is no call with this id."),
)
def get_history(call_id: str) -> CallHistory:
    """Return what a call has been."""
    origin = source()
    seen = origin.calls.seen(call_id)
    if seen is None:
        raise NotFoundError(message("problem.call.listed", id=call_id))
    return CallHistory(
        id=call_id,
        first_seen=seen.first,
        last_seen=seen.last,
        not_seen_since=seen.missing_since,
        versions=history(origin.calls.versions(call_id)),
    )


@api.get("/api/v1/sources")
@api.output(SourceList, description="Every source.", example=examples_history.SOURCE_LIST)
@api.doc(
    summary="List the sources",
    description=(
        "Every funder that is read: how far its reader is verified, when its calls were last "
        "collected, and whether that failed. A failing source still serves its last good calls."
    ),
    operation_id="listSources",
    tags=["Service"],
    responses=problems.documented(e503="The database cannot be read."),
)
def list_sources() -> SourceList:
    """Return how every source fares."""
    origin, now = source(), datetime.now(UTC)
    stored = origin.calls.all().values()
    found = sources(funders().values(), stored, origin.runs, now=now, clock=origin.now())
    return SourceList(
        sources=found,
        failing=sum(one.failing for one in found),
        stale=sum(one.stale for one in found),
        as_of=now,
    )
