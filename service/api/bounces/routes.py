"""The route that takes reports of mails that came back."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, request

from service.api import problems
from service.api.blueprint import api
from service.api.bounces import examples
from service.api.bounces.schemas import BounceOutcome, BounceReport
from service.http.app_context import app_context
from service.use_cases import bounces as use_cases

_P = ParamSpec("_P")
_R = TypeVar("_R")


def _with_secret(view: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let only those in who know the secret, before anything of the request is read."""

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        secret = use_cases.read_bounce_secret(app_context())
        if not secret:
            abort(403, "Bounces are not taken here: set FUNDSCOUT_BOUNCE_SECRET_FILE.")
        authorization = request.headers.get("Authorization", "")
        if not hmac.compare_digest(authorization.encode(), f"Bearer {secret}".encode()):
            abort(401, "Send the secret: Authorization: Bearer SECRET.")
        return view(*args, **kwargs)

    return guarded


@api.post("/api/v1/bounces")
@_with_secret
@api.input(BounceReport, arg_name="body", example=examples.BOUNCE_REPORT)
@api.output(BounceOutcome, description="What it changed.", example=examples.BOUNCE_OUTCOME)
@api.doc(
    summary="Report that a mail came back",
    description=(
        "For the mail provider's webhook. After a hard bounce or a complaint the address is never "
        "mailed again; what a mail told that did not arrive is told by the next. A report of a "
        "mail that is not ours, or that was reported before, changes nothing."
    ),
    operation_id="reportBounce",
    tags=["Mails"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e401="Send the secret: Authorization: Bearer SECRET.",
        e403="Bounces are not taken here: set FUNDSCOUT_BOUNCE_SECRET_FILE.",
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
    ),
)
def report_bounce(body: BounceReport) -> BounceOutcome:
    """Keep what became of a mail."""
    outcome = use_cases.report_bounce(app_context(), body.message_id, body.kind, body.reason)
    return BounceOutcome(outcome=outcome)
