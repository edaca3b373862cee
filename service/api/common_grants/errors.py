"""Errors in CommonGrants' own form, for its routes."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app

from service.api.common_grants.answers import CommonGrantsError
from service.api.problems import Responses
from service.http.problems import Problem

PREFIX = "/common-grants/"
"""What the addresses of the protocol begin with."""

_MEDIA_TYPE = "application/json"


def respond(problem: Problem) -> Response:
    """Return ``problem`` as an answer in the protocol's form."""
    body = current_app.json.dumps(_error(problem.status, problem.detail, problem).dump())
    return Response(body, status=problem.status, mimetype=_MEDIA_TYPE)


def document_errors(**details: str) -> Responses:
    """Return the OpenAPI responses for errors, given as ``e404="what it means here"``."""
    schema = {"$ref": "#/components/schemas/CommonGrantsError"}
    responses: Responses = {}
    for name, detail in details.items():
        status = int(name.removeprefix("e"))
        content: dict[str, Any] = {"schema": schema, "example": _error(status, detail).dump()}
        responses[status] = {"description": detail, "content": {_MEDIA_TYPE: content}}
    return responses


def _error(status: int, detail: str, problem: Problem | None = None) -> CommonGrantsError:
    fields = [one.model_dump() for one in problem.errors] if problem else []
    return CommonGrantsError(status=status, message=detail, errors=fields)
