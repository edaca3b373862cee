"""Problems as the API answers with them, and as its documentation describes them."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app

from service.errors import NotFoundError, UnknownCallError, UnknownPilotError
from service.http.problems import Problem, problem

MEDIA_TYPE = "application/problem+json"

Responses = dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]
"""Answers as OpenAPI describes them, by status."""

UNKNOWN_IDS: dict[type[NotFoundError], str] = {
    UnknownPilotError: "problem.pilot.listed",
    UnknownCallError: "problem.call.listed",
}
"""What a tool is told of an id that there is not: where the ids are listed."""

UNREADABLE = "The body is not JSON in UTF-8."
INVALID = "Some values cannot be used: correct the fields named in errors."
NOT_READY = "There is no index yet: run `fundscout reindex`."
TOO_LARGE = "The body is larger than 1024 KiB: send less."
NOT_JSON = "Send JSON and say so: Content-Type: application/json."
DATABASE = "The database cannot be read."
NO_PILOT = "There is no pilot with this id."
NO_CALL = "There is no call with this id."
NO_PAIR = "There is no pilot or no call with this id."


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
