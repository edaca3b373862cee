"""Cells of others' words that no spreadsheet program takes for anything but text.

A program that opens a file of cells computes a cell that begins with one of `STARTERS`: it may
then send other cells away, or start a program. So such a cell begins with an apostrophe, which
says that text follows.
"""

from __future__ import annotations

import re
import unicodedata

from service.mail.safe_text import one_line

_PLAIN_STARTERS = "=+-@\t\r\n"
_PLANE = range(0x10000)

STARTERS = "".join(
    character
    for character in map(chr, _PLANE)
    if unicodedata.normalize("NFKC", character) in _PLAIN_STARTERS
)
"""What a formula begins with: in ASCII, and in the wide and small forms that stand for the same."""

LONGEST_CELL = 4_000
"""Letters of a cell before an ellipsis; the whole of a call is at its address."""

_INVISIBLE = "\u200c\u200d\u00a0 "
_AFTER_SEMICOLON = re.compile(rf";(?=[{_INVISIBLE}]*[{re.escape(STARTERS)}])")


def clean_cell(text: str) -> str:
    """Return ``text`` on one line, without hidden characters, and cut."""
    return one_line(text, LONGEST_CELL)


def is_formula(text: str) -> bool:
    """Whether a program might compute ``text``, also after characters that nobody sees."""
    return text.lstrip(_INVISIBLE)[:1] in tuple(STARTERS)


def defuse(text: str) -> str:
    """Return ``text`` as a cell of a file without types that is shown and never computed.

    Where semicolons part the cells, as in Swedish programs, what follows one within a text would
    begin a cell: it is kept from that in the same way.
    """
    plain = _AFTER_SEMICOLON.sub(";'", text)
    return f"'{plain}" if is_formula(plain) else plain
