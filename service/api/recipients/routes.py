"""The routes of recipients: who gets mails about a pilot.

Addresses are masked, and no answer says whether one is known here: whoever is let in learns no more
of an address than its domain.
"""

from __future__ import annotations

from flask import request

from service.api import problems
from service.api.blueprint import api
from service.api.recipients import examples
from service.api.recipients.schemas import NOTE, UNSENDABLE, ConsentQuestion, NewRecipient
from service.http.access.rate_limits import client_of
from service.http.app_context import app_context
from service.http.idempotency import once
from service.use_cases import recipients as use_cases
from service.use_cases.pilots import get_pilot
from service.use_cases.recipients import RecipientList


@api.get("/api/v1/pilots/<pilot_id>/recipients")
@api.output(RecipientList, description="Who follows.", example=examples.RECIPIENT_LIST)
@api.doc(
    summary="List who gets mails about a pilot",
    description="Everybody who was asked, with what they said. Addresses are masked.",
    operation_id="listRecipients",
    tags=["Mails"],
    responses=problems.document_problems(e404=problems.NO_PILOT),
)
def list_recipients(pilot_id: str) -> RecipientList:
    """Return a pilot's recipients."""
    return use_cases.list_recipients(app_context(), pilot_id)


@api.post("/api/v1/pilots/<pilot_id>/recipients")
@once
@api.input(NewRecipient, arg_name="body", example=examples.NEW_RECIPIENT)
@api.output(
    ConsentQuestion,
    status_code=202,
    description="The address is asked, if it may be.",
    example=examples.CONSENT_QUESTION,
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
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e404=problems.NO_PILOT,
        e409="The pilot is put away, or the same request is still being answered.",
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422="This is no mail address, or mails are not written in the language.",
        e429="Many addresses were asked in the last hour: try again in an hour.",
    ),
)
def add_recipient(pilot_id: str, body: NewRecipient) -> tuple[ConsentQuestion, int]:
    """Ask an address."""
    can_send = use_cases.add_recipient(
        app_context(),
        pilot_id,
        body.address,
        body.language,
        source="api",
        client=client_of(request),
    )
    return ConsentQuestion(pilot=pilot_id, note=NOTE if can_send else UNSENDABLE), 202


@api.delete("/api/v1/pilots/<pilot_id>/recipients/<recipient_id>")
@api.output(RecipientList, description="Who follows now.", example=examples.RECIPIENT_LIST)
@api.doc(
    summary="Take a recipient off the list of a pilot",
    description="No more mails go out about this pilot; twice changes nothing.",
    operation_id="removeRecipient",
    tags=["Mails"],
    responses=problems.document_problems(
        e404="There is no such pilot, or no such recipient of it."
    ),
)
def remove_recipient(pilot_id: str, recipient_id: str) -> RecipientList:
    """Take a recipient off."""
    context = app_context()
    get_pilot(context, pilot_id)
    use_cases.remove_recipient(context, pilot_id, recipient_id, "removed by api")
    return use_cases.list_recipients(context, pilot_id)
