"""The routes that take what people think of calls for a pilot, and tell it."""

from __future__ import annotations

from datetime import UTC, datetime

from service.api import examples_feedback, problems
from service.api.blueprint import api
from service.api.schemas_feedback import FeedbackList, NewJudgement, TakenBack
from service.api.source import source
from service.domain.feedback import Judgement, Opinion, holding
from service.jobs import judging

_INVALID = "Some values cannot be used: correct the fields named in errors."
_MISSING = "There is no pilot or no call with this id."


@api.get("/api/v1/pilots/<pilot_id>/feedback")
@api.output(FeedbackList, description="What was said.", example=examples_feedback.FEEDBACK_LIST)
@api.doc(
    summary="List what was said of calls for a pilot",
    description="The judgements that hold, newest first, and every one ever given, oldest first.",
    operation_id="listFeedback",
    tags=["Pilots"],
    responses=problems.documented(e404="There is no pilot with this id."),
)
def list_feedback(pilot_id: str) -> FeedbackList:
    """Return what was said of calls for a pilot."""
    return _listed(pilot_id)


@api.post("/api/v1/pilots/<pilot_id>/feedback")
@api.input(NewJudgement, arg_name="given", example=examples_feedback.NEW_JUDGEMENT)
@api.output(
    Judgement,
    status_code=201,
    description="The judgement as kept.",
    example=examples_feedback.JUDGEMENT,
)
@api.doc(
    summary="Judge a call for a pilot",
    description=(
        "A call that is not relevant stays away from the pilot's matches, and calls nearly the "
        "same fall. What is like a relevant one rises. The latest judgement on a call holds."
    ),
    operation_id="addFeedback",
    tags=["Pilots"],
    responses=problems.documented(
        e400="The body is not JSON in UTF-8.",
        e404=_MISSING,
        e413="The body is larger than 1024 KiB: send less.",
        e415="Send JSON and say so: Content-Type: application/json.",
        e422=_INVALID,
    ),
)
def add_feedback(pilot_id: str, given: NewJudgement) -> tuple[Judgement, int]:
    """Keep a judgement."""
    judgement = Judgement(
        pilot=pilot_id, call=given.call, verdict=given.verdict, by=given.by, at=datetime.now(UTC)
    )
    return judging.judge(source(), judgement), 201


@api.delete("/api/v1/pilots/<pilot_id>/feedback")
@api.input(TakenBack, location="query", arg_name="asked")
@api.output(FeedbackList, description="What still holds.", example=examples_feedback.FEEDBACK_LIST)
@api.doc(
    summary="Take a judgement back",
    description="The call counts as not judged; the history keeps both, with who and when.",
    operation_id="removeFeedback",
    tags=["Pilots"],
    responses=problems.documented(
        e404="There is no such pilot, or nothing to take back.", e422=_INVALID
    ),
)
def remove_feedback(pilot_id: str, asked: TakenBack) -> FeedbackList:
    """Take a judgement back."""
    judging.judge(
        source(),
        Judgement(
            pilot=pilot_id,
            call=asked.call,
            verdict=Opinion.NONE,
            by=asked.by,
            at=datetime.now(UTC),
        ),
    )
    return _listed(pilot_id)


def _listed(pilot_id: str) -> FeedbackList:
    given = judging.history(source(), pilot_id)
    return FeedbackList(pilot=pilot_id, judgements=tuple(holding(given)), history=tuple(given))
