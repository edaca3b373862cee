"""List the sources: how far each is read, and how that goes."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field

from scrapers.catalogue import all_funders
from service.context import Context
from service.domain.calls.sources import SourceStatus, list_source_statuses
from service.domain.frozen_model import FrozenModel


class SourceList(FrozenModel):
    """Every funder that is read, and how that goes."""

    sources: tuple[SourceStatus, ...]
    failing: int = Field(description="How many are failing.")
    stale: int = Field(description="How many have no good run of the last week.")
    as_of: datetime = Field(description="The instant that ages of runs were counted to.")


def list_sources(context: Context) -> SourceList:
    """Return how every source fares."""
    now = datetime.now(UTC)
    stored = context.calls.all().values()
    found = list_source_statuses(
        all_funders().values(), stored, context.runs, now=now, clock=context.now()
    )
    return SourceList(
        sources=found,
        failing=sum(one.failing for one in found),
        stale=sum(one.stale for one in found),
        as_of=now,
    )
