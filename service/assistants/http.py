"""The MCP server over HTTP: every request acts as whoever its key says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import uvicorn
from anyio import to_thread
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from service.access_settings import is_loopback
from service.assistants.readers import CheckReader
from service.domain.access.principal import as_principal
from service.errors import ForbiddenError, UnauthorizedError

PATH: Final = "/mcp"
_LARGEST_REQUEST = 256 * 1024
_LOCAL_HOSTS = ["127.0.0.1:*", "localhost:*", "[::1]:*"]
_SCHEME = "bearer "


class _ReadersOnly:
    """Lets in requests of those who may read, and answers each as its sender may see."""

    def __init__(self, app: ASGIApp, check_reader: CheckReader) -> None:
        self._app = app
        self._check_reader = check_reader

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 or 403 and why, unless the sender may read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            reader = await to_thread.run_sync(self._check_reader, _key_of(Headers(scope=scope)))
        except UnauthorizedError as error:
            await _refusal(401, error)(scope, receive, send)
        except ForbiddenError as error:
            await _refusal(403, error)(scope, receive, send)
        else:
            with as_principal(reader):
                await self._app(scope, receive, send)


def _refusal(status: int, error: Exception) -> JSONResponse:
    challenge = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004  no key
    return JSONResponse({"error": str(error)}, status_code=status, headers=challenge)


def _key_of(headers: Headers) -> str:
    value = headers.get("authorization", "")
    if value.lower().startswith(_SCHEME):
        return value[len(_SCHEME) :].strip()
    return headers.get("x-api-key", "").strip()


def http_app(
    server: MCPServer[Any], host: str, check_reader: CheckReader, names: Sequence[str] = ()
) -> Starlette:
    """Return ``server`` as an ASGI application at `PATH`.

    Args:
        server: the tools.
        host: the address that it will listen on.
        check_reader: tells who asks with a key.
        names: further names that it is asked for by, such as a proxy's.
    """
    known = [*names, *([] if is_loopback(host) else [f"[{host}]" if ":" in host else host])]
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=_LARGEST_REQUEST,
        transport_security=TransportSecuritySettings(
            allowed_hosts=[*_LOCAL_HOSTS, *known, *(f"{name}:*" for name in known)],
            allowed_origins=[],
        ),
        host=host,
    )
    app.add_middleware(_ReadersOnly, check_reader=check_reader)
    return app


def serve_http(app: Starlette, host: str, port: int) -> None:
    """Serve until stopped."""
    uvicorn.run(
        app, host=host, port=port, log_level="warning", access_log=False, timeout_keep_alive=30
    )
