"""An error as a page: what went wrong, what to do, and the way back."""

from __future__ import annotations

from flask import Response, make_response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from index.errors import IndexingError
from service.errors import ServiceError, TooManyError
from service.http.problems import Problem, database_message
from service.messages.catalogue import SOURCE
from service.messages.message import VERBATIM, Message, verbatim
from service.messages.notes import from_error
from service.messages.words import words
from service.web import render
from service.web.words import language_of


def error_page(problem: Problem, error: Exception) -> Response:
    """Return ``error`` as a page; ``problem`` is what a tool gets for it.

    The protocol's own errors have other words for people.
    """
    t = words(language_of(request))
    key = f"error.{problem.status}"
    has_own_words = isinstance(error, TooManyError) and error.message is not None
    general = isinstance(error, (HTTPException, TooManyError)) and not has_own_words
    if general and t.has(key):
        detail, foreign = t(key), False
    else:
        message = _message(problem, error)
        detail = t.say(message)
        foreign = message.key == VERBATIM and t.language != SOURCE
    page = render.render_page(
        "error.html", request, problem=problem, detail=detail, foreign=foreign
    )
    response = make_response(page)
    response.status_code = problem.status
    return response


def _message(problem: Problem, error: Exception) -> Message:
    if isinstance(error, SQLAlchemyError):
        return database_message(error)
    if isinstance(error, (ServiceError, IndexingError)):
        return from_error(error)
    return verbatim(problem.detail)
