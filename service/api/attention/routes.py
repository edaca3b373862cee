"""The route of what needs attention."""

from __future__ import annotations

from service.api import problems
from service.api.attention import examples
from service.api.attention.schemas import AttentionQuery
from service.api.blueprint import api
from service.http.app_context import app_context
from service.use_cases.overview.attention import Attention, find_attention


@api.get("/api/v1/attention")
@api.input(AttentionQuery, location="query", arg_name="query")
@api.output(Attention, description="What needs attention.", example=examples.ATTENTION)
@api.doc(
    summary="Say what needs attention",
    description=(
        "Over all pilots that whoever asks may see: fitting calls that close within two weeks, "
        "new matches, pilots without recipients, mails that came back, questions without an "
        "answer; and sources that fail or are stale. Asking is no look at a pilot."
    ),
    operation_id="readAttention",
    tags=["Pilots"],
    responses=problems.document_problems(e422=problems.INVALID, e503=problems.DATABASE),
)
def read_attention(query: AttentionQuery) -> Attention:
    """Return what needs attention."""
    return find_attention(app_context(), query.language, query.since)
