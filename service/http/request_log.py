"""Each request with an id, counted, and written to the access log when that is on.

A line says which route was asked, never with what: neither the path nor the query, which may hold
a link's key or a pilot's text, and no address of anybody.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any, Final

from flask import Flask, Response, g, request

from service.http.metrics import RequestMetrics
from service.http.request_ids import HEADER, request_id

METRICS: Final = "fundscout.metrics"
"""Where the application keeps its `RequestMetrics`."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER_METHOD, _NO_ROUTE = "OTHER", "none"

_guard = threading.Lock()


def observe_requests(app: Flask, metrics: RequestMetrics, *, log: bool) -> None:
    """Give every request an id, and count every answer; to be called before other hooks are added.

    Args:
        app: the application.
        metrics: what counts.
        log: whether each answer is a line on standard output.
    """
    app.extensions[METRICS] = metrics

    def begin() -> None:
        g.request_began = time.perf_counter()

    def end(response: Response) -> Response:
        # flask calls what was added first last, so the answer is whole
        seconds = time.perf_counter() - g.get("request_began", time.perf_counter())
        number = request_id()
        response.headers[HEADER] = number
        metrics.count(_method(), route_of_request(), response.status_code, seconds)
        if log:
            _write(_line(response, number, seconds))
        return response

    app.before_request(begin)
    app.after_request(end)


def route_of_request() -> str:
    """Return the template of the route that is asked, such as ``/calls/<path:call_id>``."""
    return request.url_rule.rule if request.url_rule else _NO_ROUTE


def _method() -> str:
    return request.method if request.method in _METHODS else _OTHER_METHOD


def _line(response: Response, number: str, seconds: float) -> dict[str, Any]:
    sent = 0 if request.method == "HEAD" else response.calculate_content_length()
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "id": number,
        "method": _method(),
        "route": route_of_request(),
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "bytes": sent if sent is not None else response.content_length or 0,
    }


def _write(line: dict[str, Any]) -> None:
    """Write a line whole; threads take turns."""
    with _guard:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
