"""The base of the service's records: immutable, so that threads and caches can share them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """A record whose fields cannot change."""

    model_config = ConfigDict(frozen=True)
