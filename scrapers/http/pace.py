"""The pace of requests: one at a time for each host, pauses between them, waits after failures."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

MAX_WAIT = 120.0
"""Seconds that a Retry-After may ask for; beyond it we give up and come back another day."""


class RequestClock(Protocol):
    """Time, so that tests need not wait for it."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""

    def now(self) -> datetime:
        """Return the time of day, aware."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The real time."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        return time.monotonic()

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class HostPace:
    """Turns at each host, with ``pause`` seconds at least between two requests to one."""

    def __init__(self, clock: RequestClock, pause: float = 1.0) -> None:
        self._clock = clock
        self._pause = pause
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._ended: dict[str, float] = {}

    @contextmanager
    def turn(self, host: str, pause: float = 0.0) -> Iterator[None]:
        """Hold the host for one request, ``pause`` or the usual seconds after the last one."""
        with self._guard:
            lock = self._locks.setdefault(host, threading.Lock())
        with lock:
            if host in self._ended:
                wait = self._ended[host] + max(pause, self._pause) - self._clock.monotonic()
                if wait > 0:
                    self._clock.sleep(wait)
            try:
                yield
            finally:
                self._ended[host] = self._clock.monotonic()


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for; None when it cannot be read."""
    value = value.strip()
    if value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def backoff_delay(attempt: int) -> float:
    """Return the seconds to wait after failure number ``attempt`` (from 1): 2, 4, 8 ..."""
    return float(min(2**attempt, MAX_WAIT))
