"""Semicolon-separated tables whose quotes are not escaped: every row is read or named as lost.

A quote inside a quoted cell, a semicolon or a line's end inside a text: a common reader then
swallows the next rows without a word. Here a row begins where a line begins with an identifier,
and its cells are those pieces that fit what is known of the columns.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from scrapers.awards.archives import text_of
from scrapers.counted import counted
from scrapers.errors import ShapeError

_BEGINS = re.compile(r'\s*"?\d{5,10}"?\s*;')
_LONGEST = 2 * 2**20
_MOST_PIECES = 400
_MOST_CODES = 4

_DIGITS = re.compile(r"\d{4,12}")
_DAY = re.compile(r"(?:\d{4}-\d{2}-\d{2}(?:[ T][\d:.]+)?)?")
_AMOUNT = re.compile(r"(?:-?\d+(?:[.,]\d+)?)?")
_CODE = re.compile(r"[\w.:/()&+-]*(?:[;,] ?[\w.:/()&+-]+)*")

KNOWN: dict[str, re.Pattern[str]] = {
    "id": _DIGITS,
    "projectID": _DIGITS,
    "organisationID": re.compile(r"\d{0,12}"),
    "rcn": re.compile(r"\d{0,12}"),
    "status": re.compile(r"[A-Z_ ]{0,30}"),
    "startDate": _DAY,
    "endDate": _DAY,
    "ecSignatureDate": _DAY,
    "contentUpdateDate": _DAY,
    "totalCost": _AMOUNT,
    "ecMaxContribution": _AMOUNT,
    "ecContribution": _AMOUNT,
    "netEcContribution": _AMOUNT,
    "legalBasis": _CODE,
    "topics": _CODE,
    "frameworkProgramme": re.compile(r"[A-Z0-9]{0,12}"),
    "masterCall": re.compile(r"\S{0,80}"),
    "subCall": re.compile(r"\S{0,80}"),
    "fundingScheme": re.compile(r"[\w -]{0,60}"),
    "grantDoi": re.compile(r"(?:10\.\S{1,80})?"),
    "SME": re.compile(r"(?i:true|false)?"),
    "active": re.compile(r"(?i:true|false)?"),
    "endOfParticipation": re.compile(r"(?i:true|false)?"),
    "activityType": re.compile(r"[A-Z]{0,5}"),
    "country": re.compile(r"[A-Z]{0,2}"),
    "nutsCode": re.compile(r"[A-Z0-9]{0,8}"),
    "order": re.compile(r"\d{0,6}"),
    "role": re.compile(r"[A-Za-z]{0,40}"),
}
"""What a cell of a column looks like; columns that are not here hold any text."""


@dataclass(frozen=True)
class Table:
    """A row by its column names. ``mended``: its quotes were broken and its cells were found."""

    line: int
    cells: dict[str, str]
    repaired: bool


@dataclass(frozen=True)
class Unread:
    """A row, or lines between rows, that could not be told into cells."""

    line: int
    reason: str


def table(lines: Iterable[bytes], where: str) -> Iterator[Table | Unread]:
    """Yield the rows of a table whose first line names the columns.

    Raises:
        ShapeError: the first line names no column that begins a row.
    """
    numbered = enumerate((text_of(line) for line in lines), 1)
    _, heading = next(numbered, (0, ""))
    names = next(csv.reader([heading.strip("\ufeff \r\n")], delimiter=";"), [])
    if not names or names[0] not in {"id", "projectID"}:
        came = f"a first line beginning {heading[:60]!r}"
        raise ShapeError(where, "columns from id or projectID on, with semicolons", came)
    for first, source in _records(numbered):
        yield _row(names, first, source)


def _records(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of each row: from a line that begins with an identifier to the next."""
    first, size = 0, 0
    parts: list[str] = []
    for number, line in lines:
        if not parts and not line.strip():
            continue
        begins = bool(_BEGINS.match(line))
        if parts and (begins or size > _LONGEST):
            yield first, "".join(parts)
            parts, size = [], 0
        if not parts:
            first = number
        parts.append(line)
        size += len(line)
    if parts:
        yield first, "".join(parts)


def _row(names: Sequence[str], first: int, source: str) -> Table | Unread:
    source = source.rstrip("\r\n")
    plain = _plainly(source)
    if plain is not None and len(plain) == len(names) and _fits(names, plain):
        return Table(first, dict(zip(names, plain, strict=True)), repaired=False)
    pieces = source.split(";")
    if len(pieces) > _MOST_PIECES:
        held = counted(len(pieces), "piece is", "pieces are")
        return Unread(first, f"{held} no row of {counted(len(names), 'column')}")
    cells = _aligned(names, pieces)
    if cells is None:
        held = counted(len(pieces), "piece does", "pieces do")
        return Unread(first, f"its {held} not fit the {counted(len(names), 'column')}")
    return Table(first, dict(zip(names, cells, strict=True)), repaired=True)


def _plainly(source: str) -> list[str] | None:
    """Return the cells if the quotes are as they should be."""
    try:
        rows = list(csv.reader([source], delimiter=";", strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _fits(names: Sequence[str], cells: Sequence[str]) -> bool:
    return all(
        KNOWN[name].fullmatch(cell.strip())
        for name, cell in zip(names, cells, strict=True)
        if name in KNOWN
    )


def _aligned(names: Sequence[str], pieces: Sequence[str]) -> list[str] | None:
    """Return a cell a column by joining neighbouring pieces, with the fewest odd cells.

    Columns with a known look take one piece, or a few for codes; only texts take any number.
    None when no way fits.
    """
    width = len(pieces)
    seams = _seams(pieces)
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, (0,))}
    for position, name in enumerate(names):
        most = width - (len(names) - position - 1)
        following: dict[int, tuple[int, tuple[int, ...]]] = {}
        for start, (cost, cuts) in best.items():
            last = min(start + _MOST_CODES, most) if name in KNOWN else most
            for end in range(start + 1, last + 1):
                if name in KNOWN and not KNOWN[name].fullmatch(_joined(pieces, start, end)):
                    continue
                worth = cost + seams[end - 1] - seams[start] + _odd(pieces[start], pieces[end - 1])
                if end not in following or worth < following[end][0]:
                    following[end] = (worth, (*cuts, end))
        best = following
    if width not in best:
        return None
    return [_joined(pieces, start, end) for start, end in pairwise(best[width][1])]


def _seams(pieces: Sequence[str]) -> list[int]:
    """Return, for each piece, how many places up to it look like the end of a cell and a start."""
    ends = [one.rstrip().endswith('"') and two.lstrip()[:1] == '"' for one, two in pairwise(pieces)]
    return list(accumulate(ends, initial=0))


def _odd(first: str, last: str) -> bool:
    """Whether a cell from ``first`` to ``last`` has a quote at one end only."""
    alone = first is last and first.strip() == '"'
    return alone or first.lstrip().startswith('"') != last.rstrip().endswith('"')


def _joined(pieces: Sequence[str], start: int, end: int) -> str:
    """Return pieces as a cell without the quotes around it; doubled quotes inside become one."""
    cell = ";".join(pieces[start:end]).strip()
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        cell = cell[1:-1]
    return cell.replace('""', '"')
