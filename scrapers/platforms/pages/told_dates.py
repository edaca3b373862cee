"""When a call opens and closes by the sentences of its page, beside what its labels say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from scrapers.reading.dates import WrittenDate, find_dates
from scrapers.reading.patterns import load
from scrapers.remarks import Remark

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
        return Remark.ALSO_NAMED.write(days=others[:_MOST_NAMED]) if others else ""


def told_dates(texts: Iterable[str], zone: str) -> ToldDates:
    """Return the days in the sentences of ``texts`` on applying.

    The days of projects and of what they do, of meetings and decisions, and of steps before the
    application, are none.
    """
    opens: list[WrittenDate] = []
    closes: list[WrittenDate] = []
    for sentence in _sentences_on_applying(texts):
        dates = list(find_dates(sentence, zone))
        for position, date in enumerate(dates):
            if _is_of_project(sentence, date, dates):
                continue
            before = sentence[max(0, date.start - _BEFORE) : date.start]
            if date.place == "first":
                last = dates[position + 1]
                if last.place == "last" and _is_of_applying(before, sentence[last.end :]):
                    opens.append(date)
                    closes.append(last)
            elif not date.place and _PATTERNS.closes.search(before):
                closes.append(date)
            elif not date.place and _PATTERNS.opens.search(before):
                opens.append(date)
    return ToldDates(tuple(opens), tuple(closes))


def _sentences_on_applying(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for sentence in _PATTERNS.sentence.split(text):
            bounded = sentence[:_LONGEST_SENTENCE]
            on_other = _PATTERNS.on_something_else.search(bounded)
            if _PATTERNS.on_applying.search(bounded) and not on_other:
                yield bounded


def _is_of_applying(before: str, after: str) -> bool:
    """Whether a period with these words around it is that in which one can apply."""
    patterns = (_PATTERNS.opens, _PATTERNS.applied_before)
    said = any(pattern.search(before) for pattern in patterns)
    return said or bool(_PATTERNS.applied_after.match(after))


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
