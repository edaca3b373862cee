"""The rules of robots.txt, read by protego as RFC 9309 says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from scrapers.errors import FetchError
from scrapers.http.pace import RequestClock

AGENT = "fundscout"
"""Our name in robots.txt files."""

MAX_ROBOTS_BYTES = 500 * 1024
"""Bytes of a robots.txt that are read; what follows is left unread, as RFC 9309 allows."""

_DAY_SECONDS = 24 * 3600.0
_RETRY_SECONDS = 300.0
_CLIENT_ERROR, _TOO_MANY, _SERVER_ERROR = 400, 429, 500


@dataclass(frozen=True)
class HostRules:
    """What one host allows; ``delay`` (its Crawl-delay) and ``keep`` (how long) are seconds."""

    allows: Callable[[str], bool]
    delay: float = 0.0
    reason: str = ""
    keep: float = _DAY_SECONDS


class Robots:
    """The rules of each host, fetched once a day by ``read`` (url -> status and body).

    A missing file (4xx) allows everything. A server that fails (5xx, 429) or cannot be reached
    allows nothing until it answers.
    """

    def __init__(self, read: Callable[[str], tuple[int, bytes]], clock: RequestClock) -> None:
        self._read = read
        self._clock = clock
        self._known: dict[str, tuple[float, HostRules]] = {}
        self._guard = threading.Lock()

    def rules(self, url: str) -> HostRules:
        """Return the rules of the host of ``url``."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._guard:
            read_at, rules = self._known.get(origin, (0.0, None))
            if rules is None or self._clock.monotonic() - read_at > rules.keep:
                rules = self._fetch_rules(f"{origin}/robots.txt")
                self._known[origin] = (self._clock.monotonic(), rules)
        return rules

    def _fetch_rules(self, url: str) -> HostRules:
        try:
            status, body = self._read(url)
        except FetchError as error:
            return HostRules(
                allows=_allow_nothing,
                reason=f"{url} could not be read ({error})",
                keep=_RETRY_SECONDS,
            )
        if status >= _SERVER_ERROR or status == _TOO_MANY:
            return HostRules(
                allows=_allow_nothing, reason=f"{url} answered {status}", keep=_RETRY_SECONDS
            )
        if status >= _CLIENT_ERROR:
            return HostRules(allows=_allow_all)
        file = Protego.parse(body[:MAX_ROBOTS_BYTES].decode("utf-8", errors="replace"))
        delay = float(file.crawl_delay(AGENT) or 0.0)

        def allows(address: str) -> bool:
            return bool(file.can_fetch(address, AGENT))

        return HostRules(allows=allows, delay=delay, reason=f"{url} does not allow it")


def _allow_all(url: str) -> bool:
    del url
    return True


def _allow_nothing(url: str) -> bool:
    del url
    return False
