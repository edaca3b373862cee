"""The routes of feedback: what people think of calls for a pilot."""

from __future__ import annotations

from service.api import problems
from service.api.blueprint import api
from service.api.feedback import examples
from service.api.feedback.schemas import JudgementRemoval, NewJudgement
from service.domain.matching.feedback import Judgement, Opinion
from service.http.app_context import app_context
from service.http.idempotency import once
from service.use_cases import feedback as use_cases
from service.use_cases.feedback import FeedbackList


@api.get("/api/v1/pilots/<pilot_id>/feedback")
@api.output(FeedbackList, description="What was said.", example=examples.FEEDBACK_LIST)
@api.doc(
    summary="List what was said of calls for a pilot",
    description="The judgements that hold, newest first, and every one ever given, oldest first.",
    operation_id="listFeedback",
    tags=["Pilots"],
    responses=problems.document_problems(e404=problems.NO_PILOT),
)
def list_feedback(pilot_id: str) -> FeedbackList:
    """Return the judgements on calls for a pilot."""
    return use_cases.list_feedback(app_context(), pilot_id)


@api.post("/api/v1/pilots/<pilot_id>/feedback")
@once
@api.input(NewJudgement, arg_name="body", example=examples.NEW_JUDGEMENT)
@api.output(
    Judgement,
    status_code=201,
    description="The judgement as kept.",
    example=examples.JUDGEMENT,
)
@api.doc(
    summary="Judge a call for a pilot",
    description=(
        "A call that is not relevant stays away from the pilot's matches, and calls nearly the "
        "same fall. What is like a relevant one rises. The latest judgement on a call holds."
    ),
    operation_id="addFeedback",
    tags=["Pilots"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e404=problems.NO_PILOT_OR_CALL,
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
    ),
)
def add_feedback(pilot_id: str, body: NewJudgement) -> tuple[Judgement, int]:
    """Keep a judgement."""
    verdict = Opinion(body.verdict)
    kept = use_cases.judge_call(app_context(), pilot_id, body.call, verdict, body.by)
    return kept, 201


@api.delete("/api/v1/pilots/<pilot_id>/feedback")
@api.input(JudgementRemoval, location="query", arg_name="query")
@api.output(FeedbackList, description="What still holds.", example=examples.FEEDBACK_LIST)
@api.doc(
    summary="Take a judgement back",
    description="The call counts as not judged; the history keeps both, with who and when.",
    operation_id="removeFeedback",
    tags=["Pilots"],
    responses=problems.document_problems(
        e404="There is no such pilot, or nothing to take back.", e422=problems.INVALID
    ),
)
def remove_feedback(pilot_id: str, query: JudgementRemoval) -> FeedbackList:
    """Take a judgement back."""
    context = app_context()
    use_cases.judge_call(context, pilot_id, query.call, Opinion.NONE, query.by)
    return use_cases.list_feedback(context, pilot_id)
