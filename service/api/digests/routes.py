"""The route of digests: what the next mail would contain."""

from __future__ import annotations

from service.api import problems
from service.api.blueprint import api
from service.api.digests import examples
from service.api.digests.schemas import DigestQuery
from service.domain.notifications.digest import Digest
from service.http.app_context import app_context
from service.use_cases import digest as use_cases


@api.get("/api/v1/pilots/<pilot_id>/digest")
@api.input(DigestQuery, location="query", arg_name="query")
@api.output(Digest, description="What the mail would tell.", example=examples.DIGEST)
@api.doc(
    summary="Preview the weekly mail of a pilot",
    description=(
        "What a recipient who has had no mail yet would be told of the stored calls: at most ten, "
        "each with why now and why at all. For another week than this one, as of its Monday. "
        "Sends nothing and counts nothing as told."
    ),
    operation_id="previewDigest",
    tags=["Pilots"],
    responses=problems.document_problems(
        e404=problems.NO_PILOT,
        e422="The week is none: write one as 2026-W48.",
        e503=problems.NOT_READY,
    ),
)
def preview_digest(pilot_id: str, query: DigestQuery) -> Digest:
    """Return what the mail of a week would contain."""
    return use_cases.preview_digest(app_context(), pilot_id, query.week)
