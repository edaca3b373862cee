"""What a column of a spreadsheet is: its heading, and its cell of a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeAlias, TypeVar

from service.messages.words import Words

MOST_ROWS = 5_000
"""Rows of a spreadsheet; where a list has more, its last row says how many are left out."""

Record = TypeVar("Record")

Cell: TypeAlias = str | int | float | Decimal | date | datetime | None
"""A text, a number or a day. A ``datetime`` stands on the clock of the reader and has no zone."""


@dataclass(frozen=True)
class Column(Generic[Record]):
    """A column of records; its heading is the text ``sheet.<name>`` of the catalogues.

    ``value`` returns the cell in a reader's words; ``width`` is in letters.
    """

    name: str
    value: Callable[[Record, Words], Cell]
    width: int = 16


@dataclass(frozen=True)
class Sheet(Generic[Record]):
    """The columns of one list; the text ``sheet.of.<name>`` is its title."""

    name: str
    columns: Sequence[Column[Record]]


@dataclass(frozen=True)
class Table:
    """A spreadsheet before anybody chose a form: a title, headings, widths, and rows."""

    name: str
    title: str
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


def make_table(
    sheet: Sheet[Record], records: Iterable[Record], words: Words, *, total: int | None = None
) -> Table:
    """Return the cells of ``records`` in a reader's words, at most `MOST_ROWS` of them.

    Args:
        sheet: the columns.
        records: in the order of the rows.
        words: of the reader.
        total: records of the whole list, where ``records`` are only the first of them.
    """
    known = list(records)
    shown = known[:MOST_ROWS]
    rows = [tuple(column.value(one, words) for column in sheet.columns) for one in shown]
    count = max(len(known), total or 0)
    if count > len(shown):
        left = words("sheet.more", count=count - len(shown))
        rows.append((left, *(None for _ in sheet.columns[1:])))
    return Table(
        name=sheet.name,
        title=words(f"sheet.of.{sheet.name}"),
        headings=tuple(words(f"sheet.{column.name}") for column in sheet.columns),
        widths=tuple(column.width for column in sheet.columns),
        rows=tuple(rows),
        total=count,
    )
