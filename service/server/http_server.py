"""waitress with lanes: requests are read whole before a thread sees them.

One thread reads and writes all connections, so that a slow one costs no thread; a request that is
not whole in time is given up. The rest is waitress's own.
"""

from __future__ import annotations

import logging
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask
from waitress.utilities import RequestEntityTooLarge

from service.http.admission import REFUSED, Cost
from service.server.error_answers import ProblemTask, ServiceBusyError
from service.server.lanes import Lane, LaneSize

_REFUSALS = LaneSize(threads=1, queue=256)
_SPARE_CONNECTIONS = 8
_SECONDS_BETWEEN_WARNINGS = 60
_TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 51\r\n\r\nThe request was not whole in time. Send it at once.\n"
)

_log = logging.getLogger(__name__)


def _leave_out_path(record: logging.LogRecord) -> bool:
    """Take the path out of what waitress logs: it may be a link that acts for its reader."""
    before, mark, _ = str(record.msg).partition(" while serving ")
    if mark:
        record.msg, record.args = f"{before}{mark}a request", ()
    return True


logging.getLogger("waitress").addFilter(_leave_out_path)

CostReader = Callable[[str, str, str], Cost]
"""Tells what a request costs by its method, path and query."""

UploadReader = Callable[[str, str, str], bool]
"""Tells by method, path and content type whether a request may bring a file."""


@dataclass(frozen=True)
class ServerLimits:
    """What a server takes on. Times are in seconds.

    ``uploads`` is how many requests that may bring a file may be arriving at once.
    ``request_seconds`` is how long a request may take to arrive, ``upload_seconds`` one that may
    bring a file of up to ``largest_upload`` bytes, ``linger_seconds`` how long
    the rest of a request that was refused midway is read and thrown away, ``idle_seconds`` how
    long a connection may be silent, ``answer_seconds`` how long a reader may take over an answer,
    ``queue_seconds`` how long a request waits for its turn, ``stuck_seconds`` after which a thread
    no longer counts on, and ``stop_seconds`` what a stop leaves to requests that are being
    answered.
    """

    lanes: Mapping[Cost, LaneSize] = field(
        default_factory=lambda: {
            Cost.PROBE: LaneSize(1, 64),
            Cost.QUICK: LaneSize(4, 128),
            Cost.COSTLY: LaneSize(2, 32),
        }
    )
    connections: int = 1000
    uploads: int = 16
    largest_body: int = 4 * 1024 * 1024
    largest_upload: int = 11 * 1024 * 1024
    largest_head: int = 32 * 1024
    request_seconds: float = 20
    upload_seconds: float = 120
    linger_seconds: float = 30
    idle_seconds: float = 60
    answer_seconds: float = 120
    queue_seconds: float = 30
    stuck_seconds: float = 60
    stop_seconds: float = 10


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Reads a request; one that may bring a file may be larger, and take longer to arrive."""

    adj: Any
    error: Any
    is_upload = False
    has_room = True

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head, and know by it how much may follow."""
        super().parse_header(header_plus)
        kind = self.headers.get("CONTENT_TYPE", "")
        path = self.path.encode("latin-1").decode("utf-8", "replace")
        if self.adj.takes_file(self.command, path, kind):
            self.is_upload = True
            self.has_room = self.adj.has_room_for_upload()
            self.adj = self.adj.for_uploads

    def received(self, data: bytes) -> int:
        """Read on; one file too many at once is refused before it is taken in."""
        taken: int = super().received(data)
        if not (self.has_room or self.error):
            self.error = ServiceBusyError("many files at once")
            self.completed = True
        return taken


class _Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Tells the application when a request is not let in."""

    def get_environment(self) -> dict[str, Any]:
        environment: dict[str, Any] = super().get_environment()
        seconds = getattr(self.request, "refused", None)
        if seconds is not None:
            environment[REFUSED] = seconds
        return environment


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that knows since when its request has been coming, and its answer going."""

    task_class = _Task
    parser_class = _Parser
    error_task_class = ProblemTask
    will_close: bool = False
    request_since: float | None = None
    answer_since: float | None = None
    is_answered_midway: bool = False
    lingers_since: float | None = None

    def received(self, data: bytes) -> bool:
        """Take in what was sent."""
        if self.request_since is None:
            self.request_since = time.monotonic()
        taken: bool = super().received(data)
        if self.request is None:
            self.request_since = None
        return taken

    def service(self) -> None:
        """Answer one request; the application refuses a body that is too large by its length."""
        request = self.requests[0]
        self.is_answered_midway = request.error is not None
        if isinstance(request.error, RequestEntityTooLarge):
            request.error = None
            request.headers.setdefault("CONTENT_LENGTH", str(request.body_bytes_received))
            request.headers["CONNECTION"] = "close"
        super().service()

    def handle_close(self) -> None:
        """Close it; a sender answered midway gets to read the answer first.

        Closing while more comes in resets the connection, and a reset takes the answer with it:
        so the rest is read and thrown away for a while.
        """
        if self.is_answered_midway and self.connected and self.lingers_since is None:
            self.lingers_since = time.monotonic()
            self.will_close = False
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
            return
        super().handle_close()

    def readable(self) -> bool:
        """Return whether more is read from it."""
        return bool(self.lingers_since is not None or super().readable())

    def writable(self) -> bool:
        """Return whether there is more to send, or it is to be closed."""
        return bool(self.will_close if self.lingers_since is not None else super().writable())

    def handle_read(self) -> None:
        """Read what has come; what follows an answer given midway is thrown away."""
        if self.lingers_since is None:
            super().handle_read()
            return
        try:
            self.recv(self.adj.recv_bytes)  # closes it when the other side has
        except OSError:
            self.handle_close()

    def is_unproductive(self) -> bool:
        """Return whether nothing is being answered on it."""
        return not (self.requests or self.total_outbufs_len or self.will_close)

    def end_when_late(self, now: float, limits: ServerLimits) -> None:
        """Close it when its request, its reader or its next request is too slow."""
        if self.lingers_since is not None:
            self.will_close = now - self.lingers_since > limits.linger_seconds
        elif self.requests or self.will_close:
            self.answer_since = None
        elif self.total_outbufs_len:
            self.answer_since = self.answer_since or now
            self.will_close = now - self.answer_since > limits.answer_seconds
        elif self.request_since is not None:
            upload = getattr(self.request, "is_upload", False)
            patience = limits.upload_seconds if upload else limits.request_seconds
            if now - self.request_since > patience:
                self._answer_too_slow()
        elif time.time() - self.last_activity > limits.idle_seconds:
            self.will_close = True
        else:
            self.answer_since = None

    def _answer_too_slow(self) -> None:
        with self.outbuf_lock:
            self.outbufs[-1].append(_TOO_SLOW)
            self.total_outbufs_len += len(_TOO_SLOW)
            self.close_when_flushed = True
        self.is_answered_midway = True
        self.request_since = None


class _Lanes:
    """Puts each request into the lane of its cost: what waitress calls a task dispatcher."""

    def __init__(self, read_cost: CostReader, limits: ServerLimits) -> None:
        self._read_cost = read_cost
        self._limits = limits
        self._lanes = {cost: Lane(cost, size) for cost, size in limits.lanes.items()}
        self._refusals = Lane("refused", _REFUSALS)
        self._refused = 0
        self._said_at = time.monotonic()

    def add_task(self, channel: _Channel) -> None:
        """Let the next request of a connection wait for its turn, or be refused."""
        lane = self._lanes[self._cost(channel.requests[0])]
        if not lane.offer(channel):
            self._refuse(channel, lane)

    def tick(self) -> None:
        """Refuse what has waited too long, and stand in for threads that are stuck."""
        for lane in self._lanes.values():
            for channel in lane.take_overdue(self._limits.queue_seconds):
                self._refuse(channel, lane)
            if stuck := lane.replace_stuck(self._limits.stuck_seconds):
                _log.warning("%d %s requests take very long; others go on", stuck, lane.name)
        now = time.monotonic()
        if self._refused and now - self._said_at > _SECONDS_BETWEEN_WARNINGS:
            _log.warning("%d requests were refused: too many came at once", self._refused)
            self._refused, self._said_at = 0, now

    def is_idle(self) -> bool:
        """Return whether nothing waits and nothing is being answered."""
        return all(lane.is_idle() for lane in (*self._lanes.values(), self._refusals))

    def stop(self) -> None:
        """Refuse what waits; what is being answered goes on."""
        for lane in self._lanes.values():
            for channel in lane.stop():
                self._refuse(channel, lane)

    def shutdown(self, *_: object, **__: object) -> None:
        """Stop every lane."""
        self.stop()
        self._refusals.stop()

    def _cost(self, request: Any) -> Cost:
        if request.error:
            return Cost.QUICK
        path = request.path.encode("latin-1").decode("utf-8", "replace")
        return self._read_cost(request.command, path, request.query)

    def _refuse(self, channel: Any, lane: Lane) -> None:
        self._refused += 1
        channel.requests[0].refused = lane.retry_after()
        if not self._refusals.offer(channel):
            channel.requests.clear()
            channel.will_close = True


class HttpServer(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """Serves an application at an address until a signal stops it."""

    channel_class = _Channel

    def __init__(
        self,
        application: Any,
        address: str,
        read_cost: CostReader,
        limits: ServerLimits,
        takes_file: UploadReader = lambda *_: False,
    ) -> None:
        """Listen at ``address``, host:port."""
        self.limits = limits
        self._lanes = _Lanes(read_cost, limits)
        self._stopping = False
        adjustments = Adjustments(
            listen=address,
            ident="fundscout",
            threads=1,
            backlog=512,
            connection_limit=limits.connections,
            cleanup_interval=1,
            channel_request_lookahead=1,
            max_request_header_size=limits.largest_head,
            max_request_body_size=limits.largest_body,
            asyncore_use_poll=True,
            log_socket_errors=False,
            trusted_proxy=None,  # the application decides which proxies are believed
            clear_untrusted_proxy_headers=False,
        )
        adjustments.takes_file = takes_file
        adjustments.has_room_for_upload = self._has_room_for_upload
        adjustments.for_uploads = copy(adjustments)
        adjustments.for_uploads.max_request_body_size = limits.largest_upload
        super().__init__(application, map={}, dispatcher=self._lanes, adj=adjustments)

    def _has_room_for_upload(self) -> bool:
        """Return whether one more file may come in: each takes space on the disk while it does."""
        parsers = (channel.request for channel in list(self.active_channels.values()))
        coming = sum(getattr(parser, "is_upload", False) for parser in parsers)
        return bool(coming <= self.limits.uploads)  # the one that asks is among them

    def readable(self) -> bool:
        """Return whether another connection is taken; the oldest idle one makes room for it."""
        if len(self._map) >= self.limits.connections - _SPARE_CONNECTIONS:
            idle = (one for one in self.active_channels.values() if one.is_unproductive())
            oldest = min(idle, key=lambda one: one.creation_time, default=None)
            if oldest is not None:
                oldest.will_close = True
        ready: bool = super().readable()
        return ready

    def maintenance(self, now: float) -> None:  # noqa: ARG002  waitress's clock can jump
        """Close connections that are too slow, and look after the lanes, once a second."""
        moment = time.monotonic()
        for channel in list(self.active_channels.values()):
            channel.end_when_late(moment, self.limits)
        self._lanes.tick()

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; a second signal stops at once."""
        with _signals(self._stop):
            while not self._stopping:
                self._turn()
            self._finish()

    def _turn(self) -> None:
        wasyncore.loop(timeout=0.5, use_poll=True, map=self._map, count=1)

    def _stop(self) -> None:
        if self._stopping:
            raise SystemExit(1)
        self._stopping = True
        self.pull_trigger()

    def _finish(self) -> None:
        """Take no more connections, and let what is being answered be sent."""
        self.del_channel()
        self.socket.close()
        self._lanes.stop()
        last = time.monotonic() + self.limits.stop_seconds
        while time.monotonic() < last and not (self._lanes.is_idle() and self._is_sent()):
            self._turn()
        self._lanes.shutdown()

    def _is_sent(self) -> bool:
        return not any(channel.total_outbufs_len for channel in self.active_channels.values())


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` at SIGTERM and SIGINT."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
