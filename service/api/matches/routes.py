"""The routes that rank calls for a text or a pilot, and that explain one call."""

from __future__ import annotations

from service.api import problems
from service.api.blueprint import api
from service.api.matches import examples
from service.api.matches.schemas import MatchRequest, PilotMatchQuery
from service.domain.matching.call_explanation import CallExplanation
from service.domain.matching.match import MatchList
from service.http.app_context import app_context
from service.http.queries import MatchQuery
from service.use_cases import match as use_cases
from service.use_cases.explain_call import explain_call


@api.post("/api/v1/match")
@api.input(MatchRequest, arg_name="body", example=examples.MATCH_REQUEST)
@api.output(MatchList, description="Matches, best first.", example=examples.MATCH_LIST)
@api.doc(
    summary="Match a text",
    description="Ranks the calls against a text and says why each one fits. Stores nothing.",
    operation_id="match",
    tags=["Matches"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
        e503=problems.NOT_READY,
    ),
)
def match_text(body: MatchRequest) -> MatchList:
    """Rank the calls against a text."""
    return use_cases.match_text(
        app_context(),
        body.text,
        filters=body.filters,
        top=body.top,
        language=body.language,
        profile=body.profile,
        group=body.group,
        wishes=body.wishes(),
        counted=body.count,
    )


@api.get("/api/v1/pilots/<pilot_id>/matches")
@api.input(PilotMatchQuery, location="query", arg_name="query")
@api.output(MatchList, description="Matches, best first.", example=examples.MATCH_LIST)
@api.doc(
    summary="Match a stored pilot",
    description="The same answer as a match of the pilot's text, moved by what was judged.",
    operation_id="matchPilot",
    tags=["Matches"],
    responses=problems.document_problems(
        e404=problems.NO_PILOT, e422=problems.INVALID, e503=problems.NOT_READY
    ),
)
def match_pilot(pilot_id: str, query: PilotMatchQuery) -> MatchList:
    """Rank the calls against a stored pilot."""
    return use_cases.match_pilot(
        app_context(),
        pilot_id,
        filters=query.filters(),
        top=query.top,
        group=query.group,
        dismissed=query.dismissed,
        wishes=query.wishes(),
        counted=query.count,
    )


@api.get("/api/v1/pilots/<pilot_id>/calls/<path:call_id>")
@api.input(MatchQuery, location="query", arg_name="query")
@api.output(CallExplanation, description="The pair explained.", example=examples.CALL_EXPLANATION)
@api.doc(
    summary="Explain one call for a pilot",
    description=(
        "Any stored call: the match with its reasons, the place of the call, every reason why it "
        "is not recommended, where it would stand without each sentence that is quoted, and what "
        "would meet the conditions that are not met. The filters are those of the list that the "
        "call may be missing from; by default open and forthcoming."
    ),
    operation_id="explainPair",
    tags=["Matches"],
    responses=problems.document_problems(
        e404=problems.NO_PILOT_OR_CALL,
        e422=problems.INVALID,
        e503=problems.NOT_READY,
    ),
)
def explain_call_for_pilot(pilot_id: str, call_id: str, query: MatchQuery) -> CallExplanation:
    """Explain one call for a pilot."""
    return explain_call(app_context(), pilot_id, call_id, query.filters())
