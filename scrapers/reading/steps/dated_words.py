"""The dates of a page with the words that say what each stands for.

A date may stand in a sentence, after or before its label on a line, on a line of its own under or
over its label, or in a row of a table whose columns have names. In each shape the words that
belong to it are found by where they stand; `DatedWords.role` says whether something ends then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from scrapers.reading.dates import WrittenDate, find_dates
from scrapers.reading.patterns import load

_PATTERNS = load("dated_words.toml", package=__package__)
_LABEL_LIMIT, _HEADING_LIMIT, _LINE_LIMIT, _QUOTE_LIMIT = 120, 80, 2000, 500
_LONGEST_TABLE, _LONGEST_RUN = 40, 20
_SENTENCE_END = (".", "!", "?")
_ASIDE = re.compile(r"\([^()]*\)")
_ROW_GAP = re.compile(r"[\s|,;/]*")


class DateRole(StrEnum):
    """What happens at a date: something opens, ends, or is neither; PLAIN says nothing."""

    OPENS = "opens"
    CLOSES = "closes"
    OTHER = "other"
    PLAIN = "plain"
    UNSURE = "unsure"


@dataclass(frozen=True)
class DatedWords:
    """A date and its words: ``label`` says what it is of, ``after`` what follows it.

    ``line`` is the number of its line, ``quote`` the sentence or row that it stands in, and
    ``in_prose`` whether that is a sentence.
    """

    date: WrittenDate
    label: str
    after: str
    role: DateRole
    line: int
    quote: str
    in_prose: bool = False


@dataclass(frozen=True)
class _Line:
    number: int
    text: str
    dates: tuple[WrittenDate, ...]

    @property
    def bare(self) -> bool:
        """Whether the line is a date, or a range of dates, and nothing else."""
        left, position = [], 0
        for date in self.dates:
            left.append(self.text[position : date.start])
            position = date.end
        left.append(self.text[position:])
        return bool(self.dates) and bool(_PATTERNS.filler.fullmatch(" ".join(left)))

    @property
    def is_label(self) -> bool:
        short = 0 < len(self.text) <= _LABEL_LIMIT
        return short and not self.dates and not self.text.endswith(_SENTENCE_END)


def is_heading(line: str, headings: frozenset[str]) -> bool:
    """Whether ``line`` heads what follows; ``headings`` are the page's own where it has any."""
    if headings:
        return line in headings
    return (
        0 < len(line) <= _HEADING_LIMIT
        and line[0].isupper()
        and not line.endswith((*_SENTENCE_END, ",", ";"))
    )


def is_subheading(line: str) -> bool:
    """Whether ``line`` heads a part of what the heading before it began, such as "Deadline"."""
    return bool(_PATTERNS.subheading.fullmatch(line))


def sentences_of(line: str, dates: Sequence[WrittenDate]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence of ``line``; none ends within a date."""
    start = 0
    for gap in _PATTERNS["break"].finditer(line):
        if not any(date.start <= gap.start() < date.end for date in dates):
            yield start, gap.start()
            start = gap.end()
    yield start, len(line)


def find_dated_words(
    lines: Sequence[str], zone: str, names: re.Pattern[str]
) -> Iterator[DatedWords]:
    """Yield the dates of ``lines`` with their words; ``names`` finds what a column may be of."""
    read = [
        _Line(number, line[:_LINE_LIMIT], tuple(find_dates(line[:_LINE_LIMIT], zone)))
        for number, line in enumerate(lines)
        if line.strip()
    ]
    header: _Header | None = None
    for position, line in enumerate(read):
        if not line.dates:
            header = _Header.of(line, names) or (header if line.is_label else None)
            continue
        row = header.row(line) if header and line.number - header.line <= _LONGEST_TABLE else ()
        if row:
            yield from row
        elif line.bare:
            yield from _beside_label(read, position, names)
        else:
            yield from _in_line(line)


@dataclass(frozen=True)
class _Header:
    """The columns of a table: what happens in each, or what each is of."""

    line: int
    roles: tuple[DateRole, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, line: _Line, names: re.Pattern[str]) -> _Header | None:
        if not line.is_label:
            return None
        roles = tuple(role for _, role in _roles(line.text))
        named = tuple(match.group() for match in names.finditer(line.text))
        if len(named) > 1:
            return cls(line.number, (), named)
        return cls(line.number, roles, ()) if len(roles) > 1 else None

    def row(self, line: _Line) -> tuple[DatedWords, ...]:
        """Return the dates of a row of this table, nothing for any other line."""
        dates = line.dates
        gaps = [line.text[a.end : b.start] for a, b in pairwise(dates)]
        cells = max(len(self.roles), len(self.names))
        label = line.text[: dates[0].start].strip(" :|")
        if len(dates) != cells or not all(_ROW_GAP.fullmatch(gap) for gap in gaps):
            return ()
        if len(label) > _LABEL_LIMIT or label.endswith(_SENTENCE_END):
            return ()
        own = _nearest_role(label, at_end=True)
        pairs = zip(dates, self.names or [label] * cells, self.roles or [own] * cells, strict=True)
        return tuple(
            DatedWords(date, name, "", role, line.number, line.text[:_QUOTE_LIMIT])
            for date, name, role in pairs
        )


def _beside_label(
    read: Sequence[_Line], position: int, names: re.Pattern[str]
) -> Iterator[DatedWords]:
    """Yield the dates of a line that has nothing else, by the label above it or below it."""
    line = read[position]
    first = _run_is_dates_first(read, position, names)
    label = _label_at(read, position + 1 if first else position - 1)
    for date, role in _range_roles(line):
        found = _nearest_role(label, at_end=True) if role is DateRole.PLAIN else role
        found = DateRole.OTHER if _PATTERNS.period.search(label) else found
        quote = f"{label.rstrip(' :')}: {line.text}"[:_QUOTE_LIMIT]
        yield DatedWords(date, label, "", found, line.number, quote)


def _label_at(read: Sequence[_Line], position: int) -> str:
    if 0 <= position < len(read) and read[position].is_label:
        return read[position].text
    return ""


def _run_is_dates_first(read: Sequence[_Line], position: int, names: re.Pattern[str]) -> bool:
    """Whether the list of labels and dates around ``position`` has its dates first.

    It is read in the way in which more of its dates have a label that says what happens then.
    """
    if _label_at(read, position - 1).endswith(":") or not _label_at(read, position + 1):
        return False
    run = [position]
    for step in (-2, 2):
        at = position + step
        while (
            abs(at - position) <= _LONGEST_RUN
            and 0 <= at < len(read)
            and read[at].bare
            and read[at - step // 2].is_label
        ):
            run.append(at)
            at += step
    above, below = (
        sum(bool(_roles(label) or names.search(label)) for label in labels)
        for labels in (
            [_label_at(read, at - 1) for at in run],
            [_label_at(read, at + 1) for at in run],
        )
    )
    return below > above


def _in_line(line: _Line) -> Iterator[DatedWords]:
    for start, end in sentences_of(line.text, line.dates):
        dates = [date for date in line.dates if start <= date.start < end]
        if dates:
            yield from _in_sentence(line, start, end, dates)


def _in_sentence(
    line: _Line, start: int, end: int, dates: Sequence[WrittenDate]
) -> Iterator[DatedWords]:
    """Yield the dates of a sentence with the words before each, or after if it begins with one."""
    text, quote = line.text, line.text[start:end].strip()[:_QUOTE_LIMIT]
    prose = text[:end].rstrip().endswith(_SENTENCE_END)
    first = bool(_PATTERNS.lead.fullmatch(text[start : dates[0].start]))
    bounds = [*(date.start for date in dates[1:]), end]
    label, begin = "", start
    for place, (date, bound) in enumerate(zip(dates, bounds, strict=True)):
        before, after = text[begin : date.start], text[date.end : bound]
        beside = _PATTERNS.beside.match(after)
        role = DateRole.PLAIN
        if place and _PATTERNS.range.fullmatch(before):
            role = DateRole.CLOSES
        elif place and not before.strip(" |,"):
            role = DateRole.UNSURE  # a row of dates whose columns nobody names
        else:
            label = after if first else before
        is_range = bound < end and bool(_PATTERNS.range.fullmatch(after))
        if is_range:
            role, label = DateRole.OPENS, label if not first else text[dates[-1].end : end]
        elif bound < end and not after.strip(" |,"):
            role = DateRole.UNSURE
        if role is DateRole.PLAIN:
            role = _nearest_role(label, at_end=not first)
        elif _PATTERNS.period.search(label):
            role = DateRole.OTHER
        aside = after if bound == end else beside.group() if beside else ""
        yield DatedWords(date, label, "" if first else aside, role, line.number, quote, prose)
        begin = date.end + (beside.end() if beside and not first else 0)


def _range_roles(line: _Line) -> Iterator[tuple[WrittenDate, DateRole]]:
    dates = line.dates
    for place, date in enumerate(dates):
        if len(dates) == 1:
            yield date, DateRole.PLAIN
        else:
            gaps = (line.text[a.end : b.start] for a, b in pairwise(dates))
            ranged = len(dates) == 2 and all(_PATTERNS.range.fullmatch(gap) for gap in gaps)  # noqa: PLR2004  two ends
            ends = DateRole.CLOSES if place else DateRole.OPENS
            yield date, ends if ranged else DateRole.UNSURE


def _roles(label: str) -> list[tuple[int, DateRole]]:
    """Return what the words of ``label`` say of a date, in their order, with where each ends."""
    found = [
        (match.end(), role)
        for role, pattern in (
            (DateRole.OPENS, _PATTERNS.opens),
            (DateRole.CLOSES, _PATTERNS.closes),
            (DateRole.OTHER, _PATTERNS.other),
        )
        for match in pattern.finditer(label)
    ]
    return sorted(found)


def _nearest_role(label: str, *, at_end: bool) -> DateRole:
    """Return what the word of ``label`` nearest to the date says; asides count only alone."""
    found = _roles(_ASIDE.sub(" ", label)) or _roles(label)
    if not found:
        return DateRole.PLAIN
    return found[-1 if at_end else 0][1]
