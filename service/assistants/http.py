"""The MCP server over HTTP: every request acts as whoever its key says."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
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
from service.domain.access.principal import OPERATOR, Principal, as_principal
from service.errors import ForbiddenError, ServiceError, TooManyError, UnauthorizedError
from service.messages.message import message
from service.throttle import Throttle, requests_a_minute

PATH: Final = "/mcp"
_LARGEST_REQUEST = 256 * 1024
_LOCAL_HOSTS = ["127.0.0.1:*", "localhost:*", "[::1]:*"]
_SCHEME = "bearer "


class _ReadersOnly:
    """Lets in requests of those who may read, and answers each as its sender may see.

    As many are answered at once as the settings let search; the others wait.
    """

    def __init__(
        self, app: ASGIApp, check_reader: CheckReader, throttle: Throttle | None, at_once: int
    ) -> None:
        self._app = app
        self._check_reader = check_reader
        self._throttle = throttle
        self._turns = asyncio.Semaphore(at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401, 403 or 429 and why, unless the sender may read now."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer: ASGIApp
        try:
            reader = await to_thread.run_sync(self._reader_of, scope)
        except UnauthorizedError as error:
            answer = _refusal(401, error)
        except ForbiddenError as error:
            answer = _refusal(403, error)
        except TooManyError as error:
            answer = _refusal(429, error, wait=error.wait)
        else:
            async with self._turns:
                with as_principal(reader):
                    await self._app(scope, receive, send)
            return
        await answer(scope, receive, send)

    def _reader_of(self, scope: Scope) -> Principal:
        """Return who sends a request, which is counted; wrong keys by the address they come from.

        Raises:
            UnauthorizedError: nobody who is known.
            ForbiddenError: somebody who may not read.
            TooManyError: too many requests in the last minute.
        """
        address = f"address:{(scope.get('client') or ('unknown',))[0]}"
        self._check_rate(address)
        try:
            reader = self._check_reader(_key_of(Headers(scope=scope)))
        except UnauthorizedError:
            self._count(address)  # keys cannot be tried at will
            raise
        if reader != OPERATOR:
            self._check_rate(reader.owner)
            self._count(reader.owner)
        return reader

    def _check_rate(self, sender: str) -> None:
        wait = self._throttle.wait(sender) if self._throttle else None
        if wait:
            seconds = int(wait.total_seconds())
            raise TooManyError(message("problem.rate", count=seconds), wait)

    def _count(self, sender: str) -> None:
        if self._throttle:
            self._throttle.count(sender)


def _refusal(status: int, error: ServiceError, wait: timedelta | None = None) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004  no key
    if wait:
        headers["Retry-After"] = str(int(wait.total_seconds()))
    return JSONResponse({"error": str(error)}, status_code=status, headers=headers)


def _key_of(headers: Headers) -> str:
    value = headers.get("authorization", "")
    if value.lower().startswith(_SCHEME):
        return value[len(_SCHEME) :].strip()
    return headers.get("x-api-key", "").strip()


def http_app(
    server: MCPServer[Any],
    host: str,
    check_reader: CheckReader,
    names: Sequence[str] = (),
    *,
    rate: int = 0,
    at_once: int = 2,
) -> Starlette:
    """Return ``server`` as an ASGI application at `PATH`.

    Args:
        server: the tools.
        host: the address that it will listen on.
        check_reader: tells who asks with a key.
        names: further names that it is asked for by, such as a proxy's.
        rate: requests that a key or address may send in a minute; 0: any number.
        at_once: requests that are answered at once.
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
    app.add_middleware(
        _ReadersOnly, check_reader=check_reader, throttle=requests_a_minute(rate), at_once=at_once
    )
    return app


def serve_http(app: Starlette, host: str, port: int) -> None:
    """Serve until stopped."""
    uvicorn.run(
        app, host=host, port=port, log_level="warning", access_log=False, timeout_keep_alive=30
    )
