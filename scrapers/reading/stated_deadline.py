"""The deadline that a text states in a sentence, for calls that came without one in a field.

Nothing is guessed: there must be one such date in the whole text, in a sentence that speaks of
applying and of nothing else with a date of its own.
"""

from __future__ import annotations

from typing import NamedTuple

from scrapers.reading.dates import WrittenDate, find_dates
from scrapers.reading.patterns import load

_PATTERNS = load("stated_deadline.toml", package=__package__)
_LONGEST_QUOTE, _MOST_TEXT = 300, 200_000


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
        if not _PATTERNS.closes.search(sentence) or _PATTERNS.other.search(sentence):
            continue
        dates = list(find_dates(sentence, zone))
        for date in dates:
            quote = " ".join(sentence.split())[:_LONGEST_QUOTE]
            found.setdefault(date.moment.at, StatedDeadline(date, quote))
    return next(iter(found.values())) if len(found) == 1 else None
