"""Tables with semicolons whose quotes are not escaped: every row is read or reported as lost.

After a quote inside a quoted cell, or a semicolon or line break inside a text, a common reader
swallows the next rows silently. Here a row begins at a line that begins with an identifier, and its
cells are those pieces that fit the patterns of their columns.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from scrapers.awards.zip_archive import decode_text
from scrapers.errors import ShapeError
from scrapers.plurals import count_noun

_ROW_START = re.compile(r'\s*"?\d{5,10}"?\s*;')
_MAX_ROW_LENGTH = 2 * 2**20
_MAX_PIECES = 400
_MAX_CODES = 4

_DIGITS = re.compile(r"\d{4,12}")
_DAY = re.compile(r"(?:\d{4}-\d{2}-\d{2}(?:[ T][\d:.]+)?)?")
_AMOUNT = re.compile(r"(?:-?\d+(?:[.,]\d+)?)?")
_CODE = re.compile(r"[\w.:/()&+-]*(?:[;,] ?[\w.:/()&+-]+)*")

COLUMN_PATTERNS: dict[str, re.Pattern[str]] = {
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
"""The pattern of a column's cells; other columns hold any text."""


@dataclass(frozen=True)
class TableRow:
    """A row by its column names. ``repaired``: its quotes were broken."""

    line: int
    cells: dict[str, str]
    repaired: bool


@dataclass(frozen=True)
class UnreadableRow:
    """A row, or lines between rows, that could not be cut into cells."""

    line: int
    reason: str


def read_table(lines: Iterable[bytes], where: str) -> Iterator[TableRow | UnreadableRow]:
    """Yield the rows of a table whose first line names the columns.

    Raises:
        ShapeError: the first line names no column that begins a row.
    """
    numbered = enumerate((decode_text(line) for line in lines), 1)
    _, heading = next(numbered, (0, ""))
    names = next(csv.reader([heading.strip("\ufeff \r\n")], delimiter=";"), [])
    if not names or names[0] not in {"id", "projectID"}:
        actual = f"a first line beginning {heading[:60]!r}"
        raise ShapeError(where, "columns from id or projectID on, with semicolons", actual)
    for first, source in _records(numbered):
        yield _parse_row(names, first, source)


def _records(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of each row: from a line that begins with an identifier to the next."""
    first, size = 0, 0
    parts: list[str] = []
    for number, line in lines:
        if not parts and not line.strip():
            continue
        begins = bool(_ROW_START.match(line))
        if parts and (begins or size > _MAX_ROW_LENGTH):
            yield first, "".join(parts)
            parts, size = [], 0
        if not parts:
            first = number
        parts.append(line)
        size += len(line)
    if parts:
        yield first, "".join(parts)


def _parse_row(names: Sequence[str], first: int, source: str) -> TableRow | UnreadableRow:
    source = source.rstrip("\r\n")
    plain = _split_quoted(source)
    if plain is not None and len(plain) == len(names) and _matches_columns(names, plain):
        return TableRow(first, dict(zip(names, plain, strict=True)), repaired=False)
    pieces = source.split(";")
    if len(pieces) > _MAX_PIECES:
        held = count_noun(len(pieces), "piece is", "pieces are")
        return UnreadableRow(first, f"{held} no row of {count_noun(len(names), 'column')}")
    cells = _align_cells(names, pieces)
    if cells is None:
        held = count_noun(len(pieces), "piece does", "pieces do")
        return UnreadableRow(first, f"its {held} not fit the {count_noun(len(names), 'column')}")
    return TableRow(first, dict(zip(names, cells, strict=True)), repaired=True)


def _split_quoted(source: str) -> list[str] | None:
    """Return the cells if the quotes are as they should be."""
    try:
        rows = list(csv.reader([source], delimiter=";", strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _matches_columns(names: Sequence[str], cells: Sequence[str]) -> bool:
    return all(
        COLUMN_PATTERNS[name].fullmatch(cell.strip())
        for name, cell in zip(names, cells, strict=True)
        if name in COLUMN_PATTERNS
    )


def _align_cells(names: Sequence[str], pieces: Sequence[str]) -> list[str] | None:
    """Return one cell for each column by joining neighbouring pieces, with the fewest odd cells.

    Columns with a pattern take one piece, or a few for codes; only texts take any number. None
    when nothing fits.
    """
    width = len(pieces)
    seams = _count_seams(pieces)
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, (0,))}
    for position, name in enumerate(names):
        most = width - (len(names) - position - 1)
        following: dict[int, tuple[int, tuple[int, ...]]] = {}
        for start, (cost, cuts) in best.items():
            last = min(start + _MAX_CODES, most) if name in COLUMN_PATTERNS else most
            for end in range(start + 1, last + 1):
                if name in COLUMN_PATTERNS and not COLUMN_PATTERNS[name].fullmatch(
                    _join_pieces(pieces, start, end)
                ):
                    continue
                worth = (
                    cost
                    + seams[end - 1]
                    - seams[start]
                    + _has_odd_quote(pieces[start], pieces[end - 1])
                )
                if end not in following or worth < following[end][0]:
                    following[end] = (worth, (*cuts, end))
        best = following
    if width not in best:
        return None
    return [_join_pieces(pieces, start, end) for start, end in pairwise(best[width][1])]


def _count_seams(pieces: Sequence[str]) -> list[int]:
    """Return, for each piece, how many places up to it look like the end of a cell and a start."""
    ends = [one.rstrip().endswith('"') and two.lstrip()[:1] == '"' for one, two in pairwise(pieces)]
    return list(accumulate(ends, initial=0))


def _has_odd_quote(first: str, last: str) -> bool:
    """Whether a cell from ``first`` to ``last`` has a quote at one end only."""
    alone = first is last and first.strip() == '"'
    return alone or first.lstrip().startswith('"') != last.rstrip().endswith('"')


def _join_pieces(pieces: Sequence[str], start: int, end: int) -> str:
    """Return pieces as a cell without the quotes around it; doubled quotes inside become one."""
    cell = ";".join(pieces[start:end]).strip()
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        cell = cell[1:-1]
    return cell.replace('""', '"')
