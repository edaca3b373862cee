"""An error as a page: what went wrong, what to do, and the way back."""

from __future__ import annotations

from flask import Response, make_response, request

from service.http.problems import Problem
from service.web import render
from service.web.words import language_of, words


def error_page(problem: Problem, *, general: bool) -> Response:
    """Return ``problem`` as a page in the reader's language.

    Args:
        problem: what a tool would be told.
        general: whether it is the protocol's own error, for which people need other words.
    """
    said = words(language_of(request))
    key = f"error.{problem.status}"
    detail = said(key) if general and said.has(key) else said.say(problem.detail)
    foreign = detail == problem.detail and said.language != "en"
    page = render.page("error.html", request, problem=problem, detail=detail, foreign=foreign)
    response = make_response(page)
    response.status_code = problem.status
    return response
