"""Errors as problems of RFC 9457: a title, a status, and what to do. Never a stack trace."""

from __future__ import annotations

from http import HTTPStatus

from flask import request
from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from index.errors import IndexingError
from service.domain.frozen_model import FrozenModel
from service.errors import (
    ConflictError,
    ForbiddenError,
    GoneError,
    InputError,
    NotFoundError,
    ServiceError,
    StaleError,
    TooManyError,
    UnauthorizedError,
    UntrustedHostError,
    sentence_of,
)
from service.http.reading import FieldError, InvalidRequest
from service.messages.message import Message, message
from service.messages.render import english

ERRORS: tuple[type[Exception], ...] = (ServiceError, IndexingError, SQLAlchemyError)
"""Errors of ours that a view may raise; each has words for the reader."""

_ADVICE = {
    400: "The request cannot be read: see the documentation at /docs.",
    401: "A secret is needed: see the documentation at /docs.",
    403: "This is not allowed here.",
    404: "There is nothing at this address: /openapi.json lists every route.",
    405: "This address does not take that method: see the header Allow.",
    412: "It has changed since: read it again, and send its new ETag in the header If-Match.",
    413: "The body is larger than {limit} KiB: send less.",
    414: "The address is too long: send less of it, or a body with POST.",
    415: "Send JSON and say so: Content-Type: application/json.",
    428: "Say which state you change: send the ETag of what you read in the header If-Match.",
    431: "The headers are too long: send fewer or shorter ones.",
    500: "Something went wrong here. It has been logged; the request changed nothing more.",
    503: "The service cannot answer now: try again soon.",
}

DATABASE_UNREAD = message("problem.database.unread")
"""The message when the database fails under a request."""

_WRITE_FAILURES = ("full", "readonly", "disk I/O")
"""Words of SQLite for a disk that takes nothing more."""

_STATUSES: dict[type[ServiceError], int] = {
    UntrustedHostError: 400,
    UnauthorizedError: 401,
    ForbiddenError: 403,
    InputError: 422,
    NotFoundError: 404,
    ConflictError: 409,
    GoneError: 410,
    StaleError: 412,
    TooManyError: 429,
}


class Problem(FrozenModel):
    """An error in the form of RFC 9457."""

    type: str = Field(default="about:blank", description="`about:blank`: the title says it all.")
    title: str
    status: int
    detail: str = Field(description="What went wrong and what to do.")
    errors: tuple[FieldError, ...] = Field(default=(), description="Fields to correct, if any.")
    request_id: str = Field(
        default="", description="The id of the request, as in the header X-Request-Id."
    )


def problem_of(error: Exception, keys: dict[type[NotFoundError], str] | None = None) -> Problem:
    """Return ``error`` as a problem whose words are fit to show to anybody.

    Args:
        error: what was raised.
        keys: messages for unknown ids that go before the error's own, by its class.
    """
    if isinstance(error, InvalidRequest):
        return problem(422, error.description or "", error.errors)
    if isinstance(error, HTTPException):
        return problem(error.code or 500, _http_detail(error))
    for kind, status in _STATUSES.items():
        if isinstance(error, kind):
            return problem(status, sentence_of(error, keys or {}))
    if isinstance(error, (ServiceError, IndexingError)):
        return problem(503, str(error))
    if isinstance(error, SQLAlchemyError):
        return problem(503, english(database_message(error)))
    return problem(500, _ADVICE[500])


def database_message(error: SQLAlchemyError) -> Message:
    """Return what is wrong with the database: it is full, say, or cannot be read."""
    reason = str(getattr(error, "orig", None) or "").partition("\n")[0]
    if any(words in reason for words in _WRITE_FAILURES):
        return message("problem.database", why=reason)
    return DATABASE_UNREAD


def problem(status: int, detail: str, errors: tuple[FieldError, ...] = ()) -> Problem:
    """Return a problem of ``status`` with what to do in ``detail``."""
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors)


def _http_detail(error: HTTPException) -> str:
    """Return our own advice where werkzeug has only its general words."""
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        limit = (request.max_content_length or 0) // 1024
        return _ADVICE[413].format(limit=limit)
    general = type(error).description == error.description
    if general or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _ADVICE.get(status, error.description or HTTPStatus(status).phrase)
    return error.description or HTTPStatus(status).phrase
