"""Deadlines of United States agencies: a day, and an explanation in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from scrapers.call import Deadline, DeadlineKind
from scrapers.errors import ShapeError
from scrapers.reading import parse
from scrapers.reading.parse import Moment
from scrapers.reading.patterns import load

ZONE = "America/New_York"
_PATTERNS = load("us_deadlines.toml", package=__package__)


def deadlines(closes: Moment | None, explained: str, *, forecast: bool) -> tuple[Deadline, ...]:
    """Return the deadlines: an estimate for a forecast, else the day at the explained hour.

    Further days are cut-offs only where the explanation names several, and no other step than
    the application.
    """
    note = explained[:500]
    if forecast:
        text = "Estimated by the agency." if closes else "Forecast without a date."
        text = f"{text} {note}".strip()[:500]
        at = closes.at if closes else None
        only = closes.date_only if closes else False
        kind = DeadlineKind.ANNOUNCED
        return (Deadline(kind=kind, zone=ZONE, at=at, date_only=only, text=text),)
    if closes is None:
        if explained and _PATTERNS.always.search(explained):
            return (Deadline(kind=DeadlineKind.ROLLING, zone=ZONE, text=note),)
        return ()
    moments = {_with_explained_hour(closes, explained)}
    if _PATTERNS.several.search(explained) and not _PATTERNS.other_step.search(explained):
        moments |= {_with_explained_hour(day, explained) for day in _explained_days(explained)}
    kind = DeadlineKind.CUT_OFF if len(moments) > 1 else DeadlineKind.FIXED
    return tuple(
        Deadline(kind=kind, zone=ZONE, at=at, date_only=only, text=note)
        for at, only in sorted(moments)
    )


def _with_explained_hour(day: Moment, explained: str) -> Moment:
    """Return ``day`` at the one hour in Eastern time that the explanation names, if it does."""
    hours = {
        time(int(m["hour"]) % 12 + (12 if m["half"].lower() == "p" else 0), int(m["minute"] or 0))
        for m in _PATTERNS.hour.finditer(explained)
    }
    if not day.date_only or len(hours) != 1:
        return day
    at = datetime.combine(day.at.date(), hours.pop(), tzinfo=ZoneInfo(ZONE))
    return Moment(at, date_only=False)


def _explained_days(explained: str) -> Iterator[Moment]:
    for match in _PATTERNS.day.finditer(explained):
        try:
            day = parse.read_moment(match.group(), ZONE, "explanation")
        except ShapeError:
            continue
        if day is not None:
            yield day
