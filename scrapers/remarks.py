"""Remarks of ours in stored records: what a reader of a funder's pages adds to its words.

Each stands here once, with its English sentence. Readers write remarks into the text of a
deadline, before or after the funder's own words; `read_text` tells the two apart again, so that
what shows a call can say ours in another language and quote only the funder's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property
from string import Formatter
from typing import TypeAlias

LONGEST_TEXT = 500
"""How many characters the text of a deadline has at most."""

RemarkValue: TypeAlias = str | date | tuple[date, ...]

_MOST_DAYS = 6
_MORE = ", ..."
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_ISO_DAY, _LONG_DAY = r"\d{4}-\d\d-\d\d", rf"\d{{1,2}} (?:{'|'.join(_MONTHS)}) \d{{4}}"


class Remark(Enum):
    """A remark's English sentence.

    A field is ``{day}``, ``{days}`` or ``{year}``. Days are written as 2027-02-10, those of
    ``{days:long}`` as 10 February 2027. A sentence that ends with a colon has words of the funder
    after it, to the end of the text.
    """

    PORTAL_CLOSING = (
        "The record gives the day; the portal takes proposals until 17:00 Brussels time."
    )
    HOUR_ELSEWHERE = (
        "The record gives the day alone; the call's own guidelines may name an earlier hour."
    )
    TEXT_SAYS = "The text says:"
    ATTACHMENT_SAYS = "An attachment says:"
    STEP_BINDS = "An earlier step binds; look up its day in the call:"
    LATER_CUT_OFFS = "Applications are taken continuously; later cut-offs are not in the record."
    ALSO_NAMED = "The page also names {days:long} as its last day."
    PRELIMINARY = "The page calls its dates preliminary."
    EARLIER_STEP = "The page names an earlier step; check there whether it binds, and when:"
    READ_DAILY = "Applications are read every day until then."
    APPLICANT_CLOCK = "The hour is local time of the applicant, here on the clock of Sweden."
    LOCAL_CLOCK = "The hour is “local time”, not said whose: the earlier reading is kept."
    OFFSET_UNSIGNED = "The offset of the hour has no sign: the earlier reading is kept."
    MIDNIGHT = "“Midnight” is read as the end of that day."
    HOUR_ZERO = "The hour 0:00 is read as the beginning of that day, the earlier reading."
    NO_CLOCK = "No clock is named with the hour; it is read on that of New York."
    SEVERAL_HOURS = "Several hours are named; the earliest is kept."
    ESTIMATED = "Estimated by the agency."
    FORECAST = "Forecast without a date."
    FAR_YEAR = "The record has a day in the year {year}, which stands for none."
    RECORD_CLOSES = "The record names {day} as its closing day."
    EARLIER_KEPT = "The earlier of the two days is kept."
    LAST_DAY_ONLY = "Only the last day is named; earlier ones may stand in the notice."
    LAST_RECEIPT = "Last receipt date; earlier ones may stand in the announcement."
    STANDARD_DATES = "Standard receipt dates apply; the announcement expires on {day}."
    NO_RECEIPT_DATE = "No receipt date is named; the announcement expires on {day}."
    UNCLEAR_TABLE = "The table of dates could not be told apart; its first day is kept."
    RENEWALS = "Renewals and resubmissions: {days}."
    AIDS = "AIDS applications: {days}."

    def write(self, **values: str | date | Sequence[date]) -> str:
        """Return the sentence with ``values``; of many days the first ones, and that more exist."""
        parts = []
        for before, name, form, _ in Formatter().parse(self.value):
            parts.append(before)
            if name:
                parts.append(_write(values[name], long=form == "long"))
        return "".join(parts)

    def before(self, words: str) -> str:
        """Return the sentence with the funder's ``words`` behind it, which are cut if too long."""
        return f"{self.value} {words}".strip()[:LONGEST_TEXT]

    @property
    def quotes(self) -> bool:
        """Whether the funder's words follow it."""
        return self.value.endswith(":")

    @cached_property
    def beginning(self) -> str:
        """What stands before the first field."""
        return str(self.value).partition("{")[0]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the sentence, with a group for each field."""
        parts = []
        for before, name, form, _ in Formatter().parse(self.value):
            parts.append(re.escape(before))
            day = _LONG_DAY if form == "long" else _ISO_DAY
            if name == "days":
                several = rf"{day}(?:, {day}){{0,{_MOST_DAYS - 1}}}"
                parts.append(rf"(?P<days>{several})(?P<more>{re.escape(_MORE)})?")
            elif name:
                parts.append(rf"(?P<{name}>{day if name == 'day' else r'[0-9]{4}'})")
        return re.compile("".join(parts), re.ASCII)


@dataclass(frozen=True)
class WrittenRemark:
    """A remark as it stands in a text; ``more``: not all days are named."""

    remark: Remark
    values: tuple[tuple[str, RemarkValue], ...] = ()
    more: bool = False


def add_remarks(words: str, *remarks: str) -> str:
    """Return the funder's ``words`` with the remarks that are not empty behind them.

    What is too long for a deadline's text is left out: the end of the words, or a whole remark.
    """
    ours = ""
    for remark in remarks:
        longer = f"{ours} {remark}".strip()
        ours = longer if len(longer) <= LONGEST_TEXT else ours
    if not ours:
        return words[:LONGEST_TEXT]
    before = words[: max(0, LONGEST_TEXT - len(ours) - 2)].rstrip()
    stop = "." if before and before[-1] not in ".!?;:" else ""
    return f"{before}{stop} {ours}".strip()


def read_text(text: str) -> tuple[WrittenRemark | str, ...]:
    """Return the parts of a record's text in their order: our remarks, and the funder's words.

    Remarks stand at either end. What looks like one within the funder's words is theirs.
    """
    text = text.strip()
    first: list[WrittenRemark | str] = []
    while found := _at_start(text):
        written, end = found
        first.append(written)
        text = text[end:].strip()
        if written.remark.quotes:
            return (*first, text) if text else tuple(first)
    last: list[WrittenRemark | str] = []
    while found := _at_end(text):
        written, start = found
        last.insert(0, written)
        text = text[:start].strip()
    return (*first, *([text] if text else []), *last)


def has_words(text: str) -> bool:
    """Whether a record's text has words of the funder's, beside any remarks of ours."""
    return any(isinstance(part, str) for part in read_text(text))


def _at_start(text: str) -> tuple[WrittenRemark, int] | None:
    """Return the remark that ``text`` begins with, and where it ends."""
    for remark in Remark:
        match = remark.pattern.match(text)
        whole = match is not None and (match.end() == len(text) or text[match.end()].isspace())
        written = _read(remark, match) if match and whole else None
        if match and written:
            return written, match.end()
    return None


def _at_end(text: str) -> tuple[WrittenRemark, int] | None:
    """Return the remark that ``text`` ends with, and where it begins."""
    for remark in Remark:
        start = 0 if remark.quotes else text.rfind(f" {remark.beginning}") + 1
        match = remark.pattern.fullmatch(text, start) if start else None
        written = _read(remark, match) if match else None
        if written:
            return written, start
    return None


def _read(remark: Remark, match: re.Match[str]) -> WrittenRemark | None:
    """Return the remark of ``match``; None where a day in it is none of the calendar."""
    fields = match.groupdict()
    more = bool(fields.pop("more", None))
    try:
        values = tuple((name, _value(name, text)) for name, text in fields.items())
    except ValueError:
        return None
    return WrittenRemark(remark, values, more)


def _value(name: str, text: str) -> RemarkValue:
    if name == "year":
        return text
    days = tuple(_day(one) for one in text.split(", "))
    return days if name == "days" else days[0]


def _day(text: str) -> date:
    if "-" in text:
        return date.fromisoformat(text)
    day, month, year = text.split()
    return date(int(year), _MONTHS.index(month) + 1, int(day))


def _write(value: str | date | Sequence[date], *, long: bool) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return (
            f"{value.day} {_MONTHS[value.month - 1]} {value.year}" if long else f"{value:%Y-%m-%d}"
        )
    named = ", ".join(_write(day, long=long) for day in value[:_MOST_DAYS])
    return named + (_MORE if len(value) > _MOST_DAYS else "")
