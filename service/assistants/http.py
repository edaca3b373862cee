"""The MCP server over HTTP: for this machine alone, or for whoever has a key."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any, Final

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import InputError

CheckKey = Callable[[str], bool]
"""Returns whether a key that somebody sent may read."""

PATH: Final = "/mcp"
_LARGEST_REQUEST = 256 * 1024
_LOCAL_HOSTS = ["127.0.0.1:*", "localhost:*", "[::1]:*"]
_SCHEME = "bearer "
_NO_KEY = "Send a key: Authorization: Bearer KEY."


class _KeyRequired:
    """Lets in requests that bring a key which may read."""

    def __init__(self, app: ASGIApp, check_key: CheckKey) -> None:
        self._app = app
        self._check_key = check_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 unless the request has a key."""
        if scope["type"] == "http" and not self._check_key(_key_of(Headers(scope=scope))):
            answer = JSONResponse(
                {"error": _NO_KEY}, status_code=401, headers={"WWW-Authenticate": "Bearer"}
            )
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _key_of(headers: Headers) -> str:
    value = headers.get("authorization", "")
    return value[len(_SCHEME) :].strip() if value.lower().startswith(_SCHEME) else ""


def http_app(
    server: MCPServer[Any],
    host: str,
    check_key: CheckKey | None = None,
    names: list[str] | None = None,
) -> Starlette:
    """Return ``server`` as an ASGI application at `PATH`.

    Args:
        server: the tools.
        host: the address that it will listen on.
        check_key: who may read; None lets in whoever is on this machine.
        names: further values of the Host header that are answered, such as a proxy's.

    Raises:
        InputError: it would listen to other machines without keys.
    """
    if check_key is None and not is_loopback(host):
        raise InputError(
            f"{host} can be reached from other machines, and no keys are set up: listen on "
            "127.0.0.1, or use `fundscout mcp` without --http."
        )
    allowed = [*_LOCAL_HOSTS, *(names or [])]
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=_LARGEST_REQUEST,
        transport_security=TransportSecuritySettings(
            allowed_hosts=allowed if is_loopback(host) else [*allowed, host, f"{host}:*"],
            allowed_origins=[],
        ),
        host=host,
    )
    if check_key is not None:
        app.add_middleware(_KeyRequired, check_key=check_key)
    return app


def serve_http(server: MCPServer[Any], host: str, port: int, check_key: CheckKey | None) -> None:
    """Serve until stopped.

    Raises:
        InputError: it would listen to other machines without keys.
    """
    app = http_app(server, host, check_key)
    uvicorn.run(
        app, host=host, port=port, log_level="warning", access_log=False, timeout_keep_alive=30
    )


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
