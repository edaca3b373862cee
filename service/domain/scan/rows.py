"""What a scan counts of a call."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from scrapers.call import Level, Money, Status


class ScanRow(NamedTuple):
    """A call on the subject, as far as a scan counts it.

    Attributes:
        id: of the call.
        funder: the funder's key.
        name: the funder's name.
        level: how far the funder reaches.
        status: at the instant of the scan.
        next_deadline: the next deadline for newcomers, if it has a date.
        deadlines: every deadline for newcomers that lies ahead, the earliest first.
        opens: when it opens or opened.
        is_rolling: whether applications are taken at any time.
        total: the pot, as the call states it.
        most: what one project may get, as the call states it.
    """

    id: str
    funder: str
    name: str
    level: Level
    status: Status
    next_deadline: datetime | None
    deadlines: tuple[datetime, ...]
    opens: datetime | None
    is_rolling: bool
    total: Money | None
    most: Money | None

    @property
    def first_date(self) -> datetime | None:
        """The date that the call comes into a list by: its next deadline, else its opening."""
        if self.next_deadline is not None:
            return self.next_deadline
        return self.opens if self.status is Status.FORTHCOMING else None
