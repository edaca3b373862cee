"""How many requests a key, a person or an address may send, with the standard headers.

Whoever is not let in is counted by address, so that keys and passwords cannot be tried at will.
What is counted is in memory. Where everything is open, nothing is counted.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from datetime import timedelta
from typing import Final, cast

from flask import Flask, Request, Response, current_app, request
from flask_limiter import ApplicationLimit, Limiter, RequestLimit

from service.access_settings import read_ip
from service.domain.access.principal import PrincipalKind, acting
from service.errors import TooManyError
from service.http.admission import Cost, cost_reader
from service.http.app_context import app_context
from service.messages.message import message

_LIMITER: Final = "fundscout.limiter"
_READ_COST: Final = "fundscout.read_cost"
_UNCOUNTED: Final = frozenset({"static", "api.healthz", "web.show_stop", "web.stop"})
"""Routes that anybody may ask for at any time: files, the probe, and to stop mails."""

_ONE_NETWORK: Final = 64
"""Bits of an IPv6 address that a provider gives to one household: one client."""


def limit_rates(app: Flask) -> None:
    """Count the requests of ``app`` by whoever sends them, and refuse those above the settings."""
    limiter = Limiter(
        _client,
        application_limits=[
            ApplicationLimit(_rate, scope="requests", exempt_when=_is_uncounted),
            ApplicationLimit(_search_rate, scope="searches", exempt_when=_is_no_search),
        ],
        strategy="moving-window",
        storage_uri="memory://",
        headers_enabled=False,
    )
    limiter.logger.setLevel(logging.WARNING)  # what is refused would be logged with its address
    app.extensions[_LIMITER] = limiter
    app.extensions[_READ_COST] = cost_reader(app)
    limiter.init_app(app)
    app.after_request(_add_headers)


def too_many() -> TooManyError:
    """Return the error for the request that is refused now: how long to wait."""
    limit = _limiter().current_limit
    wait = timedelta(seconds=_seconds_left(limit) if limit else 60)
    seconds = int(wait.total_seconds())
    return TooManyError(message("problem.rate", count=seconds), wait)


def client_of(sent: Request) -> str:
    """Return what a client is counted by: its key, its person or its address."""
    principal = acting()
    return principal.owner or f"address:{address_of(sent)}"


def address_of(sent: Request) -> str:
    """Return the address that a request comes from; of IPv6 the network of one household."""
    address = read_ip(sent.remote_addr or "")
    if address is None:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, _ONE_NETWORK), strict=False))


def _client() -> str:
    return client_of(request)


def _rate() -> str:
    return f"{app_context().settings.access.rate or 1}/minute"


def _search_rate() -> str:
    return f"{app_context().settings.access.search_rate or 1}/minute"


def _is_uncounted() -> bool:
    is_open = acting().kind is PrincipalKind.OPERATOR
    return is_open or request.endpoint in _UNCOUNTED or not app_context().settings.access.rate


def _is_no_search() -> bool:
    read_cost = current_app.extensions[_READ_COST]
    query = request.query_string.decode("latin-1")
    is_search = read_cost(request.method, request.path, query) is Cost.COSTLY
    is_open = acting().kind is PrincipalKind.OPERATOR
    return is_open or not is_search or not app_context().settings.access.search_rate


def _add_headers(response: Response) -> Response:
    """Say how many requests are left, and when more come."""
    limits = _limiter().current_limits
    if limits:
        tightest = min(limits, key=lambda one: one.remaining)
        response.headers["RateLimit-Limit"] = str(tightest.limit.amount)
        response.headers["RateLimit-Remaining"] = str(max(0, tightest.remaining))
        response.headers["RateLimit-Reset"] = str(_seconds_left(tightest))
    return response


def _seconds_left(limit: RequestLimit) -> int:
    return min(limit.limit.get_expiry(), max(1, round(limit.reset_at - time.time())))


def _limiter() -> Limiter:
    return cast("Limiter", current_app.extensions[_LIMITER])
