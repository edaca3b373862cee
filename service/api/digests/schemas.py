"""The query of a digest."""

from __future__ import annotations

from pydantic import Field

from service.domain.notifications.week import Week
from service.http.queries import RequestModel


class DigestQuery(RequestModel):
    """Which week's mail."""

    week: Week | None = Field(
        default=None, description="An ISO week, such as `2026-W48`; this week when absent."
    )
