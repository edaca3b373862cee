"""Queries about calls, apart from the filters that all lists share."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from service.domain.calls.stored.call_changes import CURSOR_PATTERN
from service.http.queries import CallQuery, RequestModel

_WITH_CURSOR = frozenset({"changed_since", "page_size"})
"""What may be given together; of other parameters only what holds without them."""

_CURSOR_ALONE = "changed_since tells of every call: give it alone, or with page_size"


class CallListQuery(CallQuery):
    """Which calls to list; or which changed since the reader last asked."""

    changed_since: Annotated[str, StringConstraints(pattern=CURSOR_PATTERN)] | None = Field(
        default=None,
        description=(
            "The `cursor` of an earlier answer, or `start`: the calls that changed since, in the "
            "order of their changes, with `page_size` at once. It goes with no filter."
        ),
    )

    @model_validator(mode="after")
    def _cursor_is_alone(self) -> Self:
        if self.changed_since is None:
            return self
        for name, field in type(self).model_fields.items():
            if name not in _WITH_CURSOR and getattr(self, name) != field.default:
                raise ValueError(_CURSOR_ALONE)
        return self


class ShortlistQuery(RequestModel):
    """How long a list."""

    top: int = Field(default=10, ge=1, le=100, description="How many pilots at most.")
