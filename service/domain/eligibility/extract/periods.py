"""Periods between two dates in which work is paid for: "under perioden 2027–2028"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from scrapers.reading.patterns import load
from service.domain.eligibility.extract.roles import MOST_FIGURES
from service.domain.eligibility.extract.sentences import CallSentence

_PATTERNS = load("periods.toml", package=__package__)
_DATES = load("dates.toml", package="scrapers.reading")
_MONTHS = {word: int(number) for word, number in _DATES.meanings("months").items()}
_DAYS_OF_A_MONTH = 30.44
_LEAST_MONTHS = 6
"""A shorter period is one to apply in."""
_MOST_MONTHS = 72
"""A longer period is that of a programme."""
_BEFORE = 110
_NAMES = 40


def find_periods(sentence: CallSentence) -> Iterator[int]:
    """Yield the months of each period in which ``sentence`` says that work is paid for."""
    text = sentence.text
    if "20" not in text or not _PATTERNS.of_work.search(text):
        return
    for match in islice(_PATTERNS.period.finditer(text), MOST_FIGURES):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if not _PATTERNS.named.search(before[-_NAMES:]) or _PATTERNS.of_other_things.search(before):
            continue
        months = _months_of(match)
        if months and _LEAST_MONTHS <= months <= _MOST_MONTHS:
            yield months


def _months_of(match: re.Match[str]) -> int | None:
    """Return how many months a period has; None for dates that do not exist or go backwards."""
    try:
        last = _date(match, "2", last=True)
        first = _date(match, "1", last=False, year=last.year)
    except ValueError:
        return None
    return round(((last - first) + timedelta(days=1)).days / _DAYS_OF_A_MONTH)


def _date(match: re.Match[str], side: str, *, last: bool, year: int | None = None) -> date:
    """Return one of the two dates: of a month or a year its first day, or its last."""
    if only := match[f"only_year{side}"]:
        return date(int(only), 12, 31) if last else date(int(only), 1, 1)
    named = match[f"year{side}"]
    number = int(named) if named else year or 0
    month = _MONTHS[match[f"month{side}"].lower()]
    day = match[f"day{side}"] or match[f"monthday{side}"]
    if day:
        return date(number, month, int(day))
    return date(number, month, monthrange(number, month)[1] if last else 1)
