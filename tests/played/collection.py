"""Every funder collected twice from played sites by the real job, and what was to be seen."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from scrapers.funder import Funder
from scrapers.http.archive import PageArchive
from scrapers.http.fetch import Fetcher
from scrapers.http.pace import RequestClock
from scrapers.http.page import Page
from service.context import Context
from service.jobs.collect import CollectReport, collect_funder
from tests.played.funders import DELAYED, at_site, site_of
from tests.played.site import ROBOTS, Exchange, PlayedSite

CONTACT = "https://example.org/who"
UNCHANGED = 304


@dataclass(frozen=True)
class Played:
    """One collection of one funder: what its site saw, and what the store made of it.

    ``requests`` counts what the funder asked the fetcher for; ``seconds`` and the pauses are by
    the clock of the run; ``delay`` is the site's own Crawl-delay.
    """

    key: str
    with_key: bool
    collected: CollectReport
    exchanges: tuple[Exchange, ...]
    requests: int
    seconds: float
    delay: float

    @property
    def unchanged(self) -> int:
        """How many answers were 304."""
        return sum(exchange.status == UNCHANGED for exchange in self.exchanges)

    @property
    def posts(self) -> int:
        """How many requests were posted, which no 304 can answer."""
        return sum(exchange.method == "POST" for exchange in self.exchanges)

    @property
    def whole(self) -> int:
        """How many pages were sent whole though they can be asked for conditionally."""
        return sum(
            exchange.method == "GET" and exchange.path != ROBOTS and exchange.status == 200
            for exchange in self.exchanges
        )

    @property
    def shortest_pause(self) -> float | None:
        """Seconds from an answer to the next request at least; None with fewer than two."""
        between = [b.asked_at - a.answered_at for a, b in pairwise(self.exchanges)]
        return min(between, default=None)


class CountingFetcher(Fetcher):
    """The real fetcher, counting what funders ask of it."""

    requests = 0

    def get(
        self,
        url: str,
        *,
        deadline: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Fetch ``url``."""
        self.requests += 1
        return super().get(url, deadline=deadline, headers=headers)

    def post_json(
        self, url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Page:
        """Post ``body`` as JSON."""
        self.requests += 1
        return super().post_json(url, body, headers=headers)

    def post_parts(self, url: str, parts: Mapping[str, Any]) -> Page:
        """Post ``parts`` as a form."""
        self.requests += 1
        return super().post_parts(url, parts)


def collect_twice(
    context: Context, source: Funder, clock: RequestClock, pause: float, *, with_key: bool = False
) -> Generator[Played]:
    """Yield the first collection of ``source`` and then the second, from one played site."""
    site = site_of(source, clock.monotonic)
    try:
        made = at_site(source, site, with_key=with_key)
        for _ in range(2):
            yield _once(context, made, site, clock, pause, with_key=with_key)
    finally:
        if site is not None:
            site.close()


def _once(
    context: Context,
    source: Funder,
    site: PlayedSite | None,
    clock: RequestClock,
    pause: float,
    *,
    with_key: bool,
) -> Played:
    before = len(site.log) if site else 0
    began = clock.monotonic()
    # a fetcher a run, as the command has: it knows nothing but what the archive keeps
    archive = PageArchive(context.settings.pages)
    fetcher = CountingFetcher(CONTACT, archive, pause=pause, clock=clock)
    try:
        collected = collect_funder(context, source, fetcher)
    finally:
        fetcher.close()
    return Played(
        key=source.key,
        with_key=with_key,
        collected=collected,
        exchanges=tuple(site.log[before:]) if site else (),
        requests=fetcher.requests,
        seconds=clock.monotonic() - began,
        delay=DELAYED.get(source.key, 0.0),
    )


def call_tables(context: Context) -> tuple[int, str]:
    """Return the bytes of the tables of calls, and their SHA-256.

    Of a call's row the moment it was last seen is left out: that is what a second run is for.
    """
    columns = {
        "calls": "id, funder, source, content_hash, record, first_seen, not_seen_since",
        "call_versions": "key, call_id, number, content_hash, record, seen_at",
    }
    digest, size = hashlib.sha256(), 0
    opened = sqlite3.connect(f"file:{context.settings.data / 'fundscout.sqlite'}?mode=ro", uri=True)
    try:
        for table, names in columns.items():
            for row in opened.execute(f"SELECT {names} FROM {table} ORDER BY 1"):  # noqa: S608  names of ours
                line = repr(row).encode()
                digest.update(line)
                size += len(line)
    finally:
        opened.close()
    return size, digest.hexdigest()


def archive_of(context: Context) -> dict[str, tuple[int, int]]:
    """Return every file of the archive of pages with its size and when it was last written."""
    files = [path for path in context.settings.pages.rglob("*") if path.is_file()]
    return {f"{path}": (path.stat().st_size, path.stat().st_mtime_ns) for path in files}
