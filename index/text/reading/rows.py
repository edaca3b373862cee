"""Rows of a table: one with prose in a cell is a record, and each of its cells a line."""

from __future__ import annotations

import re

from index.text.reading.edited_text import Edit, EditedText

_ROW = re.compile(r"^[^\n\t]*\t[^\n]*|^ {0,3}\|[^\n]+\|[ \t]*$", re.MULTILINE)
_DIVIDERS = {"\t": re.compile(r" *\t[ \t]*"), "|": re.compile(r" *\| *")}

_PROSE_WORDS = 15
"""Words of a cell from which on it is prose."""


def with_cells_as_lines(text: EditedText) -> EditedText:
    """Return ``text`` with the cells of each record on lines of their own; other rows stay."""
    edits: list[Edit] = []
    for row in _ROW.finditer(text.text) if "\t" in text.text or "|" in text.text else ():
        divider = _DIVIDERS["\t" if "\t" in row.group().strip() else "|"]
        cells = divider.split(row.group().strip())
        if len(cells) > 1 and max(len(cell.split()) for cell in cells) >= _PROSE_WORDS:
            edits += [
                Edit(mark.start(), mark.end(), "\n")
                for mark in divider.finditer(text.text, row.start(), row.end())
            ]
    return text.edit(edits)
