"""The one deadline that a line about a call shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from scrapers.call import Deadline


class Due(Protocol):
    """A record with deadlines, such as a call's card."""

    @property
    def next_deadline(self) -> Deadline | None:
        """The next deadline for new applicants."""
        ...

    @property
    def deadlines(self) -> Sequence[Deadline]:
        """All deadlines."""
        ...


def main_deadline(card: Due) -> Deadline | None:
    """Return the deadline that matters most: the next, else an undated one, else the last."""
    if card.next_deadline is not None:
        return card.next_deadline
    undated = [d for d in card.deadlines if d.at is None and d.is_entry]
    entries = [d for d in card.deadlines if d.at is not None and d.admits_new_applicants]
    return undated[0] if undated else max(entries, key=_instant, default=None)


def _instant(deadline: Deadline) -> float:
    return deadline.at.timestamp() if deadline.at else 0.0
