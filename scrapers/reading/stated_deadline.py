"""The deadline that a text states in a sentence, for calls that came without one in a field.

Nothing is guessed: there must be one such date in the whole text, right behind words that say by
when to apply, in a sentence that speaks of nothing else with a date of its own.
"""

from __future__ import annotations

from typing import NamedTuple

from scrapers.reading.dates import WrittenDate, find_dates
from scrapers.reading.patterns import load

_PATTERNS = load("stated_deadline.toml", package=__package__)
_LONGEST_SENTENCE, _MOST_TEXT = 400, 200_000


class StatedDeadline(NamedTuple):
    """A deadline as a text states it, with its sentence."""

    date: WrittenDate
    quote: str


def find_stated_deadline(text: str, zone: str) -> StatedDeadline | None:
    """Return the one deadline that ``text`` states; None where it states none, or several.

    ``zone`` is the zone of dates that name none.
    """
    found: dict[object, StatedDeadline] = {}
    for sentence in _PATTERNS.sentence.split(text[:_MOST_TEXT]):
        if len(sentence) > _LONGEST_SENTENCE or _PATTERNS.other.search(sentence):
            continue
        for date in _closing_dates(sentence, list(find_dates(sentence, zone))):
            stated = StatedDeadline(date, " ".join(sentence.split()))
            found.setdefault(date.moment.at, stated)
    return next(iter(found.values())) if len(found) == 1 else None


def _closing_dates(sentence: str, dates: list[WrittenDate]) -> list[WrittenDate]:
    """Return the dates by which to apply: behind words that say so, or the end of a period."""
    is_period = len(dates) == 2 and dates[0].moment.at < dates[1].moment.at  # noqa: PLR2004  ends
    if is_period and _PATTERNS.period.search(sentence[: dates[0].start]):
        return [dates[1]]
    return [date for date in dates if _PATTERNS.closes.search(sentence[: date.start])]
