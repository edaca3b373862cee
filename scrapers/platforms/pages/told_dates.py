"""When a call opens and closes by the sentences of its page, beside what its labels say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from scrapers.reading.dates import WrittenDate, find_dates
from scrapers.reading.patterns import load

_PATTERNS = load("told_dates.toml", package=__package__)
_LONGEST_SENTENCE = 600
_BEFORE = 80
_MOST_NAMED = 3
_LONGEST_WINDOW = timedelta(days=130)
"""Longest period to apply in, where its sentence names what is paid for just before it."""


@dataclass(frozen=True)
class ToldDates:
    """The days on which a page's sentences say that a call opens and closes, as they stand."""

    opens: tuple[WrittenDate, ...] = ()
    closes: tuple[WrittenDate, ...] = ()

    @property
    def opening(self) -> WrittenDate | None:
        """The opening, if all sentences name the same day."""
        days = {date.moment.at.date() for date in self.opens}
        return self.opens[0] if len(days) == 1 else None

    @property
    def closing(self) -> WrittenDate | None:
        """The last day to apply; of several the first, for a day told too late costs a call."""
        return min(self.closes, key=lambda date: date.moment.at, default=None)

    def note(self, closes: WrittenDate | None) -> str:
        """Return a sentence on other last days than ``closes`` that the page names, "" if none."""
        if closes is None:
            return ""
        own = closes.moment.at.date()
        others = sorted({one.moment.at.date() for one in self.closes} - {own})
        days = ", ".join(f"{day.day} {day:%B %Y}" for day in others[:_MOST_NAMED])
        return f"The page also names {days} as its last day." if days else ""


def told_dates(texts: Iterable[str], zone: str) -> ToldDates:
    """Return the days in the sentences of ``texts`` on applying.

    The days of projects and of what they do, of meetings and decisions, and of steps before the
    application, are none.
    """
    opens: list[WrittenDate] = []
    closes: list[WrittenDate] = []
    for text in texts:
        for sentence in _PATTERNS.sentence.split(text):
            bounded = sentence[:_LONGEST_SENTENCE]
            if not _PATTERNS.on_applying.search(bounded):
                continue
            if _PATTERNS.on_something_else.search(bounded):
                continue
            dates = list(find_dates(bounded, zone))
            for date in dates:
                if _is_of_project(bounded, date, dates):
                    continue
                before = bounded[max(0, date.start - _BEFORE) : date.start]
                if date.place == "last" or (not date.place and _PATTERNS.closes.search(before)):
                    closes.append(date)
                elif date.place == "first" or _PATTERNS.opens.search(before):
                    opens.append(date)
    return ToldDates(tuple(opens), tuple(closes))


def _is_of_project(sentence: str, date: WrittenDate, dates: Sequence[WrittenDate]) -> bool:
    """Whether ``date`` is of the work that is paid for, as in "apply for advice given in 2027".

    What stands between the word for applying and the date decides: with nothing of weight there it
    is the day to apply. A period behind other words is one to apply in only if it is short.
    """
    place = dates.index(date)
    start = place - 1 if date.place == "last" and place else place
    before = sentence[: dates[start].start]
    heads = list(_PATTERNS.head.finditer(before))
    gap = before[heads[-1].end() :] if heads else before
    if _PATTERNS.doing.search(gap):
        return True
    if _PATTERNS.nothing_between.fullmatch(gap):
        return False
    if not date.place:
        return bool(_PATTERNS.work.search(gap))
    pair = dates[start : start + 2]
    return pair[-1].moment.at - pair[0].moment.at > _LONGEST_WINDOW
