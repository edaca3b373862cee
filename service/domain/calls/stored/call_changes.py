"""When calls changed, as others follow it: what became of each, and cursors into the changes."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from service.domain.frozen_model import FrozenModel

CURSOR_PATTERN = r"^[A-Za-z0-9_-]{1,100}$"
BEGINNING = "start"
"""The cursor before the first change."""

_POSITION = re.compile(r"([0-9]{1,18})\.([0-9a-f]{0,16})")


class LogPosition(NamedTuple):
    """A place in the log: everything up to change ``number``, which has ``mark``, is known."""

    number: int
    mark: str


START = LogPosition(0, "")
"""The place before the first change."""


def write_cursor(position: LogPosition) -> str:
    """Return a place as a text that nobody has to understand."""
    if position == START:
        return BEGINNING
    written = f"{position.number}.{position.mark}".encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def read_cursor(cursor: str) -> LogPosition | None:
    """Return the place that `write_cursor` wrote, None for a text that it never wrote."""
    if cursor == BEGINNING:
        return START
    try:
        written = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    found = _POSITION.fullmatch(written)
    return None if found is None else LogPosition(int(found[1]), found[2])


class CallFate(StrEnum):
    """What became of a call."""

    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    DELETED = "deleted"


class CallChange(FrozenModel):
    """That a call is new or another than before, and what it is now."""

    id: str
    what: CallFate = Field(
        description="`changed`: as in `calls`; `withdrawn`: its source lists it no more; `merged`: "
        "it is the same as the call in `into`; `deleted`: it is not stored any more."
    )
    modified_at: datetime = Field(description="When it last changed.")
    into: str | None = Field(
        default=None, description="The copy that stands for all copies of the call, if merged."
    )


class ChangeTimes:
    """When calls last changed, for one request: read one by one or, with `fetch`, many at once."""

    def __init__(
        self, read: Callable[[Collection[str]], Mapping[str, datetime]] = lambda _: {}
    ) -> None:
        """Take what reads the instants of some calls; without it none is known."""
        self._read = read
        self._known: dict[str, datetime | None] = {}

    def fetch(self, call_ids: Collection[str]) -> None:
        """Read those of some calls that were not read before."""
        missing = {id_ for id_ in call_ids if id_ not in self._known}
        if missing:
            found = self._read(missing)
            self._known |= {id_: found.get(id_) for id_ in missing}

    def of(self, call_id: str) -> datetime | None:
        """Return when a call last changed, None when that is not known."""
        self.fetch([call_id])
        return self._known[call_id]
