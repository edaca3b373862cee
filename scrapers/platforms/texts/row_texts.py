"""What the text of a plain row says that its fields leave out, told as the text's own.

The pot, the number of awards, the opening and the day of decision fill empty fields; steps before
the application and a call without a last day change what the row's one day means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scrapers.call import (
    Call,
    Deadline,
    DeadlineKind,
    Funding,
    Money,
    is_writable,
)
from scrapers.platforms.pages.told_dates import told_dates
from scrapers.platforms.texts.stated_steps import with_stated_steps
from scrapers.reading.dates import find_dates
from scrapers.reading.money import AmountRole, amount_roles, read_project_funding
from scrapers.reading.parse import start_of_day
from scrapers.reading.patterns import load
from scrapers.remarks import Remark

_PATTERNS = load("row_texts.toml", package=__package__)
_MOST_YEARS = 10
_MOST_TEXT, _LONGEST_SENTENCE = 100_000, 800
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_FIGURES = re.compile(r"[\dTZ:.+/ -]*")
_OPEN_ON = timedelta(days=365)
"""How long a continuous call is believed to go on after its named day, where no year says more."""


def with_text(call: Call, text: str, zone: str, names: Iterable[str]) -> Call:
    """Return ``call`` with what its ``text`` says, ``names`` being its titles and identifiers.

    ``zone`` is that of dates in the text.
    """
    sentences = list(_sentences(text[:_MOST_TEXT]))
    changes: dict[str, object] = {
        "funding": _with_pot(call.funding, sentences, text[:_MOST_TEXT]),
        "deadlines": _with_steps(call.deadlines, text, zone),
    }
    if call.opens is None:
        changes["opens"] = _opening(sentences, zone, call.deadlines)
    if not call.deadlines:
        changes["closed_by"] = _decision(sentences, zone)
    told = call.model_copy(update={name: value for name, value in changes.items() if value})
    return _with_cut_offs(told, [*names], sentences)


def _sentences(text: str) -> Iterator[str]:
    for sentence in _PATTERNS.sentence.split(text):
        if line := " ".join(sentence.split()):
            yield line[:_LONGEST_SENTENCE]


def _with_pot(funding: Funding | None, sentences: Iterable[str], text: str) -> Funding | None:
    """Return ``funding`` with the one pot and number of awards that the text names."""
    known = funding or Funding()
    total, count = known.total, known.expected_awards
    if total is None:
        pots = {(pot.currency, pot.amount): pot for pot in _pots(sentences)}
        total = next(iter(pots.values())) if len(pots) == 1 else None
        most = known.maximum
        if total and most and total.currency == most.currency and total.amount < most.amount:
            total = None
    if count is None:
        count = _count_of(text)
    if total is None and count is None:
        return funding
    return known.model_copy(update={"total": total, "expected_awards": count})


def _count_of(text: str) -> int | None:
    """Return how many awards ``text`` expects, None where its sentences name several numbers."""
    ours = "\n".join(one for one in _sentences(text) if not _PATTERNS.of_awardees.search(one))
    read = read_project_funding(ours)
    return read.expected_awards if read else None


def _pots(sentences: Iterable[str]) -> Iterator[Money]:
    """Yield the sums of sentences that name the call's whole money."""
    for sentence in sentences:
        if not _PATTERNS.pot.search(sentence) or _PATTERNS.part.search(sentence):
            continue
        sums = [mention for role, mention, _ in amount_roles(sentence) if role is AmountRole.TOTAL]
        if len(sums) == 1 and sums[0].low == sums[0].high and is_writable(sums[0].low):
            yield Money(amount=sums[0].low, currency=sums[0].currency)


def _with_steps(deadlines: tuple[Deadline, ...], text: str, zone: str) -> tuple[Deadline, ...]:
    """Return ``deadlines`` with the steps that bind; their notes replace a day's bare figures."""
    plain = tuple(
        one.model_copy(update={"text": ""}) if _FIGURES.fullmatch(one.text) else one
        for one in deadlines
    )
    found = with_stated_steps(plain, text, zone)
    return deadlines if found == plain else found


def _opening(sentences: Iterable[str], zone: str, deadlines: Iterable[Deadline]) -> datetime | None:
    """Return when the text says that the call opens, if that is before it closes."""
    day = told_dates(sentences, zone).opening
    if day is None:
        return None
    at = start_of_day(day.moment, zone)
    days = [one.at for one in deadlines if one.at is not None]
    return at if all(at < one for one in days) else None


def _decision(sentences: Iterable[str], zone: str) -> datetime | None:
    """Return the last day of decision that the text names."""
    days = [
        date.moment.at
        for sentence in sentences
        if _PATTERNS.on_decision.search(sentence)
        for date in find_dates(sentence, zone)
        if _PATTERNS.decided.search(sentence[: date.start])
    ]
    return max(days, default=None)


def _with_cut_offs(call: Call, names: Sequence[str], sentences: Sequence[str]) -> Call:
    """Return ``call`` with its one day as a cut-off, where no single day closes it."""
    if len(call.deadlines) != 1 or call.deadlines[0].kind is not DeadlineKind.FIXED:
        return call
    day = call.deadlines[0]
    cut_off = day.model_copy(update={"kind": DeadlineKind.CUT_OFF})
    if _says(_PATTERNS.continuous, [*names, *sentences]):
        later = Deadline(
            kind=DeadlineKind.ANNOUNCED, zone=day.zone, text=Remark.LATER_CUT_OFFS.write()
        )
        end = _end(day, names)
        return call.model_copy(update={"deadlines": (cut_off, later), "closed_by": end})
    if _says(_PATTERNS.several_cut_offs, names) or _says(_PATTERNS.any_time, sentences):
        return call.model_copy(update={"deadlines": (cut_off,)})
    return call


def _says(pattern: re.Pattern[str], words: Iterable[str]) -> bool:
    """Whether one of ``words`` says it, and does not name an end to it."""
    return any(pattern.search(one) and not _PATTERNS.ends.search(one) for one in words)


def _end(day: Deadline, names: Iterable[str]) -> datetime:
    """Return when a continuous call is over: with the last year in its names, else in a year."""
    local = day.local()
    years = [int(year) for name in names for year in _YEAR.findall(name)]
    last = max((year for year in years if year <= local.year + _MOST_YEARS), default=0)
    if last > local.year:
        return datetime(last, 12, 31, 23, 59, 59, tzinfo=ZoneInfo(day.zone))
    return local + _OPEN_ON
