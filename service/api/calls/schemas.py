"""Queries about calls, apart from the filters that all lists share."""

from __future__ import annotations

from pydantic import Field

from service.http.queries import RequestModel


class ShortlistQuery(RequestModel):
    """How long a list."""

    top: int = Field(default=10, ge=1, le=100, description="How many pilots at most.")
