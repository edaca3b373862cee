"""The base of the records that the service makes: immutable, so that they can be shared."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """A record whose fields cannot be set once it is made."""

    model_config = ConfigDict(frozen=True)
