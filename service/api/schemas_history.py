"""What the API says of the past: a call's versions, and how the sources fare."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from service.api.schemas import Given
from service.domain.change import Version
from service.domain.sources import SourceStatus


class CallHistory(Given):
    """What a call has been, and since when its source does not list it, if so."""

    id: str
    first_seen: datetime
    last_seen: datetime = Field(description="When a run last listed it.")
    not_seen_since: datetime | None = Field(
        description="When its source first listed every call but this one; null while it is there."
    )
    versions: tuple[Version, ...] = Field(description="Oldest first.")


class SourceList(Given):
    """Every funder that is read, and how that goes."""

    sources: tuple[SourceStatus, ...]
    failing: int = Field(description="How many are failing.")
    stale: int = Field(description="How many have no good run of the last week.")
    as_of: datetime = Field(description="The instant that ages of runs were counted to.")
