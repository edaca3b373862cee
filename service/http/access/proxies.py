"""Whom a request comes from when a proxy hands it on: only proxies that are set are believed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from werkzeug.middleware.proxy_fix import ProxyFix

from service.access_settings import AccessSettings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PROXIED: Final = "fundscout.proxied"
"""Where it is written that a proxy has handed a request on: it comes from elsewhere."""

_THIS_MACHINE = "127.0.0.1"
_HEADERS = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


class ProxyHeaders:
    """Believes what a proxy says of whom it asks for, and forgets what others claim.

    A proxy on this machine that is not set is believed one thing, whether it was asked by https.
    """

    def __init__(self, app: WSGIApplication, settings: AccessSettings) -> None:
        self._app = app
        self._settings = settings
        self._by_proxy = ProxyFix(app, x_for=1, x_proto=1, x_host=0)
        self._by_neighbour = ProxyFix(app, x_for=0, x_proto=1, x_host=0)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request as from where it truly comes."""
        environ[PROXIED] = any(name in environ for name in _HEADERS)
        peer = environ.get("REMOTE_ADDR", "")
        if self._settings.is_proxy(peer):
            return self._by_proxy(environ, start_response)
        proto = environ.get("HTTP_X_FORWARDED_PROTO") if peer == _THIS_MACHINE else None
        for name in _HEADERS:
            environ.pop(name, None)
        if proto is None:
            return self._app(environ, start_response)
        environ["HTTP_X_FORWARDED_PROTO"] = proto
        return self._by_neighbour(environ, start_response)
