"""The route of sources: how far each is verified, and how its last run went."""

from __future__ import annotations

from service.api import problems
from service.api.blueprint import api
from service.api.sources import examples
from service.http.app_context import app_context
from service.use_cases import sources as use_cases
from service.use_cases.sources import SourceList


@api.get("/api/v1/sources")
@api.output(SourceList, description="Every source.", example=examples.SOURCE_LIST)
@api.doc(
    summary="List the sources",
    description=(
        "Every funder that is read: how far its reader is verified, when its calls were last "
        "collected, and whether that failed. A failing source still serves its last good calls."
    ),
    operation_id="listSources",
    tags=["Service"],
    responses=problems.document_problems(e503=problems.DATABASE),
)
def list_sources() -> SourceList:
    """Return the state of every source."""
    return use_cases.list_sources(app_context())
