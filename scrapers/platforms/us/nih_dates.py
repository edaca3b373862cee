"""When an announcement of the NIH Guide closes: its due dates, key dates and expiration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from scrapers.call import Deadline, DeadlineKind
from scrapers.platforms.us.key_dates import KeyDates
from scrapers.platforms.us.schedule import ZONE, Schedule, is_old, read_schedule
from scrapers.reading.dates import WrittenDate, find_dates
from scrapers.remarks import Remark, add_remarks


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
                text=add_remarks("", reason, *notes, one.note),
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
            remark.write(days=sorted({one.moment.at.date() for one in days}))
            for remark, days in (
                (Remark.RENEWALS, (*self.schedule.renewal, *table.renewal)),
                (Remark.AIDS, (*self.schedule.aids, *table.aids)),
            )
            if days
        ]
        if table.unclear:
            notes.insert(0, Remark.UNCLEAR_TABLE.write())
        return notes

    def _closing(self, known: Sequence[date]) -> tuple[date | None, str]:
        """Return the last day that something says, and what it is."""
        if self.last is not None:
            return self.last, "" if self.last in known else Remark.LAST_RECEIPT.write()
        if self.expires is None or (known and not self.standard):
            return None, ""
        reason = Remark.STANDARD_DATES if self.standard else Remark.NO_RECEIPT_DATE
        return self.expires, reason.write(day=self.expires)


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
