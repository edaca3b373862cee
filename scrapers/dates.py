"""Dates as people write them, in Swedish and English: found in prose, with hour and zone if given.

Nothing is guessed: a date needs its year, a month in figures needs an order that cannot be
mistaken (2026-10-13 or 13.10.2026), and a day that no calendar has is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scrapers.call import end_of_day
from scrapers.parse import FIRST_YEAR, LAST_YEAR, Moment

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb",
            "mars march mar",
            "april apr",
            "maj may",
            "juni june jun",
            "juli july jul",
            "augusti august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    r"(?<![\d.])(?:"
    r"(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<day>\d{1,2})(?::?[ea]|st|nd|rd|th)? (?:of )?"
    rf"(?P<month>{_MONTH})\.?,? (?P<year>\d{{4}})"
    rf"|(?P<month2>{_MONTH})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}})"
    r"|(?P<dotted>\d{1,2}\.\d{1,2}\.\d{4})"
    r")(?![\d-])",
    re.IGNORECASE,
)
_HOUR = re.compile(
    r"(?:T|,?[ \u00a0]?|[ \u00a0][|–-][ \u00a0])\(?(?:(?:klockan|kl\.?|at|by)[ \u00a0])?"
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?::\d{2})?)?(?:\.000)?"
    r"[ \u00a0]?(?P<half>[ap]\.?m\b\.?)?\)?",
    re.IGNORECASE,
)
_NOON_SAID = re.compile(r",?[ \u00a0]?\(?(?:at |by |12 )?(?:noon|midday)\b\)?", re.IGNORECASE)
_NAMED_HOUR = re.compile(r"klockan|kl\b|at\b|by\b|[:.]|m\b", re.IGNORECASE)
_ZONES = {
    "Europe/London": r"UK time|GMT|BST|London time",
    "Europe/Brussels": r"CES?T|Brussels(?: local)? time|Central European(?: Summer)? Time",
    "Europe/Stockholm": r"svensk tid|Swedish time|Stockholm time",
    "America/New_York": r"E[SD]?T\b|Eastern(?: time)?",
    "UTC": r"UTC|Z\b",
    "Etc/GMT+12": r"AoE\b|[Aa]nywhere on [Ee]arth",
}
_ZONE = re.compile(
    r",?[ \u00a0]?\(?(?:" + "|".join(f"(?P<z{n}>{p})" for n, p in enumerate(_ZONES.values())) + ")"
)
_BEFORE = re.compile(
    r"(?:(?:klockan|kl\.?|at|by|before|till|före)[ \u00a0])?(?<![\d.:-])"
    r"(?:(?P<noon>(?:12 )?(?:noon|midday))"
    r"|(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?[ \u00a0]?(?P<half>[ap]\.?m\b\.?)?)"
    r"(?P<named>,?[ \u00a0]?\(?(?:" + "|".join(_ZONES.values()) + r")\)?)?"
    r",?[ \u00a0](?:on |the |den |of )*(?:[^\W\d_]{3,9}day,? )?(?:the )?$",
    re.IGNORECASE,
)
_SAID_BEFORE = re.compile(r"klockan|kl\b|at\b|by\b|:|[ap]\.?m\b|noon|midday", re.IGNORECASE)
_REACH = 60
_NOON, _LAST_HOUR = 12, 24


@dataclass(frozen=True)
class Written:
    """A date in a text: ``text[start:end]``, the instant it means, and its IANA zone."""

    moment: Moment
    zone: str
    start: int
    end: int


def written(text: str, zone: str) -> Iterator[Written]:
    """Yield the dates in ``text`` in order; ``zone`` is the clock of those that name none.

    A date alone is the last second of that day, marked ``date_only``.
    """
    begin = 0
    for found in _DATE.finditer(text):
        day = _day(found)
        if day is None or not FIRST_YEAR <= day.year < LAST_YEAR:
            continue
        start, place = found.start(), zone
        clock, end = _clock(text, found.end())
        if clock is not None and (named := _ZONE.match(text, end)):
            place, end = _zone(named), named.end()
        elif clock is None:
            clock, place, start = _clock_before(text, max(begin, start - _REACH), start, zone)
        begin = end
        yield Written(_moment(day, clock, place), place, start, end)


def first(text: str, zone: str) -> Written | None:
    """Return the first date in ``text``, if there is one."""
    return next(written(text, zone), None)


def _day(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
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


def _clock(text: str, at: int) -> tuple[timedelta | None, int]:
    """Return the time of day that stands at ``at``, as time since midnight, and where it ends.

    A bare number after a date is no hour: "13 maj 2026 5 miljoner".
    """
    if noon := _NOON_SAID.match(text, at):
        return timedelta(hours=_NOON), noon.end()
    found = _HOUR.match(text, at)
    if found is None or not _NAMED_HOUR.search(found.group()):
        return None, at
    clock = _of(found)
    if clock is None:
        return None, at
    noon = _NOON_SAID.match(text, found.end())
    return clock, noon.end() if noon else found.end()


def _clock_before(text: str, begin: int, at: int, zone: str) -> tuple[timedelta | None, str, int]:
    """Return the time of day said before the date at ``at``, its zone and where it starts.

    As in "4pm on 4 March 2026" and "kl. 14.00 den 13 oktober 2026".
    """
    found = _BEFORE.search(text[begin:at])
    if found is None or not _SAID_BEFORE.search(found.group()):
        return None, zone, at
    clock = timedelta(hours=_NOON) if found["noon"] else _of(found)
    if clock is None:
        return None, zone, at
    named = _ZONE.match(found["named"] or "")
    return clock, _zone(named) if named else zone, begin + found.start()


def _of(found: re.Match[str]) -> timedelta | None:
    """Return the time of day of a match with hour, minute and half, None when there is no such."""
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if found["half"][0] in "pP" else 0)
    if hour > _LAST_HOUR or minute > 59 or (hour == _LAST_HOUR and minute):  # noqa: PLR2004  minutes
        return None
    return timedelta(hours=hour, minutes=minute)


def _moment(day: date, clock: timedelta | None, zone: str) -> Moment:
    """Return the instant; midnight, at either end of a day, means the day and no hour."""
    if clock is None or clock in (timedelta(0), timedelta(hours=_LAST_HOUR)):
        return Moment(end_of_day(day, zone), date_only=clock != timedelta(hours=_LAST_HOUR))
    start = datetime.combine(day, time(0), tzinfo=ZoneInfo(zone))
    return Moment(start + clock, date_only=False)


def _zone(found: re.Match[str]) -> str:
    number = next(n for n in range(len(_ZONES)) if found[f"z{n}"])
    return tuple(_ZONES)[number]
