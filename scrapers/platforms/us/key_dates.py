"""Tables of key dates: which column has the days for new applications, renewals and AIDS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bs4.element import Tag

from scrapers.platforms.labelled_pages import LabelledPage
from scrapers.platforms.us.schedule import ZONE, Role, role_of
from scrapers.reading.dates import WrittenDate, find_dates
from scrapers.reading.parse import clean_line
from scrapers.reading.patterns import load

_PATTERNS = load("key_dates.toml", package=__package__)
_NEW_ROLES = (Role.DUE, Role.RENEWAL, Role.AIDS)
_MAX_SPAN, _MAX_COLUMNS, _LEAST_COLUMNS = 20, 40, 2
_MAX_TABLES = 50


@dataclass(frozen=True)
class KeyDates:
    """The days of a table by whom they are for. ``unclear``: its columns could not be told."""

    new: tuple[WrittenDate, ...] = ()
    renewal: tuple[WrittenDate, ...] = ()
    aids: tuple[WrittenDate, ...] = ()
    unclear: bool = False


def read_key_dates(page: LabelledPage) -> KeyDates | None:
    """Return the key dates of the page's tables, None when it has no table of due dates."""
    if page.soup is not None:
        rows = [row for table in page.soup.find_all("table") for row in _table_rows(table)]
        if rows:
            return _by_role(rows)
    return _from_text("\n".join(page.lines))


def _by_role(found: Sequence[tuple[Role, WrittenDate]]) -> KeyDates:
    of = {
        role: tuple(dict.fromkeys(day for one, day in found if one is role)) for role in _NEW_ROLES
    }
    return KeyDates(new=of[Role.DUE], renewal=of[Role.RENEWAL], aids=of[Role.AIDS])


def _table_rows(table: Tag) -> Iterator[tuple[Role, WrittenDate]]:
    """Yield the dates of a table, each with the role that its column and its row give it."""
    heads: list[str] = []
    for cells in _grid(table):
        dates = [list(find_dates(cell, ZONE, american=True)) for cell in cells]
        if not any(dates):
            # of two rows of heads the lower one names the columns
            heads = cells if len(cells) >= _LEAST_COLUMNS else heads
            continue
        row = _head_role(cells[0], in_row=True) if cells[0] and not dates[0] else None
        for at, days in enumerate(dates):
            column = _head_role(heads[at], in_row=False) if at < len(heads) else None
            role = _joint_role(column, row)
            yield from ((role, day) for day in days if role in _NEW_ROLES)


def _joint_role(column: Role | None, row: Role | None) -> Role:
    """Return the role of a cell; the head of its row narrows that of its column."""
    if column is None:
        return row or Role.OTHER
    if column is Role.DUE and row is not None:
        return row
    return column


def _head_role(head: str, *, in_row: bool) -> Role | None:
    words = clean_line(head)
    if words.lower().startswith("new"):
        return Role.DUE
    role = role_of(words, named_due=False)
    if in_row and role is Role.OTHER and role_of(words, named_due=True) is Role.DUE:
        return None  # the name of a row may be anything: a grant's code, a round, a place
    return role


def _grid(table: Tag) -> Iterator[list[str]]:
    """Yield the rows of ``table`` as texts of cells; a cell that spans stands in each place."""
    waiting: dict[int, tuple[int, str]] = {}
    for row in table.find_all("tr"):
        cells: list[str] = []
        for cell in row.find_all(["td", "th"], recursive=False):
            while len(cells) in waiting:
                cells.append(_from_above(waiting, len(cells)))
            text, down = clean_line(cell.get_text(" ")), _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    waiting[len(cells)] = (down - 1, text)
                cells.append(text)
        while len(cells) in waiting:
            cells.append(_from_above(waiting, len(cells)))
        if cells:
            yield cells[:_MAX_COLUMNS]


def _from_above(waiting: dict[int, tuple[int, str]], at: int) -> str:
    left, text = waiting.pop(at)
    if left > 1:
        waiting[at] = (left - 1, text)
    return text


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1"))
    return min(int(value), _MAX_SPAN) if value.isdigit() and value.isascii() and int(value) else 1


def _from_text(text: str) -> KeyDates | None:
    """Return the key dates of a table whose cells follow each other in a page saved as text."""
    for begin in islice(_PATTERNS.first_column.finditer(text), _MAX_TABLES):
        heads, at = _heads(text, begin.end())
        if len(heads) < _LEAST_COLUMNS:
            continue
        cells = list(_cells(text, at))
        if not cells:
            continue
        roles = [_head_role(head, in_row=False) for head in heads]
        if len(cells) % len(roles):
            # a cell is missing: only the first day of the table is certain to be one
            first = next((day for day in cells if day is not None), None)
            return KeyDates(new=(first,) if first else (), unclear=True)
        pairs = [(roles[place % len(roles)], day) for place, day in enumerate(cells)]
        return _by_role([(role, day) for role, day in pairs if role is not None and day])
    return None


def _heads(text: str, at: int) -> tuple[list[str], int]:
    heads: list[str] = []
    while len(heads) < _MAX_COLUMNS and (match := _PATTERNS.column.match(text, at)):
        heads.append(match["head"])
        at = match.end()
    return heads, at


def _cells(text: str, at: int) -> Iterator[WrittenDate | None]:
    while match := _PATTERNS.cell.match(text, at):
        at = match.end()
        days = find_dates(match["day"], ZONE) if match["day"] else iter(())
        yield next(days, None)
