"""List the sources: how well each is read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from pydantic import Field

from scrapers.call import Level
from service.context import Context
from service.domain.calls.sources import (
    SourceStatus,
    call_gap_note,
    gaps_note,
    list_gaps,
    make_source_statuses,
)
from service.domain.frozen_model import FrozenModel
from service.domain.matching.filters import Filters
from service.messages.message import Message


class SourceList(FrozenModel):
    """Every funder that is read, and how that goes."""

    sources: tuple[SourceStatus, ...]
    failing: int = Field(description="How many are failing.")
    stale: int = Field(description="How many have no good run of the last week.")
    as_of: datetime = Field(description="The instant that ages of runs were counted to.")


def list_sources(context: Context) -> SourceList:
    """Return the status of every source."""
    from scrapers.catalogue import all_funders  # noqa: PLC0415  a tenth of a cold start

    now = datetime.now(UTC)
    counts = context.calls.listing.count_by_funder(context.now())
    sources = make_source_statuses(all_funders().values(), counts, context.runs, now)
    return SourceList(
        sources=sources,
        failing=sum(one.failing for one in sources),
        stale=sum(one.stale for one in sources),
        as_of=now,
    )


def list_source_states(context: Context) -> tuple[SourceStatus, ...]:
    """Return the status of every source; calls are not counted, which costs the most."""
    from scrapers.catalogue import all_funders  # noqa: PLC0415  as above

    return make_source_statuses(
        all_funders().values(), {}, context.source_runs(), datetime.now(UTC)
    )


def find_gaps(
    context: Context, funders: Collection[str] = (), levels: Collection[Level] = ()
) -> tuple[SourceStatus, ...]:
    """Return the sources that fail or were not read for long; calls are not counted.

    Args:
        context: the stores.
        funders: the keys of those that matter; by default all.
        levels: the levels of those that matter; by default all.
    """
    # the catalogue of funders takes half a second to load: only a source with a gap needs its name
    keys = context.source_runs().gap_keys(datetime.now(UTC))
    if not keys or (funders and not keys.intersection(funders)):
        return ()
    return list_gaps(list_source_states(context), funders, levels)


def gap_notes(context: Context, filters: Filters | None = None) -> tuple[Message, ...]:
    """Return what to say where the calls that pass ``filters`` are listed or ranked."""
    chosen = filters or Filters()
    note = gaps_note(find_gaps(context, chosen.funders, chosen.levels))
    return (note,) if note else ()


def call_gap_notes(context: Context, call_id: str) -> tuple[Message, ...]:
    """Return what to say where one call is shown."""
    note = call_gap_note(find_gaps(context), call_id)
    return (note,) if note else ()
