"""Hours in prose and whose clock they are on, read so that nobody comes too late."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from scrapers.call import end_of_day
from scrapers.reading.parse import Moment
from scrapers.reading.patterns import load
from scrapers.remarks import Remark

APPLICANT_ZONE = "Europe/Stockholm"
"""The clock of those whom calls are collected for: "local time of the applicant"."""

_PATTERNS = load("dates.toml", package=__package__)
_ZONES = {
    "london": "Europe/London",
    "brussels": "Europe/Brussels",
    "stockholm": "Europe/Stockholm",
    "oslo": "Europe/Oslo",
    "helsinki": "Europe/Helsinki",
    "new_york": "America/New_York",
    "chicago": "America/Chicago",
    "denver": "America/Denver",
    "los_angeles": "America/Los_Angeles",
    "anchorage": "America/Anchorage",
    "honolulu": "Pacific/Honolulu",
    "utc": "UTC",
    "anywhere": "Etc/GMT+12",
}
_FIXED_HOURS = {
    "CET": 1, "CEST": 2, "GMT": 0, "BST": 1, "EET": 2, "EEST": 3, "EST": -5, "EDT": -4,
    "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Hours east of Greenwich of names that mean one clock, though people use them all the year."""
_NOON, _LAST_HOUR = 12, 24


@dataclass(frozen=True)
class WrittenClock:
    """A time of day, ``text[start:end]``, and its clock; without ``hour`` the whole day is meant.

    ``zone`` is an IANA zone, "" when none is named; ``offset`` one in figures; ``owner`` is
    "applicant" or "unsaid" for local time. ``exact``: midnight in figures is no padding.
    """

    hour: timedelta | None = None
    zone: str = ""
    offset: timedelta | None = None
    owner: str = ""
    note: str = ""
    exact: bool = False
    start: int = 0
    end: int = 0

    def on(self, day: date, zone: str) -> tuple[Moment, str, str]:
        """Return the instant on ``day``, its zone and a note; ``zone`` if none is named.

        Midnight at either end of a day means the whole day, unless it is ``exact``.
        """
        place = self.zone or zone
        if self.hour is None or (not self.hour and not self.exact):
            return Moment(end_of_day(day, place), date_only=True), place, self.note
        if self.hour == timedelta(hours=_LAST_HOUR):
            return Moment(end_of_day(day, place), date_only=False), place, self.note
        note = self.note or ("" if self.hour else Remark.HOUR_ZERO.write())
        at, place = self._instant(day, zone)
        return Moment(at, date_only=False), place, note

    def _instant(self, day: date, zone: str) -> tuple[datetime, str]:
        naive = datetime.combine(day, time(0)) + (self.hour or timedelta(0))
        if self.offset is not None and not self.zone:
            at = naive.replace(tzinfo=timezone(self.offset)).astimezone(ZoneInfo(zone))
            return at, zone
        places = {"applicant": [APPLICANT_ZONE], "unsaid": [zone, APPLICANT_ZONE]}
        readings = [
            (naive.replace(tzinfo=ZoneInfo(place)), place)
            for place in places.get(self.owner, [self.zone or zone])
        ]
        if self.offset is not None:
            fixed = naive.replace(tzinfo=timezone(self.offset))
            readings.append((fixed.astimezone(ZoneInfo(self.zone)), self.zone))
        return min(readings, key=lambda reading: reading[0])


def clock_after(text: str, at: int, *, iso: bool) -> WrittenClock | None:
    """Return the time of day right after a day that ends at ``at``.

    A bare number is no hour: "13 maj 2026 5 miljoner". ``iso``: the day is in ISO 8601.
    """
    match = _PATTERNS.hour.match(text, at)
    if match is None or not _PATTERNS.names_hour.search(match.group()):
        return None
    attached = iso and text[at] == "T"
    clock = _clock_of(match, exact=not iso)
    if clock is None:
        return None
    noon = _PATTERNS.noon_after.match(text, clock.end)
    clock = clock if noon is None else _moved(clock, noon.end())
    if attached and (offset := _PATTERNS.iso_offset.match(text, clock.end)):
        return _with_iso_offset(clock, offset)
    return _with_zone(clock, _PATTERNS.zone.match(text, clock.end))


def clock_before(text: str, begin: int, at: int, *, at_end: bool = False) -> WrittenClock | None:
    """Return the time of day that ends where a day begins, at ``at``, not before ``begin``.

    As in "4pm on 4 March 2026" and "kl. 14.00 den 13 oktober 2026". ``at_end``: it stands after
    its own day, which is before it: "16 August (09:00)".
    """
    pattern = _PATTERNS.hour_at_end if at_end else _PATTERNS.hour_before
    names = _PATTERNS.names_hour if at_end else _PATTERNS.names_hour_before
    match = pattern.search(text[begin:at])
    if match is None or not names.search(match.group()):
        return None
    clock = _clock_of(match, exact=True)
    if clock is None:
        return None
    named = _PATTERNS.zone.match(match["named"] or "")
    return _moved(_with_zone(clock, named), at, begin + match.start())


def find_clocks(text: str) -> Iterator[WrittenClock]:
    """Yield the hours in ``text`` in order, wherever they stand."""
    for match in _PATTERNS.lone_hour.finditer(text):
        if _PATTERNS.shows_hour.search(match.group()) and (clock := _clock_of(match, exact=True)):
            yield _with_zone(clock, _PATTERNS.zone.match(text, clock.end))


def _moved(clock: WrittenClock, end: int, start: int | None = None) -> WrittenClock:
    return replace(clock, end=end, start=clock.start if start is None else start)


def _clock_of(match: re.Match[str], *, exact: bool) -> WrittenClock | None:
    """Return the time of day of a match of ``clock``; None if no clock has it."""
    start, end = match.start(), match.end()
    if match["noon"]:
        return WrittenClock(timedelta(hours=_NOON), start=start, end=end)
    if match["midnight"]:
        return WrittenClock(note=Remark.MIDNIGHT.write(), start=start, end=end)
    if match["military"]:
        hour, minute = int(match["military"][:2]), int(match["military"][2:])
    else:
        hour, minute = int(match["hour"]), int(match["minute"] or match["minutes"] or 0)
    if match["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if match["half"][0] in "pP" else 0)
    if hour > _LAST_HOUR or minute > 59 or (hour == _LAST_HOUR and minute):  # noqa: PLR2004  minutes
        return None
    return WrittenClock(timedelta(hours=hour, minutes=minute), exact=exact, start=start, end=end)


def _with_zone(clock: WrittenClock, match: re.Match[str] | None) -> WrittenClock:
    """Return ``clock`` on the clock that is named right after it."""
    if match is None:
        return clock
    clock = _moved(clock, match.end())
    parts = match.groupdict()
    if parts["applicant"] or parts["local"]:
        owner = "applicant" if parts["applicant"] else "unsaid"
        note = Remark.APPLICANT_CLOCK if parts["applicant"] else Remark.LOCAL_CLOCK
        return replace(clock, owner=owner, note=note.write())
    hours = parts["hours"] or parts["plus_hours"] or parts["bare"]
    if hours is None:
        zone = next(zone for name, zone in _ZONES.items() if parts[name])
        word = match.group().strip(" ,()[]")
        fixed = _FIXED_HOURS.get(word)
        offset = None if fixed is None else timedelta(hours=fixed)
        return replace(clock, zone=zone, offset=offset)
    rest = parts["rest"] or parts["plus_rest"] or parts["bare_rest"]
    sign = "+" if parts["bare"] else parts["sign"] or "+"
    return _with_offset(clock, sign, hours, rest, lost=bool(parts["bare"]))


def _with_iso_offset(clock: WrittenClock, match: re.Match[str]) -> WrittenClock:
    clock = _moved(clock, match.end())
    sign = (match["sign"] or "").strip()
    lost = not sign and f"{match['hours']}{match['rest']}".strip("0N").isdigit()
    return _with_offset(clock, sign or "+", match["hours"] or "0", match["rest"], lost=lost)


def _with_offset(
    clock: WrittenClock, sign: str, hours: str, rest: str | None, *, lost: bool
) -> WrittenClock:
    offset = timedelta(hours=int(hours), minutes=int(rest or 0))
    if offset >= timedelta(hours=_LAST_HOUR):
        return clock
    signed = offset if sign == "+" else -offset
    note = Remark.OFFSET_UNSIGNED.write() if lost else clock.note
    return replace(clock, offset=signed, note=note, exact=True)
