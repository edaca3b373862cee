"""What one client may do how often, counted in memory: a restart forgets it, and no disk has it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

SIGN_INS_BY_CLIENT: Final = 10
"""Wrong passwords that one address may send in ten minutes."""

SIGN_INS_BY_NAME: Final = 100
"""Wrong passwords in an hour for one name from everywhere: enough for its person, none to guess."""

QUESTIONS_BY_CLIENT: Final = 15
"""Addresses that one client may have asked in an hour: a part of what all may together."""


class Throttle:
    """Counts what clients do, and says how long one that did too much must wait."""

    def __init__(self, limit: RateLimitItem) -> None:
        self._limit = limit
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, client: str) -> timedelta | None:
        """Return how long a client must wait before the next time; None when it need not."""
        if self._limiter.test(self._limit, client):
            return None
        stats = self._limiter.get_window_stats(self._limit, client)
        return timedelta(seconds=max(1, round(stats.reset_time - time.time())))

    def count(self, client: str) -> None:
        """Count that a client did it."""
        self._limiter.hit(self._limit, client)


def requests_a_minute(most: int) -> Throttle | None:
    """Return a limit of requests in a minute; None for 0, which is any number."""
    return Throttle(RateLimitItemPerMinute(most)) if most else None


class Throttles:
    """The limits of one process."""

    def __init__(self) -> None:
        self.sign_ins_by_client = Throttle(RateLimitItemPerMinute(SIGN_INS_BY_CLIENT, 10))
        self.sign_ins_by_name = Throttle(RateLimitItemPerHour(SIGN_INS_BY_NAME))
        self.questions = Throttle(RateLimitItemPerHour(QUESTIONS_BY_CLIENT))
