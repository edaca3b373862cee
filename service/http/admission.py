"""Admission: what a request costs, and the answer to one that finds too many before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Final

from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from service.errors import BusyError
from service.http.reading import check_form_size
from service.messages.message import message

REFUSED: Final = "fundscout.refused"
"""Where the server writes that a request is not let in: in so many seconds it may come again."""


class Cost(StrEnum):
    """What a request costs: a probe nothing, a quick one a look-up, a costly one the model."""

    PROBE = "probe"
    QUICK = "quick"
    COSTLY = "costly"


COSTLY_ENDPOINTS: Final = frozenset(
    {
        "api.add_webhook",
        "api.match_text",
        "api.match_pilot",
        "api.read_file",
        "api.match_file",
        "api.add_pilot_from_file",
        "api.explain_call_for_pilot",
        "api.read_attention",
        "api.scan",
        "api.sheet_of_scan",
        "api.sheet_of_scan_months",
        "api.list_actors",
        "api.list_pilots_for_call",
        "api.preview_digest",
        "api.search_opportunities",
        "api.sheet_of_actors",
        "api.sheet_of_calls",
        "api.sheet_of_matches",
        "api.sheet_of_pilots_calls",
        "api.sheet_of_shortlist",
        "web.area_feed",
        "web.deadline_feed",
        "web.funder_feed",
        "web.pilot",
        "web.pilot_feed",
        "web.search_feed",
        "web.saved_search_feed",
        "api.match_search",
        "web.stored_search",
        "web.save_search",
        "web.explained_call",
        "web.judge",
        "web.call_explanation",
        "web.pilot_calendar",
        "web.pilots",
        "web.shared_pilot",
        "web.shortlist",
        "web.digest",
    }
)
"""Routes that search with the model, list thousands of calls, read a file, or ask what a name leads
to.
"""

FORM_ENDPOINTS: Final = frozenset({"web.search", "web.actors", "web.scan"})
"""Pages that search when something was asked; without a question they show a form."""

PROBE_ENDPOINTS: Final = frozenset({"api.healthz", "api.readyz", "watch.metrics"})
"""Routes for whoever watches the service."""


def cost_reader(app: Flask) -> Callable[[str, str, str], Cost]:
    """Return a function that tells what a request costs by its method, path and query."""
    routes = app.url_map.bind("localhost")

    def read_cost(method: str, path: str, query: str) -> Cost:
        try:
            endpoint, _ = routes.match(path, method)
        except (HTTPException, RequestRedirect):
            return Cost.QUICK
        if endpoint in PROBE_ENDPOINTS:
            return Cost.PROBE
        asks = method == "POST" or bool(query)
        costly = endpoint in COSTLY_ENDPOINTS or (endpoint in FORM_ENDPOINTS and asks)
        return Cost.COSTLY if costly and method != "OPTIONS" else Cost.QUICK

    return read_cost


def check_admission() -> None:
    """Check that the request was let in, and is of a size that is read.

    Raises:
        BusyError: the server did not let it in.
        InvalidRequest: it is a form with too many fields.
    """
    seconds = request.environ.get(REFUSED)
    if seconds is not None:
        raise BusyError(message("problem.busy", count=seconds), timedelta(seconds=seconds))
    check_form_size(request)
