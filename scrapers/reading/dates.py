"""Dates in Swedish and English prose, with their hour and zone where the text names them.

Nothing is guessed: a date needs its year, its own or that of the list or period that it stands in;
a month in figures needs a clear order (2026-10-13 or 13.10.2026); and a day that no calendar has is
skipped. An hour is never read later than it may be meant: `WrittenDate.note` says what is unsure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from scrapers.reading.clocks import WrittenClock, clock_after, clock_before
from scrapers.reading.parse import Moment, is_stand_in
from scrapers.reading.patterns import load

_PATTERNS = load("dates.toml", package=__package__)
_MONTHS = {name: int(number) for name, number in _PATTERNS.meanings("months").items()}
_MAX_GAP = 90
_MAX_SHARED = 12
"""Days of a list that may share the year of its last one."""
_CENTURY = 2000

Place = Literal["", "first", "last"]


@dataclass(frozen=True)
class WrittenDate:
    """A date in a text: ``text[start:end]``, the instant it means, and its IANA zone.

    ``place`` is "first" or "last" for the ends of a period. ``note`` is a sentence on what is
    unsure of its hour, "" for nothing.
    """

    moment: Moment
    zone: str
    start: int
    end: int
    place: Place = ""
    note: str = ""


@dataclass(frozen=True)
class _Day:
    """A day as written, its hour if there is one, and what links it to the day after it."""

    day: date
    clock: WrittenClock | None
    start: int
    end: int
    place: Place = ""
    listed: bool = False

    def dated(self, zone: str) -> WrittenDate:
        clock = self.clock or WrittenClock()
        moment, place, note = clock.on(self.day, zone)
        return WrittenDate(moment, place, self.start, self.end, self.place, note)


def find_dates(text: str, zone: str, *, american: bool = False) -> Iterator[WrittenDate]:
    """Yield the dates in ``text`` in order; ``zone`` is the zone of those that name none.

    A date without an hour is the last second of that day, marked ``date_only``. The days of a list
    have the hour of the last one if they name none. ``american``: days in figures have the month
    first.
    """
    days: list[_Day] = []
    begin = 0
    for match in _PATTERNS.date.finditer(text):
        day = _match_date(match, american=american)
        if match.start() < begin or day is None or is_stand_in(day):
            continue
        one = _with_clock(_Day(day, None, match.start(), match.end()), text, begin, match)
        earlier = _first_of_month(match, one) or _days_that_share_the_year(
            one, text, begin, american=american
        )
        later = _end_without_year(one, text)
        if (earlier and not earlier[-1].listed) or later:
            one = replace(one, place="first" if later else "last")
        days += [*earlier, one, *later]
        begin = days[-1].end
    yield from (day.dated(zone) for day in _with_shared_hours(_with_periods(days, text), text))


def first_date(text: str, zone: str) -> WrittenDate | None:
    """Return the first date in ``text``, if there is one."""
    return next(find_dates(text, zone), None)


def opening_date(text: str, zone: str) -> WrittenDate | None:
    """Return the first date in ``text``, unless it is said to be the last day to apply."""
    date = first_date(text, zone)
    return None if date and _PATTERNS.closing_word.search(text, 0, date.start) else date


def closing_date(text: str, zone: str) -> WrittenDate | None:
    """Return the first date in ``text`` at which something may close: the end of a period."""
    return next((one for one in find_dates(text, zone) if one.place != "first"), None)


def closing_dates(text: str, zone: str) -> list[WrittenDate]:
    """Return the first date in ``text`` at which something may close, and those listed with it."""
    found: list[WrittenDate] = []
    for one in find_dates(text, zone):
        if not found:
            found = [one] if one.place != "first" else []
        elif not one.place and _are_listed(text[found[-1].end : one.start]):
            found.append(one)
        else:
            break
    return found if len(found) > 1 and not found[0].place else found[:1]


def _are_listed(between: str) -> bool:
    """Whether the text between two dates only links them in a list."""
    return len(between) <= _MAX_GAP and bool(_PATTERNS.list_link.fullmatch(between))


def _match_date(match: re.Match[str], *, american: bool) -> date | None:
    parts = match.groupdict()
    try:
        if parts["iso"] or parts["ymd"]:
            figures = parts["iso"] or parts["ymd"]
            year, month, day = (int(part) for part in re.split("[-/]", figures))
            return date(year, month, day)
        if parts["dotted"]:
            day, month, year = (int(part) for part in parts["dotted"].split("."))
            return date(year, month, day)
        if parts["swedish"]:
            day, month, year = (int(part) for part in re.split("[ /–-]", parts["swedish"]))
            return date(year, month, day)
        if parts["slashed"]:
            return _slashed_date(parts["slashed"], american=american)
        name = (parts["month"] or parts["month2"]).lower()
        year = int(parts["year"] or parts["year2"])
        return date(year, _MONTHS[name], int(parts["day"] or parts["last"] or parts["day2"]))
    except ValueError:
        return None


def _slashed_date(text: str, *, american: bool) -> date | None:
    """Return the day of two figures and a year, if only one order makes sense here."""
    one, other, year = (int(part) for part in re.split("/| of ", text, flags=re.IGNORECASE))
    if american:
        return date(year if year >= _CENTURY else _CENTURY + year, one, other)
    if year < _CENTURY:
        return None
    days = {
        date(year, month, day)
        for month, day in ((one, other), (other, one))
        if month <= 12  # noqa: PLR2004  months
    }
    return days.pop() if len(days) == 1 else None


def _with_clock(day: _Day, text: str, begin: int, match: re.Match[str]) -> _Day:
    """Return ``day`` with the hour after it or else before it."""
    clock = clock_after(text, day.end, iso=bool(match["iso"]))
    if clock is not None:
        return replace(day, clock=clock, end=clock.end)
    clock = clock_before(text, max(begin, day.start - _MAX_GAP), day.start)
    return day if clock is None else replace(day, clock=clock, start=clock.start)


def _first_of_month(match: re.Match[str], last: _Day) -> list[_Day]:
    """Return the first day of a period such as "March 5-7, 2027", whose last one is known."""
    if not match["last"] or not 0 < int(match["day2"]) < last.day.day:
        return []
    first = last.day.replace(day=int(match["day2"]))
    return [_Day(first, None, match.start("day2"), match.end("day2"), "first")]


def _days_that_share_the_year(one: _Day, text: str, begin: int, *, american: bool) -> list[_Day]:
    """Return the days before ``one`` that leave their year to it, in the order of the text.

    A day that the calendar has after the next one is of the year before.
    """
    found: list[_Day] = []
    after = one
    while len(found) < _MAX_SHARED:
        before = _day_before(after, text, begin, american=american)
        if before is None:
            break
        found.insert(0, before)
        if not before.listed:
            break
        after = before
    return found


def _day_before(after: _Day, text: str, begin: int, *, american: bool) -> _Day | None:
    low = max(begin, after.start - _MAX_GAP)
    before = text[low : after.start]
    link = _PATTERNS.range_link.search(before)
    listed = None if link else _PATTERNS.list_link.search(before)
    link = link or listed
    if link is None:
        return None
    end = low + link.start()
    # an hour right before the link belongs to the day before it
    clock = clock_before(text, low, end, at_end=True)
    stop = clock.start if clock else end
    before = text[low:stop].rstrip(" ,(|")
    day = _bare_day(before, after.day, american=american)
    # in "1-30 april 2027" a number alone is a day; before a date in figures it is anything
    if day is None and _PATTERNS.name_follows.match(text, after.start):
        tight = not listed and not link.group().strip("–—-") and text[stop - 1 : stop].isdigit()
        day = _day_of_same_month(before, after.day, listed=bool(listed), tight=tight)
    if day is None:
        return None
    found, start = day
    start += low
    if clock is None and (clock := clock_before(text, low, start)):
        start = clock.start
    begun = bool(listed) and bool(_PATTERNS.between.search(text[low:start]))
    is_list = bool(listed) and not begun
    return _Day(found, clock, start, end, "" if is_list else "first", listed=is_list)


def _bare_day(before: str, after: date, *, american: bool) -> tuple[date, int] | None:
    """Return the day at the end of ``before``, in the last year that lets it precede ``after``."""
    match = _PATTERNS.bare_before.search(before)
    if match is None:
        return None
    try:
        if match["one"]:
            one, other = int(match["one"]), int(match["other"])
            month, number_of_day = (one, other) if american else (other, one)
        else:
            month = _MONTHS[(match["month"] or match["month2"]).lower()]
            number_of_day = int(match["day"] or match["day2"])
        day = date(after.year, month, number_of_day)
        return (day if day <= after else day.replace(year=after.year - 1)), match.start()
    except ValueError:
        return None


def _day_of_same_month(
    before: str, after: date, *, listed: bool, tight: bool = False
) -> tuple[date, int] | None:
    """Return the day that a number at the end of ``before`` is, in the month of ``after``.

    ``listed``: an "and" follows, which makes a period only after "between". ``tight``: a dash
    follows without a space, so that the two numbers are one thing.
    """
    match = _PATTERNS.number_before.search(before)
    if match is None and tight:
        match = _PATTERNS.day_before_dash.search(before)
        counted = match["counted"] if match else None
        if counted and _PATTERNS.counts_parts.fullmatch(counted):
            return None
    number = int(match["number"]) if match else 0
    if match is None or not 0 < number < after.day:
        return None
    if listed and not _PATTERNS.between.search(before[: match.start("number")]):
        return None
    return after.replace(day=number), match.start("number")


def _end_without_year(one: _Day, text: str) -> list[_Day]:
    """Return the end of a period that ``one`` begins and that has no year of its own."""
    match = _PATTERNS.bare_after.match(text, one.end)
    if match is None:
        return []
    try:
        month = _MONTHS[(match["month"] or match["month2"]).lower()]
        day = date(one.day.year, month, int(match["day"] or match["day2"]))
        day = day if day >= one.day else day.replace(year=day.year + 1)
    except ValueError:
        return []
    clock = clock_after(text, match.end(), iso=False)
    return [_Day(day, clock, match.start(), clock.end if clock else match.end(), "last")]


def _with_periods(days: Sequence[_Day], text: str) -> list[_Day]:
    """Return ``days`` with the ends of periods marked where both have their year."""
    marked = list(days)
    for at in range(1, len(marked)):
        one, other = marked[at - 1], marked[at]
        between = text[one.end : other.start]
        if one.place or other.place or one.day > other.day or len(between) > _MAX_GAP:
            continue
        begun = _PATTERNS.between.search(text[max(0, one.start - _MAX_GAP) : one.start])
        link = _PATTERNS.list_link if begun else _PATTERNS.range_link
        if link.fullmatch(between):
            marked[at - 1], marked[at] = replace(one, place="first"), replace(other, place="last")
    return marked


def _with_shared_hours(days: Sequence[_Day], text: str) -> list[_Day]:
    """Return ``days`` with the hour of the last of a list for all of it."""
    shared = list(days)
    for at in range(len(shared) - 1, 0, -1):
        one, other = shared[at - 1], shared[at]
        listed = _are_listed(text[one.end : other.start])
        if one.clock is None and other.clock and not one.place and listed:
            shared[at - 1] = replace(one, clock=other.clock)
    return shared
