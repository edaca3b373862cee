"""The composer of digests, opened over the stores of a context."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from index.embedding.cache import CachedEncoder, VectorCache
from index.explain.explaining_searcher import ExplainingSearcher
from scrapers.catalogue import all_funders
from service.context import Context
from service.domain.calls.sources import SourceStatus, make_source_statuses
from service.domain.notifications.digest import QuietWeekPolicy
from service.jobs.mail.digest_composer import Composer, DigestRules


@contextmanager
def open_composer(context: Context, at: datetime | None = None) -> Iterator[Composer]:
    """Open the composer for the instant ``at``, by default now; it keeps the vectors of texts.

    Raises:
        SnapshotError: there is no sound index.
    """
    cache = VectorCache(context.settings.vectors)
    try:
        searcher = ExplainingSearcher.open(
            context.snapshots, CachedEncoder(context.encoder(), cache)
        )
        now = at or context.now()
        fare = read_source_statuses(context, now)
        yield Composer(
            searcher,
            context.calls,
            now,
            DigestRules(
                context.settings.digest_min_score, QuietWeekPolicy(context.settings.digest_quiet)
            ),
            fare,
            groups=context.links.groups(),
            before=replace(context.prior_activity(), similar_awards=context.similar_awards()[0]),
        )
    finally:
        cache.close()


def read_source_statuses(context: Context, now: datetime) -> tuple[SourceStatus, ...]:
    """Return the state of every source, with open and closed calls counted at ``now``."""
    counts = context.calls.listing.count_by_funder(now)
    return make_source_statuses(all_funders().values(), counts, context.runs, datetime.now(UTC))
