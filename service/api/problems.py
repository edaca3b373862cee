"""Problems as the API answers with them, and as its documentation describes them."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app

from service.errors import NotFoundError, UnknownCallError, UnknownPilotError
from service.http.problems import Problem, problem
from service.http.request_ids import request_id

MEDIA_TYPE = "application/problem+json"

_REQUEST_ID = "5f0c7d5e9b6f4a0f9d1c1b6a3e2d4c5b"

Responses = dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]
"""Answers as OpenAPI describes them, by status."""

UNKNOWN_IDS: dict[type[NotFoundError], str] = {
    UnknownPilotError: "problem.pilot.listed",
    UnknownCallError: "problem.call.listed",
}
"""Keys of messages for an unknown id: they say where a tool finds the ids."""

UNREADABLE = "The body is not JSON in UTF-8."
INVALID = "Some values cannot be used: correct the fields named in errors."
NOT_READY = "There is no index yet: run `fundscout reindex`."
TOO_LARGE = "The body is larger than 1024 KiB: send less."
FILE_TOO_LARGE = "The form is larger than 10 MB: send a smaller file, or its text."
CROSS_SITE = "A page of another site sent the form."
BUSY = "Too many requests at once: the header Retry-After says when to come again."
NOT_JSON = "Send JSON and say so: Content-Type: application/json."
DATABASE = "The database cannot be read."
NOT_OWNER = "This belongs to somebody else: its owner or an administrator may do it."
NO_PILOT = "There is no pilot with this id."
STALE = "The pilot has changed since you read it."
NO_ETAG = "The header If-Match is missing: send the ETag of the pilot as you read it."
NO_CALL = "There is no call with this id."
NO_SHEET = "There is nothing in this form: an address ends in .csv or .xlsx."
NO_PILOT_OR_CALL = "There is no pilot or no call with this id."


def respond(error: Problem) -> Response:
    """Return ``error`` as an answer in the media type of problems."""
    named = error.model_copy(update={"request_id": request_id()})
    body = current_app.json.dumps(named.model_dump(mode="json"))
    return Response(body, status=error.status, mimetype=MEDIA_TYPE)


def document_problems(**details: str) -> Responses:
    """Return the OpenAPI responses for errors, given as ``e404="what it means here"``."""
    schema = {"$ref": "#/components/schemas/Problem"}
    responses: Responses = {}
    for name, detail in details.items():
        status = int(name.removeprefix("e"))
        example = problem(status, detail).model_dump(mode="json") | {"request_id": _REQUEST_ID}
        responses[status] = {
            "description": detail,
            "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
        }
    return responses
