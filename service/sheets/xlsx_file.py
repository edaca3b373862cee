"""A table as a workbook (Office Open XML): days are days, and texts are texts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from service.sheets.columns import Cell, Table
from service.sheets.plain_cells import clean_cell, is_formula

_DAY, _MINUTE = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_CALENDAR = range(1901, 9999)
"""Years that a workbook has days in."""

_TEXT = "s"
"""The type of a cell that is text, whatever it looks like."""

_LONGEST_TITLE = 31
_BOLD = Font(bold=True)


def write_xlsx(table: Table) -> bytes:
    """Return ``table`` as a workbook of one sheet; its first row has the headings and stays."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.title[:_LONGEST_TITLE])
    sheet.freeze_panes = "A2"
    for number, width in enumerate(table.widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_heading(sheet, heading) for heading in table.headings])
    for row in table.rows:
        sheet.append(list(_cells(sheet, row)))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _heading(sheet: Any, text: str) -> Any:
    cell = _text_cell(sheet, text)
    cell.font = _BOLD
    return cell


def _cells(sheet: Any, row: tuple[Cell, ...]) -> Iterator[Any]:
    for value in row:
        if isinstance(value, str):
            yield _text_cell(sheet, value)
        elif isinstance(value, date):
            yield _day_cell(sheet, value)
        else:
            yield value


def _text_cell(sheet: Any, text: str) -> Any:
    """Return a cell of text; one that looks like a formula stays text when it is edited too."""
    plain = clean_cell(text)
    cell = WriteOnlyCell(sheet, value=plain)
    if plain:
        cell.data_type = _TEXT
    cell.quotePrefix = is_formula(plain)
    return cell


def _day_cell(sheet: Any, value: date) -> Any:
    if value.year not in _CALENDAR:
        return _text_cell(sheet, value.isoformat())
    day: Any = value  # the library takes days too
    cell = WriteOnlyCell(sheet, value=day)
    cell.number_format = _MINUTE if isinstance(value, datetime) else _DAY
    return cell
