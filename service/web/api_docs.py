"""The API's documentation: a list of its operations, and a page for each with a form to try it."""

from __future__ import annotations

import json
from typing import Any, cast

from apiflask import APIFlask
from flask import abort, current_app, request
from flask.typing import ResponseReturnValue

from service.web import render
from service.web.pages import web


@web.get("/docs")
def docs() -> ResponseReturnValue:
    """List the API's operations by what they are about."""
    return render.render_page("docs.html", request, spec=_spec())


@web.get("/docs/<operation_id>")
def operation(operation_id: str) -> ResponseReturnValue:
    """Show what one operation takes and answers, with a form to try it.

    Raises:
        HTTPException: 404 when the API has no such operation.
    """
    for path, operations in _spec()["paths"].items():
        for method, found in operations.items():
            if found["operationId"] == operation_id:
                return render.render_page(
                    "operation.html",
                    request,
                    path=path,
                    method=method,
                    operation=found,
                    pretty=_format_json,
                )
    return abort(404)


def _spec() -> dict[str, Any]:
    return cast("dict[str, Any]", cast("APIFlask", current_app).spec)


def _format_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
