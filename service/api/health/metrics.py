"""The route of the figures for Prometheus. It is text and no JSON, so OpenAPI does not name it."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, current_app

from service.http.metrics import CONTENT_TYPE
from service.http.request_log import METRICS

watch = APIBlueprint("watch", __name__, enable_openapi=False)


@watch.get("/metrics")
def metrics() -> Response:
    """Return requests and latency by route, and the state of store, index, sources and mails."""
    return Response(current_app.extensions[METRICS].render(), content_type=CONTENT_TYPE)
