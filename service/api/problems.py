"""Errors in the form of RFC 9457: a title, a status, and what to do. Never a stack trace."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, current_app
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from index.errors import IndexingError
from service.api.adapter import InvalidRequest
from service.api.schemas import FieldError, Problem
from service.errors import ConflictError, ForbiddenError, InputError, NotFoundError, ServiceError
from service.messages.message import message
from service.messages.render import english

MEDIA_TYPE = "application/problem+json"

KINDS: tuple[type[Exception], ...] = (ServiceError, IndexingError, SQLAlchemyError)
"""What a view may raise that is not an HTTP error but has words for the reader."""

Responses = dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]
"""Answers as OpenAPI describes them, by status."""

_ADVICE = {
    400: "The request cannot be read: see the documentation at /docs.",
    401: "A secret is needed: see the documentation at /docs.",
    403: "This is not allowed here.",
    404: "There is nothing at this address: /openapi.json lists every route.",
    405: "This address does not take that method: see the header Allow.",
    413: "The body is larger than {limit} KiB: send less.",
    415: "Send JSON and say so: Content-Type: application/json.",
    500: "Something went wrong here. It has been logged; the request changed nothing more.",
    503: "The service cannot answer now: try again soon.",
}

DATABASE = message("problem.database.unread")
"""What is said when the database fails under a request."""

_OURS = {ForbiddenError: 403, InputError: 422, NotFoundError: 404, ConflictError: 409}


def of(error: Exception) -> Problem:
    """Return the problem that ``error`` is to a client; its words are fit to show."""
    if isinstance(error, InvalidRequest):
        return problem(422, error.description or "", error.errors)
    if isinstance(error, HTTPException):
        return problem(error.code or 500, _http_detail(error))
    for kind, status in _OURS.items():
        if isinstance(error, kind):
            return problem(status, str(error))
    if isinstance(error, (ServiceError, IndexingError)):
        return problem(503, str(error))
    if isinstance(error, SQLAlchemyError):
        return problem(503, english(DATABASE))
    return problem(500, _ADVICE[500])


def problem(status: int, detail: str, errors: tuple[FieldError, ...] = ()) -> Problem:
    """Return a problem of ``status`` with what to do in ``detail``."""
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors)


def respond(found: Problem) -> Response:
    """Return ``found`` as an answer."""
    body = current_app.json.dumps(found.model_dump(mode="json"))
    return Response(body, status=found.status, mimetype=MEDIA_TYPE)


def documented(**details: str) -> Responses:
    """Return the OpenAPI responses for errors, given as ``e404="what it means here"``."""
    schema = {"$ref": "#/components/schemas/Problem"}
    found: Responses = {}
    for name, detail in details.items():
        status = int(name.removeprefix("e"))
        example = problem(status, detail).model_dump(mode="json")
        found[status] = {
            "description": detail,
            "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
        }
    return found


def _http_detail(error: HTTPException) -> str:
    """Return our own words when werkzeug only has its general ones."""
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        limit = (current_app.config["MAX_CONTENT_LENGTH"] or 0) // 1024
        return _ADVICE[413].format(limit=limit)
    general = type(error).description == error.description
    if general or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _ADVICE.get(status, error.description or HTTPStatus(status).phrase)
    return error.description or HTTPStatus(status).phrase
