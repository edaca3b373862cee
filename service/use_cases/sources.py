"""List the sources: how well each is read."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field

from scrapers.catalogue import all_funders
from service.context import Context
from service.domain.calls.sources import SourceStatus, make_source_statuses
from service.domain.frozen_model import FrozenModel


class SourceList(FrozenModel):
    """Every funder that is read, and how that goes."""

    sources: tuple[SourceStatus, ...]
    failing: int = Field(description="How many are failing.")
    stale: int = Field(description="How many have no good run of the last week.")
    as_of: datetime = Field(description="The instant that ages of runs were counted to.")


def list_sources(context: Context) -> SourceList:
    """Return the status of every source."""
    now = datetime.now(UTC)
    counts = context.calls.listing.count_by_funder(context.now())
    sources = make_source_statuses(all_funders().values(), counts, context.runs, now)
    return SourceList(
        sources=sources,
        failing=sum(one.failing for one in sources),
        stale=sum(one.stale for one in sources),
        as_of=now,
    )
