"""Deadlines in Swedish time, with the funder's own clock beside it where that differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scrapers.call import Deadline
from service.domain.scan.months import SWEDEN
from service.messages import facts
from service.messages.words import Words


@dataclass(frozen=True)
class SwedishTime:
    """Writes deadlines for one reader."""

    words: Words

    def deadline(self, due: Deadline) -> str:
        """Write a deadline in Swedish time; one without a date as its funder says it."""
        if due.at is None:
            return facts.deadline(due, self.words)
        moment = self._moment(due.at)
        if due.date_only and not self._differs(due):
            return self.words("deadline.day", date=moment)
        return self.words("time.swedish", date=moment, time=f"{moment:%H:%M}")

    def elsewhere(self, due: Deadline) -> str:
        """Write the deadline on the funder's clock; nothing where that is the Swedish one."""
        if due.at is None or not self._differs(due):
            return ""
        local = due.local()
        place = due.zone.rpartition("/")[2].replace("_", " ")
        if due.date_only:
            return self.words("time.elsewhere.day", date=local, place=place)
        return self.words("time.elsewhere", date=local, time=f"{local:%H:%M}", place=place)

    def moment(self, at: datetime) -> str:
        """Write an instant in Swedish time."""
        moment = self._moment(at)
        return self.words("time.swedish", date=moment, time=f"{moment:%H:%M}")

    def _differs(self, due: Deadline) -> bool:
        return due.at is not None and due.local().utcoffset() != self._moment(due.at).utcoffset()

    @staticmethod
    def _moment(at: datetime) -> datetime:
        try:
            return at.astimezone(SWEDEN)
        except OverflowError:  # at the ends of the calendar the Swedish clock is beyond it
            return at
