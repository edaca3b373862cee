"""A list as the file that was asked for, and how the documentation describes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from flask import Response
from werkzeug.routing import BaseConverter

from service.api import problems
from service.api.problems import Responses
from service.messages.words import words
from service.sheets import csv_file
from service.sheets.columns import Sheet, Table, make_table

Record = TypeVar("Record")

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a workbook."""


def _write_workbook(table: Table) -> bytes:
    from service.sheets.xlsx_file import write_xlsx  # noqa: PLC0415  a tenth of a cold start

    return write_xlsx(table)


_WRITERS = {"csv": csv_file.write_csv, "xlsx": _write_workbook}
_MEDIA_TYPES = {"csv": csv_file.MEDIA_TYPE, "xlsx": WORKBOOK_TYPE}


class SheetFormConverter(BaseConverter):
    """The forms that a list can be had in, as an address ends: ``csv`` or ``xlsx``."""

    regex = "csv|xlsx"


def send_sheet(
    sheet: Sheet[Record],
    records: Iterable[Record],
    form: str,
    language: str,
    *,
    total: int | None = None,
    name: str = "",
) -> Response:
    """Return ``records`` as a file to save.

    Args:
        sheet: the columns.
        records: in the order of the rows.
        form: csv or xlsx.
        language: of headings and words.
        total: records of the whole list, where ``records`` are only the first of them.
        name: of the file, without its ending; by default the list's.
    """
    table = make_table(sheet, records, words(language), total=total)
    response = Response(_WRITERS[form](table), content_type=_content_type(form))
    response.headers["Content-Disposition"] = f'attachment; filename="{name or sheet.name}.{form}"'
    return response


def _content_type(form: str) -> str:
    media = _MEDIA_TYPES[form]
    return f"{media}; charset=utf-8; header=present" if form == "csv" else media


def document_sheet(description: str, example: str, **details: str) -> Responses:
    """Return the OpenAPI responses of a route that answers with a spreadsheet.

    Args:
        description: what a row is.
        example: the first lines as CSV.
        details: errors, as `document_problems` takes them.
    """
    content: dict[str, dict[str, Any]] = {
        csv_file.MEDIA_TYPE: {"schema": {"type": "string"}, "example": example},
        WORKBOOK_TYPE: {
            "schema": {"type": "string", "format": "binary"},
            "example": "the same as a workbook",
        },
    }
    return {
        200: {"description": description, "content": content},
        **problems.document_problems(e422=problems.INVALID, **details),
    }
