"""Lanes: a few threads each, which answer requests in the order in which they came.

Requests of one cost share a lane, so that costly ones never keep cheap ones waiting. What finds
its lane's queue full, or has waited too long in it, is refused at once.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

_MOST_STUCK = 8
"""Threads of a lane that others stand in for; beyond that the lane has too few."""

_LONGEST_RETRY = 60
"""Seconds after which anybody may ask again."""

_SMOOTHING = 0.2
"""Weight of the last answer in the mean time of an answer."""

_log = logging.getLogger(__name__)


class Job(Protocol):
    """A request to be answered."""

    def service(self) -> None:
        """Answer it."""
        ...


@dataclass(frozen=True)
class LaneSize:
    """How many requests are answered at once, and how many more may wait."""

    threads: int
    queue: int


class Lane:
    """Threads that answer requests one by one. Safe to share by threads."""

    def __init__(
        self, name: str, size: LaneSize, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self._size = size
        self._clock = clock
        self._waiting: deque[tuple[float, Job]] = deque()
        self._running: dict[int, float] = {}
        self._stuck: set[int] = set()
        self._threads = 0
        self._mean_seconds = 1.0
        self._stopping = False
        self._changed = threading.Condition()
        with self._changed:
            for _ in range(size.threads):
                self._start_thread()

    def offer(self, job: Job) -> bool:
        """Take a request; return False when as many wait as may."""
        with self._changed:
            free = max(0, self._size.threads - len(self._running.keys() - self._stuck))
            if self._stopping or len(self._waiting) >= free + self._size.queue:
                return False
            self._waiting.append((self._clock(), job))
            self._changed.notify_all()
        return True

    def retry_after(self) -> int:
        """Return in how many seconds a request that comes now would be answered, 1 to 60."""
        with self._changed:
            ahead = len(self._waiting) + len(self._running)
            seconds = (ahead + 1) * self._mean_seconds / self._size.threads
        return min(_LONGEST_RETRY, max(1, math.ceil(seconds)))

    def take_overdue(self, patience: float) -> list[Job]:
        """Take out and return the requests that have waited longer than ``patience`` seconds."""
        overdue: list[Job] = []
        with self._changed:
            latest = self._clock() - patience
            while self._waiting and self._waiting[0][0] < latest:
                overdue.append(self._waiting.popleft()[1])
        return overdue

    def replace_stuck(self, limit: float) -> int:
        """Let a new thread stand in for each that has answered for more than ``limit`` seconds.

        Returns:
            How many were found stuck just now.
        """
        with self._changed:
            latest = self._clock() - limit
            late = {number for number, since in self._running.items() if since < latest}
            found = sorted(late - self._stuck)[: _MOST_STUCK - len(self._stuck)]
            self._stuck.update(found)
            for _ in found:
                self._start_thread()
        return len(found)

    def is_idle(self) -> bool:
        """Return whether nothing waits and nothing is being answered."""
        with self._changed:
            return not (self._waiting or self._running)

    def stop(self) -> list[Job]:
        """Take no more requests, and return those that wait; what is being answered goes on."""
        with self._changed:
            self._stopping = True
            left = [job for _, job in self._waiting]
            self._waiting.clear()
            self._changed.notify_all()
        return left

    def _start_thread(self) -> None:
        self._threads += 1
        number = self._threads
        name = f"{self.name}-{number}"
        threading.Thread(target=self._work, args=(number,), name=name, daemon=True).start()

    def _work(self, number: int) -> None:
        while (job := self._next(number)) is not None:
            try:
                job.service()
            except Exception:  # noqa: BLE001  one request must not end the thread of all
                _log.exception("a request could not be answered")
            if self._end(number):
                return

    def _next(self, number: int) -> Job | None:
        """Wait for a request; return None when there will be none."""
        with self._changed:
            while not self._waiting:
                if self._stopping:
                    return None
                self._changed.wait()
            self._running[number] = self._clock()
            return self._waiting.popleft()[1]

    def _end(self, number: int) -> bool:
        """Note that a request is answered; return whether another thread has this one's place."""
        with self._changed:
            took = self._clock() - self._running.pop(number)
            self._mean_seconds += _SMOOTHING * (took - self._mean_seconds)
            replaced = number in self._stuck
            self._stuck.discard(number)
        return replaced
