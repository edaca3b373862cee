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

Told = Callable[[SiteRequest], SiteReply]
Routes = Mapping[str, bytes | Told]
"""What a site answers, by path, or by path and query where the query makes the difference."""


@dataclass(frozen=True)
class Exchange:
    """A request and its answer; the times are seconds on the clock of the run."""

    method: str
    path: str
    status: int
    asked_at: float
    answered_at: float


class _Every(dict[str, Told]):
    """Routes of a ``Site`` that lead everything to one answer."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self._told = told

    def get(self, key: str, default: object = None) -> Told:
        del key, default
        return self._told


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
        self._site.routes = _Every(self._told)
        self.url = self._site.url

    def close(self) -> None:
        """Stop serving."""
        self._site.close()

    def _told(self, asked: SiteRequest) -> SiteReply:
        with self._guard:
            came = self._now()
            reply = self._reply(asked)
            # noted before it goes out, so that no pause can seem longer than it was kept
            self.log.append(Exchange(asked.method, asked.path, reply.status, came, self._now()))
        return reply

    def _reply(self, asked: SiteRequest) -> SiteReply:
        bare = asked.path.split("?")[0]
        if bare == ROBOTS:
            delay = f"Crawl-delay: {self._delay:g}\n" if self._delay else ""
            return SiteReply(f"User-agent: *\nDisallow: /admin/\n{delay}".encode())
        if self._busy is not None and asked.path == self._busy[0]:
            seconds, self._busy = self._busy[1], None
            return SiteReply(b"one moment", 429, {"Retry-After": f"{seconds}"})
        route = self._routes.get(asked.path, self._routes.get(bare))
        if route is None:
            return SiteReply(b"not here", 404)
        reply = route(asked) if callable(route) else SiteReply(route)
        return self._unless_known(asked, reply) if asked.method == "GET" else reply

    def _unless_known(self, asked: SiteRequest, reply: SiteReply) -> SiteReply:
        """Return ``reply`` with its validator, or 304 when the asker has it already."""
        if reply.status != 200:
            return reply
        etag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
        mark = {"Last-Modified": STAMP} if self._dated else {"ETag": etag}
        sent = asked.headers.get("if-modified-since" if self._dated else "if-none-match")
        headers = {**reply.headers, **mark}
        same = sent in mark.values()
        return SiteReply(b"", 304, headers) if same else SiteReply(reply.body, 200, headers)
