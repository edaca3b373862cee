"""Dates in Swedish and English prose, with their hour and zone where the text names them.

Nothing is guessed: a date needs its year, a month in figures needs a clear order (2026-10-13 or
13.10.2026), and a day that no calendar has is skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scrapers.call import end_of_day
from scrapers.reading.parse import FIRST_YEAR, LAST_YEAR, Moment
from scrapers.reading.patterns import load

_PATTERNS = load("dates.toml", package=__package__)
_MONTHS = {name: int(number) for name, number in _PATTERNS.meanings("months").items()}
_ZONES = {
    "london": "Europe/London",
    "brussels": "Europe/Brussels",
    "stockholm": "Europe/Stockholm",
    "new_york": "America/New_York",
    "utc": "UTC",
    "anywhere": "Etc/GMT+12",
}
_MAX_GAP = 60
_NOON, _LAST_HOUR = 12, 24


@dataclass(frozen=True)
class WrittenDate:
    """A date in a text: ``text[start:end]``, the instant it means, and its IANA zone."""

    moment: Moment
    zone: str
    start: int
    end: int


def find_dates(text: str, zone: str) -> Iterator[WrittenDate]:
    """Yield the dates in ``text`` in order; ``zone`` is the zone of those that name none.

    A date without an hour is the last second of that day, marked ``date_only``.
    """
    begin = 0
    for match in _PATTERNS.date.finditer(text):
        day = _match_date(match)
        if day is None or not FIRST_YEAR <= day.year < LAST_YEAR:
            continue
        start, place = match.start(), zone
        clock, end = _clock_after(text, match.end())
        if clock is not None and (named := _PATTERNS.zone.match(text, end)):
            place, end = _match_zone(named), named.end()
        elif clock is None:
            clock, place, start = _clock_before(text, max(begin, start - _MAX_GAP), start, zone)
        begin = end
        yield WrittenDate(_to_moment(day, clock, place), place, start, end)


def first_date(text: str, zone: str) -> WrittenDate | None:
    """Return the first date in ``text``, if there is one."""
    return next(find_dates(text, zone), None)


def _match_date(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    try:
        if parts["iso"]:
            return date.fromisoformat(parts["iso"])
        if parts["dotted"]:
            day, month, year = (int(part) for part in parts["dotted"].split("."))
            return date(year, month, day)
        name = (parts["month"] or parts["month2"]).lower()
        year = int(parts["year"] or parts["year2"])
        return date(year, _MONTHS[name], int(parts["day"] or parts["day2"]))
    except ValueError:
        return None


def _clock_after(text: str, at: int) -> tuple[timedelta | None, int]:
    """Return the time of day at ``at``, as time since midnight, and where its text ends.

    A bare number after a date is no hour: "13 maj 2026 5 miljoner".
    """
    if noon := _PATTERNS.noon.match(text, at):
        return timedelta(hours=_NOON), noon.end()
    match = _PATTERNS.hour.match(text, at)
    if match is None or not _PATTERNS.names_hour.search(match.group()):
        return None, at
    clock = _time_of_day(match)
    if clock is None:
        return None, at
    noon = _PATTERNS.noon.match(text, match.end())
    return clock, noon.end() if noon else match.end()


def _clock_before(text: str, begin: int, at: int, zone: str) -> tuple[timedelta | None, str, int]:
    """Return the time of day before the date at ``at``, its zone, and where its text starts.

    As in "4pm on 4 March 2026" and "kl. 14.00 den 13 oktober 2026".
    """
    match = _PATTERNS.hour_before.search(text[begin:at])
    if match is None or not _PATTERNS.names_hour_before.search(match.group()):
        return None, zone, at
    clock = timedelta(hours=_NOON) if match["noon"] else _time_of_day(match)
    if clock is None:
        return None, zone, at
    named = _PATTERNS.zone.match(match["named"] or "")
    return clock, _match_zone(named) if named else zone, begin + match.start()


def _time_of_day(match: re.Match[str]) -> timedelta | None:
    """Return the time of day of a match with hour, minute and half; None if no clock has it."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if match["half"][0] in "pP" else 0)
    if hour > _LAST_HOUR or minute > 59 or (hour == _LAST_HOUR and minute):  # noqa: PLR2004  minutes
        return None
    return timedelta(hours=hour, minutes=minute)


def _to_moment(day: date, clock: timedelta | None, zone: str) -> Moment:
    """Return the instant; midnight at either end of a day means the whole day."""
    if clock is None or clock in (timedelta(0), timedelta(hours=_LAST_HOUR)):
        return Moment(end_of_day(day, zone), date_only=clock != timedelta(hours=_LAST_HOUR))
    start = datetime.combine(day, time(0), tzinfo=ZoneInfo(zone))
    return Moment(start + clock, date_only=False)


def _match_zone(match: re.Match[str]) -> str:
    return next(zone for name, zone in _ZONES.items() if match[name])
