"""A funder's server played on this machine: validators, 304s, robots.txt, patience, and a log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from tests.scrapers.conftest import Site, SiteReply, SiteRequest

ROBOTS = "/robots.txt"
STAMP = "Mon, 02 Nov 2026 08:00:00 GMT"
"""When everything was last changed, on sites that tell a day instead of an ETag."""

Route = Callable[[SiteRequest], SiteReply]
Routes = Mapping[str, bytes | Route]
"""What a site answers, by path, or by path and query where the query makes the difference."""


@dataclass(frozen=True)
class Exchange:
    """A request and its answer; the times are seconds on the clock of the run."""

    method: str
    path: str
    status: int
    asked_at: float
    answered_at: float


class _Every(dict[str, Route]):
    """Routes of a ``Site`` that lead everything to one answer."""

    def __init__(self, route: Route) -> None:
        super().__init__()
        self._answer = route

    def get(self, key: str, default: object = None) -> Route:
        del key, default
        return self._answer


class PlayedSite:
    """A site with ``routes``; what it has not, is 404.

    A GET gets an ETag, or ``dated`` a Last-Modified, and 304 when it is sent back. ``busy``, if
    given, is a path that first answers 429 and asks for so many seconds. ``delay`` is the
    Crawl-delay of its robots.txt.
    """

    def __init__(
        self,
        routes: Routes,
        now: Callable[[], float],
        *,
        dated: bool = False,
        delay: float = 0.0,
        busy: tuple[str, int] | None = None,
    ) -> None:
        self.log: list[Exchange] = []
        self._routes = routes
        self._now = now
        self._dated = dated
        self._delay = delay
        self._busy = busy
        self._guard = Lock()
        self._site = Site()
        self._site.routes = _Every(self._answer)
        self.url = self._site.url

    def close(self) -> None:
        """Stop serving."""
        self._site.close()

    def _answer(self, request: SiteRequest) -> SiteReply:
        with self._guard:
            came = self._now()
            reply = self._reply(request)
            # noted before it goes out, so that no pause can seem longer than it was kept
            self.log.append(Exchange(request.method, request.path, reply.status, came, self._now()))
        return reply

    def _reply(self, request: SiteRequest) -> SiteReply:
        bare = request.path.split("?")[0]
        if bare == ROBOTS:
            delay = f"Crawl-delay: {self._delay:g}\n" if self._delay else ""
            return SiteReply(f"User-agent: *\nDisallow: /admin/\n{delay}".encode())
        if self._busy is not None and request.path == self._busy[0]:
            seconds, self._busy = self._busy[1], None
            return SiteReply(b"one moment", 429, {"Retry-After": f"{seconds}"})
        route = self._routes.get(request.path, self._routes.get(bare))
        if route is None:
            return SiteReply(b"not here", 404)
        reply = route(request) if callable(route) else SiteReply(route)
        return self._unless_known(request, reply) if request.method == "GET" else reply

    def _unless_known(self, request: SiteRequest, reply: SiteReply) -> SiteReply:
        """Return ``reply`` with its validator, or 304 when the asker has it already."""
        if reply.status != 200:
            return reply
        etag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
        mark = {"Last-Modified": STAMP} if self._dated else {"ETag": etag}
        sent = request.headers.get("if-modified-since" if self._dated else "if-none-match")
        headers = {**reply.headers, **mark}
        same = sent in mark.values()
        return SiteReply(b"", 304, headers) if same else SiteReply(reply.body, 200, headers)
