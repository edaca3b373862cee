"""An error as a page: what went wrong, what to do, and the way back."""

from __future__ import annotations

from flask import Response, make_response, request

from service.api.schemas import Problem
from service.web import render


def error_page(problem: Problem) -> Response:
    """Return ``problem`` as a page in the reader's language."""
    response = make_response(render.page("error.html", request, problem=problem))
    response.status_code = problem.status
    return response
