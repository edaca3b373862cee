"""What makes the digests of a moment, opened over the store with everything that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from index.cache import CachedEncoder, VectorCache
from index.search import Searcher
from scrapers.call import Call
from scrapers.funder import funders
from service.context import Context
from service.domain.digest import Quiet
from service.domain.sources import Runs, SourceStatus, sources
from service.jobs.digests import Composer, Rules


@contextmanager
def composing(context: Context, at: datetime | None = None) -> Iterator[Composer]:
    """Open what makes the digests of a moment, by default this; vectors are kept for the next.

    Raises:
        SnapshotError: there is no sound index.
    """
    cache = VectorCache(context.settings.vectors)
    try:
        searcher = Searcher.open(context.snapshots, CachedEncoder(context.encoder(), cache))
        now = at or context.now()
        fare = how_sources_fare(context.calls.all(), context.runs, now)
        yield Composer(
            searcher,
            context.calls,
            now,
            Rules(context.settings.digest_min_score, Quiet(context.settings.digest_quiet)),
            fare,
            groups=context.links.groups(),
            before=replace(context.prior_activity(), similar_awards=context.similar_awards()[0]),
        )
    finally:
        cache.close()


def how_sources_fare(
    calls: Mapping[str, Call], runs: Runs, now: datetime
) -> tuple[SourceStatus, ...]:
    """Return how every source fares, open and closed counted by ``now``."""
    return sources(funders().values(), calls.values(), runs, now=datetime.now(UTC), clock=now)
