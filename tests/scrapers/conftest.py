"""What the scrapers' tests share: real answers where they are, a clock, and a site to ask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scrapers.http.fetch import Fetcher

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


@pytest.fixture
def samples() -> Path:
    """The folder of the funders' real answers; the test is skipped where there is none."""
    if not SAMPLES.is_dir():
        pytest.skip("the funders' real answers are not beside this checkout")
    return SAMPLES


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.passed

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 12, tzinfo=UTC) + timedelta(seconds=self.passed)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@dataclass
class SiteRequest:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class SiteReply:
    """What to answer. ``raw`` goes out as it is, after nothing but the connection."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: Callable[[BaseHTTPRequestHandler], None] | None = None


Answer = Callable[[SiteRequest], SiteReply]


class Site:
    """A server on this machine that answers by path and remembers what it was asked.

    Paths that nobody set answer 404, so there is no robots.txt unless a test wants one.
    """

    def __init__(self) -> None:
        self.requests: list[SiteRequest] = []
        self.routes: dict[str, Answer] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = SiteRequest(self.command, self.path, headers, self.rfile.read(length))
                site.requests.append(request)
                route = site.routes.get(self.path.split("?")[0])
                reply = route(request) if route else SiteReply(b"not here", 404)
                if reply.raw is not None:
                    reply.raw(self)
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in reply.headers:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            do_GET = do_POST = _answer  # noqa: N815  http.server looks for these names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Say nothing: clients that give up on us are what the tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def serve(self, path: str, *replies: SiteReply | bytes) -> None:
        """Answer ``path`` with each reply in turn, the last one again and again."""
        left = [SiteReply(reply) if isinstance(reply, bytes) else reply for reply in replies]
        self.routes[path] = lambda _: left.pop(0) if len(left) > 1 else left[0]

    def paths(self) -> list[str]:
        """The paths asked for so far, without those of robots.txt."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    yield served
    served.close()


FetcherFactory = Callable[..., Fetcher]
"""Makes a fetcher of a test's clock; its settings may be given."""


@pytest.fixture
def make(clock: FakeClock) -> Iterator[FetcherFactory]:
    made: list[Fetcher] = []

    def one(**settings: object) -> Fetcher:
        given = {"clock": clock, "local": True, **settings}
        fetcher = Fetcher("https://example.org/who", **given)  # type: ignore[arg-type]
        made.append(fetcher)
        return fetcher

    yield one
    for fetcher in made:
        fetcher.close()
