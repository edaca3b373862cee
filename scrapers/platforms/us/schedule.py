"""The dates of an American announcement, each by what the words around it say it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from scrapers.reading.clocks import WrittenClock, find_clocks
from scrapers.reading.dates import WrittenDate, find_dates
from scrapers.reading.patterns import load
from scrapers.remarks import Remark, add_remarks

ZONE = "America/New_York"
_PATTERNS = load("schedule.toml", package=__package__)
_MONTHS = {name: int(number) for name, number in _PATTERNS.meanings("months").items()}
_MAX_YEARS, _MAX_DAYS = 8, 40


class Role(StrEnum):
    """What a date is. ``AIDS`` and ``RENEWAL`` are due dates, but not for every newcomer."""

    DUE = "due"
    RENEWAL = "renewal"
    AIDS = "aids"
    STEP = "step"
    OTHER = "other"


@dataclass(frozen=True)
class Schedule:
    """The dates of a text by role, hours that stand apart from them, and days of every year.

    ``steps`` are required ones alone. ``yearly`` has (month, day).
    """

    due: tuple[WrittenDate, ...] = ()
    renewal: tuple[WrittenDate, ...] = ()
    aids: tuple[WrittenDate, ...] = ()
    steps: tuple[WrittenDate, ...] = ()
    clocks: tuple[WrittenClock, ...] = ()
    yearly: tuple[tuple[int, int], ...] = ()

    def timed(self, days: Iterable[WrittenDate]) -> list[WrittenDate]:
        """Return ``days``, those without an hour at the hour that stands apart."""
        return [self.timed_day(day.moment.at.date(), day) for day in days]

    def timed_day(self, day: date, known: WrittenDate | None = None) -> WrittenDate:
        """Return ``day`` at the hour that stands apart from all days, else at that of a due date.

        Of several hours the earliest counts.
        """
        if known is not None and not known.moment.date_only:
            return known
        start, end = (known.start, known.end) if known else (0, 0)
        timed = (_clock_of(one) for one in self.due if not one.moment.date_only)
        clocks = [*self.clocks] or [*timed] or [WrittenClock()]
        readings = [(clock.on(day, ZONE), clock) for clock in clocks]
        (moment, zone, note), clock = min(readings, key=lambda one: one[0][0].at)
        unsaid = not clock.zone and not clock.owner and clock.offset is None
        if unsaid and not moment.date_only:
            note = add_remarks(note, Remark.NO_CLOCK.write())
        if len({reading[0].at for reading, _ in readings}) > 1:
            note = add_remarks(note, Remark.SEVERAL_HOURS.write())
        return WrittenDate(moment, zone, start, end, known.place if known else "", note)

    def days_between(self, first: date, last: date) -> list[date]:
        """Return the days of every year after ``first`` and up to ``last``."""
        years = range(first.year, min(last.year, first.year + _MAX_YEARS) + 1)
        days = [day for year in years for one in self.yearly if (day := _day_of(year, *one))]
        return sorted(day for day in set(days) if first < day <= last)[:_MAX_DAYS]


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_schedule(text: str, *, named_due: bool) -> Schedule:
    """Return the dates of ``text`` by role.

    ``named_due``: the text stands under a heading of due dates, so that a date is due unless it is
    said to be something else; elsewhere the words before it must say so, or nothing at all.
    """
    found: dict[Role, list[WrittenDate]] = {role: [] for role in Role}
    clocks: list[WrittenClock] = []
    yearly: list[tuple[int, int]] = []
    for sentence in _PATTERNS.sentence.split(text):
        dates = list(find_dates(sentence, ZONE, american=True))
        roles = _roles(sentence, dates, named_due=named_due)
        for one, role in zip(dates, roles, strict=True):
            if role is not Role.STEP or _is_required(sentence):
                found[role].append(one)
        if not _PATTERNS.no_closing_hour.search(sentence):
            clocks += _clocks_apart(sentence, dates)
        yearly += _yearly_days(sentence, dates, named_due=named_due)
    return Schedule(
        due=_distinct(found[Role.DUE]),
        renewal=_distinct(found[Role.RENEWAL]),
        aids=_distinct(found[Role.AIDS]),
        steps=_distinct(found[Role.STEP]),
        clocks=tuple(clocks),
        yearly=tuple(dict.fromkeys(yearly)),
    )


def _clock_of(one: WrittenDate) -> WrittenClock:
    """Return the hour of a date, for days beside it that name none."""
    at = one.moment.at
    hour = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    return WrittenClock(hour, zone=one.zone, note=one.note, exact=True)


def role_of(words: str, *, named_due: bool) -> Role | None:
    """Return what ``words`` beside a date make of it, None when they say nothing."""
    for name, pattern in _PATTERNS.group("roles").items():
        if not pattern.search(words):
            continue
        if name == "renewal" and _PATTERNS.renewal_too.search(words):
            continue
        return {"late": Role.DUE, "old": Role.OTHER}.get(name) or Role(name)
    if _PATTERNS.nothing_said.fullmatch(words):
        return None
    return Role.DUE if named_due else Role.OTHER


def is_old(words: str) -> bool:
    """Whether ``words`` before a date say that it no longer holds."""
    return bool(_PATTERNS.group("roles")["old"].search(words))


def _roles(sentence: str, dates: Sequence[WrittenDate], *, named_due: bool) -> list[Role]:
    """Return a role for each date: by the words before it, or else as the date before it."""
    starts = [0, *(one.end for one in dates)]
    heads = [sentence[at : one.start] for at, one in zip(starts, dates, strict=False)]
    tail = sentence[starts[-1] :][:120]
    said = [role_of(head, named_due=named_due) for head in heads]
    if said and said[0] is None and (after := _role_after(heads, tail)):
        # the words stand behind the days: a first of May for letters, a later one for proposals
        return after
    roles: list[Role] = []
    for role in said:
        roles.append(role or (roles[-1] if roles else Role.DUE))
    return roles


def _role_after(heads: Sequence[str], tail: str) -> list[Role] | None:
    """Return the roles of dates that what they are is said after, None if it is not."""
    said = [role_of(words, named_due=False) for words in (*heads[1:], tail)]
    if said[-1] in (None, Role.OTHER) and Role.STEP not in said:
        # bare dates, with a remark after the last
        return None if not any(said[:-1]) else [role or Role.DUE for role in said]
    last = said[-1] or Role.DUE
    return [role or last for role in said]


def _is_required(sentence: str) -> bool:
    required, optional = _PATTERNS.required.search(sentence), _PATTERNS.optional.search(sentence)
    return bool(required) and not optional


def _clocks_apart(sentence: str, dates: Sequence[WrittenDate]) -> list[WrittenClock]:
    return [
        clock
        for clock in find_clocks(sentence)
        if not any(one.start <= clock.start < one.end for one in dates)
    ]


def _yearly_days(
    sentence: str, dates: Sequence[WrittenDate], *, named_due: bool
) -> list[tuple[int, int]]:
    """Return the days without a year in a sentence on due dates."""
    matches = [
        match
        for match in _PATTERNS.yearly.finditer(sentence)
        if not any(one.start <= match.start() < one.end for one in dates)
    ]
    if not matches:
        return []
    role = role_of(sentence[: matches[0].start()], named_due=named_due)
    if role not in (None, Role.DUE):
        return []
    return [
        (_MONTHS[(match["month"] or match["month2"]).lower()], int(match["day"] or match["day2"]))
        for match in matches
    ]


def _earlier(one: WrittenDate, other: WrittenDate) -> bool:
    return not one.moment.date_only and (other.moment.date_only or one.moment.at < other.moment.at)


def _distinct(dates: Iterable[WrittenDate]) -> tuple[WrittenDate, ...]:
    by_day: dict[date, WrittenDate] = {}
    for one in dates:
        day = one.moment.at.astimezone(ZoneInfo(one.zone)).date()
        known = by_day.get(day)
        # one with an hour tells more than the day alone, and the earlier hour is kept
        if known is None or _earlier(one, known):
            by_day[day] = one
    return tuple(sorted(by_day.values(), key=lambda one: one.moment.at))
