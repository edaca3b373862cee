"""Deadlines of United States agencies: a day, and an explanation in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from scrapers.call import Deadline, DeadlineKind
from scrapers.errors import ShapeError
from scrapers.platforms.us.schedule import ZONE, Schedule, read_schedule
from scrapers.reading.dates import WrittenDate
from scrapers.reading.fields import Fields
from scrapers.reading.parse import Moment
from scrapers.reading.patterns import load
from scrapers.remarks import Remark, add_remarks

_PATTERNS = load("us_deadlines.toml", package=__package__)
_FAR_YEAR, _MOST_YEARS = 2050, 10
_FAR = re.compile(r"(?<!\d)(?:20[5-9]|2[1-9]\d|[3-9]\d\d)\d(?!\d)")
_LAPSE = timedelta(days=180)
"""How long after the day estimated for its posting a forecast may still come."""


def far_year(*values: object) -> str:
    """Return the year of a closing day that stands for none, as 2076 or 9999, "" if none does."""
    matches = (_FAR.search(value) for value in values if isinstance(value, str))
    return next((match.group() for match in matches if match), "")


def archive_day(fields: Fields, name: str, read: Callable[[str], Moment | None]) -> Moment | None:
    """Return the day of archiving, which ``read`` takes from the field ``name``.

    One that cannot be read is noted: it is no reason to lose a call.
    """
    try:
        return read(name)
    except ShapeError as error:
        fields.note(name, f"left out an unreadable date: {error}")
        return None


def lapse(
    closes: Moment | None, opens: datetime | None, archived: Moment | None, *, forecast: bool
) -> datetime | None:
    """Return when a forecast, or a call without a closing day, is over; None for what says so.

    It is archived, or the day that was estimated for its posting has long passed.
    """
    if archived is not None and (forecast or closes is None):
        return archived.at
    return opens + _LAPSE if forecast and closes is None and opens else None


def deadlines(
    closes: Moment | None,
    explained: str,
    *,
    forecast: bool,
    posted: datetime | None = None,
    far: str = "",
) -> tuple[Deadline, ...]:
    """Return the deadlines: an estimate for a forecast, else the due dates that both sources name.

    Where the explanation names other days than the record, the earlier one counts and the text
    says so. A closing day more than ten years after ``posted``, when the call was posted, stands
    for none, and so does one of the year ``far``.
    """
    if closes is not None and _is_far(closes.at, posted):
        far = f"{closes.at.year}"
    day = None if far else closes
    if forecast:
        return (_estimate(day, explained),)
    schedule = read_schedule(explained, named_due=False)
    if day is None:
        return _without_closing_day(far, explained, schedule, posted)
    return _dated(day, explained, schedule, posted)


def _is_far(at: datetime, posted: datetime | None) -> bool:
    return at.year >= _FAR_YEAR or (posted is not None and at.year - posted.year > _MOST_YEARS)


def _estimate(day: Moment | None, explained: str) -> Deadline:
    remark = Remark.ESTIMATED if day else Remark.FORECAST
    return Deadline(
        kind=DeadlineKind.ANNOUNCED,
        zone=ZONE,
        at=day.at if day else None,
        date_only=day.date_only if day else False,
        text=remark.before(explained),
    )


def _without_closing_day(
    far: str, explained: str, schedule: Schedule, posted: datetime | None
) -> tuple[Deadline, ...]:
    due = _after_posting(schedule.due, posted)
    if due:
        return _cut_offs(schedule.timed(due), explained, [])
    if not far and not _PATTERNS.always.search(explained):
        return ()
    note = Remark.FAR_YEAR.write(year=far) if far else ""
    text = add_remarks(explained, note)
    return (Deadline(kind=DeadlineKind.ROLLING, zone=ZONE, text=text),)


def _dated(
    day: Moment, explained: str, schedule: Schedule, posted: datetime | None
) -> tuple[Deadline, ...]:
    """Return the deadlines of a record that has its own day."""
    own = day.at.date()
    closing = _own_day(day, schedule)
    due = schedule.timed(_after_posting(schedule.due, posted))
    if posted is not None and not due:
        due = [schedule.timed_day(one) for one in schedule.days_between(posted.date(), own)]
    days = {_local_day(one): one for one in due}
    notes: list[str] = []
    if own not in days:
        between = len(days) > 1 and min(days) < own < max(days)
        if not between:
            days[own] = closing
        if due:
            notes.append(Remark.RECORD_CLOSES.write(day=own))
    several = len(due) > 1 or bool(_PATTERNS.several.search(explained))
    if len(days) > 1 and not several:
        notes.append(Remark.EARLIER_KEPT.write())
        days = {min(days): days[min(days)]}
    found = _cut_offs(list(days.values()), explained, notes)
    if len(found) == 1 and _PATTERNS.unnamed.search(explained):
        last = Remark.LAST_DAY_ONLY.write()
        text = add_remarks(explained, *notes, closing.note, last)
        return (found[0].model_copy(update={"kind": DeadlineKind.CUT_OFF, "text": text}),)
    return _with_step(found, schedule)


def _own_day(day: Moment, schedule: Schedule) -> WrittenDate:
    if not day.date_only:
        return WrittenDate(day, ZONE, 0, 0)
    return schedule.timed_day(day.at.date())


def _after_posting(days: Iterable[WrittenDate], posted: datetime | None) -> list[WrittenDate]:
    """Return the days on which something can be due: nothing is before a call is posted."""
    return [one for one in days if posted is None or one.moment.at >= posted]


def _cut_offs(
    days: Sequence[WrittenDate], explained: str, notes: Sequence[str]
) -> tuple[Deadline, ...]:
    kind = DeadlineKind.CUT_OFF if len(days) > 1 else DeadlineKind.FIXED
    return tuple(
        Deadline(
            kind=kind,
            zone=one.zone,
            at=one.moment.at,
            date_only=one.moment.date_only,
            text=add_remarks(explained, *notes, one.note),
        )
        for one in sorted(days, key=lambda one: one.moment.at)
    )


def _with_step(found: tuple[Deadline, ...], schedule: Schedule) -> tuple[Deadline, ...]:
    """Return both stages where a required step comes before the one day to apply."""
    # the hour of the application is not that of the step
    steps = replace(schedule, due=()).timed(schedule.steps)
    if len(found) != 1 or len(steps) != 1 or not found[0].at or steps[0].moment.at >= found[0].at:
        return found
    step, last = steps[0], found[0]
    first = Deadline(
        kind=DeadlineKind.TWO_STAGE,
        zone=step.zone,
        at=step.moment.at,
        date_only=step.moment.date_only,
        stage=1,
        text=last.text,
    )
    return (first, last.model_copy(update={"kind": DeadlineKind.TWO_STAGE, "stage": 2}))


def _local_day(one: WrittenDate) -> date:
    return one.moment.at.date()
