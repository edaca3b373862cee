"""When an announcement of the NIH Guide closes: its due dates, key dates and expiration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scrapers.call import Deadline, DeadlineKind
from scrapers.platforms.us.key_dates import KeyDates
from scrapers.platforms.us.schedule import ZONE, Schedule, is_old, read_schedule
from scrapers.reading.dates import WrittenDate, find_dates

_MAX_NAMED = 6
_LONGEST_TEXT = 500


@dataclass(frozen=True)
class NihDates:
    """What a page or a hit says of its dates.

    ``last`` is the last receipt date where the others are not named; ``standard``: the dates that
    hold for its kind of grant apply, which are not named.
    """

    schedule: Schedule
    table: KeyDates | None = None
    opens: date | None = None
    last: date | None = None
    expires: date | None = None
    standard: bool = False

    def deadlines(self) -> tuple[Deadline, ...]:
        """Return the days for new applications, else the last one that is known, with a text."""
        days, notes = self._new(), self._others()
        known = [one.moment.at.date() for one in days]
        closing, reason = self._closing(known)
        if closing is not None and closing not in known:
            days = [*days, self.schedule.timed_day(closing)]
        # an expiry and a last receipt date have days before them that nobody named
        kind = DeadlineKind.CUT_OFF if len(days) > 1 or reason else DeadlineKind.FIXED
        return tuple(
            Deadline(
                kind=kind,
                zone=one.zone,
                at=one.moment.at,
                date_only=one.moment.date_only,
                text=" ".join(filter(None, (reason, *notes, one.note)))[:_LONGEST_TEXT],
            )
            for one in sorted(days, key=lambda one: one.moment.at)
        )

    def _new(self) -> list[WrittenDate]:
        """Return the days for new applications, or for those on AIDS where there are no others."""
        due = [*self.schedule.due, *(self.table.new if self.table else ())]
        if not due and self.opens and self.expires and self.schedule.yearly:
            yearly = self.schedule.days_between(self.opens, self.expires)
            return [self.schedule.timed_day(day) for day in yearly]
        due = due or [*self.schedule.aids, *(self.table.aids if self.table else ())]
        by_day = {one.moment.at.date(): one for one in self.schedule.timed(due)}
        return list(by_day.values())

    def _others(self) -> list[str]:
        """Return what is said of days that are not for everybody."""
        table = self.table or KeyDates()
        notes = [
            f"{name}: {_listed(days)}."
            for name, days in (
                ("Renewals and resubmissions", (*self.schedule.renewal, *table.renewal)),
                ("AIDS applications", (*self.schedule.aids, *table.aids)),
            )
            if days
        ]
        if table.unclear:
            notes.insert(0, "The table of dates could not be told apart; its first day is kept.")
        return notes

    def _closing(self, known: Sequence[date]) -> tuple[date | None, str]:
        """Return the last day that something says, and what it is."""
        if self.last is not None:
            said = "Last receipt date; earlier ones may stand in the announcement."
            return self.last, "" if self.last in known else said
        if self.expires is None or (known and not self.standard):
            return None, ""
        reason = "Standard receipt dates apply" if self.standard else "No receipt date is named"
        return self.expires, f"{reason}; the announcement expires on {self.expires}."


def _listed(days: Iterable[WrittenDate]) -> str:
    named = sorted({one.moment.at.date().isoformat() for one in days})
    more = ", ..." if len(named) > _MAX_NAMED else ""
    return ", ".join(named[:_MAX_NAMED]) + more


def day_that_holds(text: str) -> date | None:
    """Return the first date in ``text`` that is not said to be an original or former one."""
    begin = 0
    found: list[tuple[bool, date]] = []
    for one in find_dates(text, ZONE, american=True):
        found.append((is_old(text[begin : one.start]), one.moment.at.date()))
        begin = one.end
    return next((day for old, day in found if not old), found[0][1] if found else None)


def receipt_schedule(receipt: str, others: str) -> Schedule:
    """Return the due dates of ``receipt`` with the hour that it, or else ``others``, names.

    ``others`` is the rest of the key dates: remarks that hold for all of them.
    """
    schedule = read_schedule(receipt, named_due=True)
    if schedule.clocks:
        return schedule
    clocks = read_schedule(others, named_due=False).clocks
    return replace(schedule, clocks=clocks)
