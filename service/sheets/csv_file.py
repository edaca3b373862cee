"""A table as CSV (RFC 4180): UTF-8 with a mark that spreadsheet programs know it by."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal

from service.sheets.columns import Cell, Table
from service.sheets.plain_cells import clean_cell, defuse

MEDIA_TYPE = "text/csv"


def write_csv(table: Table) -> bytes:
    """Return ``table`` with commas between cells, a decimal point, and days as 2026-03-14."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([defuse(clean_cell(heading)) for heading in table.headings])
    writer.writerows([_format_cell(cell) for cell in row] for row in table.rows)
    return file.getvalue().encode("utf-8-sig")


def _format_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defuse(clean_cell(cell))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
