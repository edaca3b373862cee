"""The routes of who gets mails about a pilot, and of mails that came back.

There is no sign-in, so addresses are masked, and to ask for one says nothing of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, request

from service.api import examples_mail, problems
from service.api.blueprint import api
from service.api.desk import desk
from service.api.schemas_mail import (
    NOTE,
    Asking,
    BounceOutcome,
    BounceReport,
    NewRecipient,
    RecipientCard,
    RecipientList,
)
from service.errors import NotFoundError, ServiceError
from service.jobs import bounces, consent
from service.mail.reports import Report
from service.messages.message import message

_P = ParamSpec("_P")
_R = TypeVar("_R")


@api.get("/api/v1/pilots/<pilot_id>/recipients")
@api.output(RecipientList, description="Who follows.", example=examples_mail.RECIPIENT_LIST)
@api.doc(
    summary="List who gets mails about a pilot",
    description="Everybody who was asked, with what they said. Addresses are masked.",
    operation_id="listRecipients",
    tags=["Mails"],
    responses=problems.documented(e404="There is no pilot with this id."),
)
def list_recipients(pilot_id: str) -> RecipientList:
    """Return a pilot's recipients."""
    return listed(pilot_id)


@api.post("/api/v1/pilots/<pilot_id>/recipients")
@api.input(NewRecipient, arg_name="given", example=examples_mail.NEW_RECIPIENT)
@api.output(
    Asking,
    status_code=202,
    description="The address is asked, if it may be.",
    example=examples_mail.ASKING,
)
@api.doc(
    summary="Ask an address whether it wants mails about a pilot",
    description=(
        "Sends a question with a link. Mails come only once somebody has opened it and said yes. "
        "An address is asked three times a day at most. The answer says nothing of whether the "
        "address is known here, has said no, or is never mailed."
    ),
    operation_id="addRecipient",
    tags=["Mails"],
    responses=problems.documented(
        e400="The body is not JSON in UTF-8.",
        e404="There is no pilot with this id.",
        e413="The body is larger than 1024 KiB: send less.",
        e415="Send JSON and say so: Content-Type: application/json.",
        e422="This is no mail address, or mails are not written in the language.",
        e429="Many addresses were asked in the last hour: try again in an hour.",
    ),
)
def add_recipient(pilot_id: str, given: NewRecipient) -> tuple[Asking, int]:
    """Ask an address."""
    desk().ask(pilot_id, given.address, given.language, source="api")
    return Asking(pilot=pilot_id, note=NOTE), 202


@api.delete("/api/v1/pilots/<pilot_id>/recipients/<recipient_id>")
@api.output(RecipientList, description="Who follows now.", example=examples_mail.RECIPIENT_LIST)
@api.doc(
    summary="Take a recipient off the list of a pilot",
    description="No more mails go out about this pilot; twice changes nothing.",
    operation_id="removeRecipient",
    tags=["Mails"],
    responses=problems.documented(e404="There is no such pilot, or no such recipient of it."),
)
def remove_recipient(pilot_id: str, recipient_id: str) -> RecipientList:
    """Take a recipient off."""
    consent.take_off(desk().context, pilot_id, recipient_id, "removed by api")
    return listed(pilot_id)


def listed(pilot_id: str) -> RecipientList:
    """Return a pilot's recipients with masked addresses; raise when there is no such pilot."""
    context = desk().context
    if context.pilots.get(pilot_id) is None:
        raise NotFoundError(message("problem.pilot.listed", id=pilot_id))
    found = context.recipients.all(pilot_id=pilot_id)
    return RecipientList(pilot=pilot_id, recipients=tuple(map(RecipientCard.of, found)))


def _with_secret(view: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let only those in who know the secret, before anything of the request is read."""

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        secret = _secret()
        if not secret:
            abort(403, "Bounces are not taken here: set FUNDSCOUT_BOUNCE_SECRET_FILE.")
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            abort(401, "Send the secret: Authorization: Bearer SECRET.")
        return view(*args, **kwargs)

    return guarded


@api.post("/api/v1/bounces")
@_with_secret
@api.input(BounceReport, arg_name="given", example=examples_mail.BOUNCE_REPORT)
@api.output(BounceOutcome, description="What it changed.", example=examples_mail.BOUNCE_OUTCOME)
@api.doc(
    summary="Report that a mail came back",
    description=(
        "For the mail provider's webhook. After a hard bounce or a complaint the address is never "
        "mailed again; what a mail told that did not arrive is told by the next. A report of a "
        "mail that is not ours, or that was reported before, changes nothing."
    ),
    operation_id="reportBounce",
    tags=["Mails"],
    responses=problems.documented(
        e400="The body is not JSON in UTF-8.",
        e401="Send the secret: Authorization: Bearer SECRET.",
        e403="Bounces are not taken here: set FUNDSCOUT_BOUNCE_SECRET_FILE.",
        e413="The body is larger than 1024 KiB: send less.",
        e415="Send JSON and say so: Content-Type: application/json.",
        e422="Some values cannot be used: correct the fields named in errors.",
    ),
)
def report_bounce(given: BounceReport) -> BounceOutcome:
    """Keep what became of a mail."""
    named = f"<{given.message_id.strip().strip('<>')}>"
    reason = " ".join(given.reason.split()) or "reported by the mail provider"
    report = Report(given.kind, reason, (named,))
    return BounceOutcome(outcome=bounces.note(desk().context, report))


def _secret() -> str:
    path = desk().context.settings.mail.bounce_secret_file
    if path is None:
        return ""
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ServiceError(
            "The secret of bounces cannot be read: see FUNDSCOUT_BOUNCE_SECRET_FILE."
        ) from error
