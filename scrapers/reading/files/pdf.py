"""PDFs: page by page to lines with their places, and these to paragraphs."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

from scrapers.reading.files.file_text import (
    FileFault,
    FileKind,
    FileLimits,
    FileText,
    LeftOut,
    UnreadableFileError,
)
from scrapers.reading.files.pdf_lines import PageLine, join_pages, title_of, without_repeated
from scrapers.reading.files.plain import cut

_UPRIGHT = (0,)
_SPACE_WIDTH = 200.0
_LEAST_READABLE = 0.7
"""Share of a text's characters that are letters, figures, blanks and usual signs."""

_SIGNS = frozenset(".,;:!?()[]/%&+-–—'’‘\"”“„»«•§€$£@#*=|<>_°…·")


def read_pdf(body: bytes, limits: FileLimits) -> FileText:
    """Return the text of a PDF.

    Lines are joined to paragraphs, and what stands on every page is left out.

    Raises:
        UnreadableFileError: it has a password, is damaged, or is nothing but pictures.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = _open(body)
    try:
        count = len(reader.pages)
    except (PyPdfError, DependencyError, ValueError, LookupError, TypeError) as error:
        raise _fault(error) from error
    pages: list[list[PageLine]] = []
    pictures = damaged = 0
    stop_at = time.monotonic() + limits.page_seconds
    for number in range(min(count, limits.pages)):
        if pages and time.monotonic() > stop_at:
            break
        try:
            page = reader.pages[number]
            lines = _read_lines(page)
            pictures += not lines and _has_picture(page)
        except Exception as error:
            if isinstance(error, (FileNotDecryptedError, DependencyError)):
                raise _fault(error) from error
            lines, damaged = [], damaged + 1
        pages.append(lines)
    return _file_text(reader, _Pages(pages, count, pictures, damaged), limits)


@dataclass(frozen=True)
class _Pages:
    """The lines of the pages that were read; of ``count`` pages some may be pictures or broken."""

    lines: list[list[PageLine]]
    count: int
    pictures: int
    damaged: int


def _file_text(reader: PdfReader, pages: _Pages, limits: FileLimits) -> FileText:
    kept, repeated = without_repeated(pages.lines)
    text = "\n\n".join(part for part in (join_pages(kept), _form_text(reader)) if part)
    if not text:
        if pages.damaged:
            raise UnreadableFileError(FileFault.DAMAGED)
        raise UnreadableFileError(FileFault.SCANNED if pages.pictures else FileFault.NO_TEXT)
    if _readable_share(text) < _LEAST_READABLE:
        raise UnreadableFileError(FileFault.LETTERS)
    short = cut(text, limits.characters)
    left = {
        LeftOut.PAGES: pages.count - len(pages.lines) + pages.damaged,
        LeftOut.PAGES_WITHOUT_TEXT: pages.pictures,
        LeftOut.REPEATED_LINES: repeated,
        LeftOut.CHARACTERS: len(text) - len(short),
    }
    return FileText(
        FileKind.PDF,
        short,
        title=title_of(kept),
        pages=pages.count,
        pages_read=len(pages.lines) - pages.damaged,
        left_out={name: number for name, number in left.items() if number},
    )


def _open(body: bytes) -> PdfReader:
    try:
        reader = PdfReader(BytesIO(body), strict=False)
        # a PDF that only asks not to be changed opens with an empty password
        is_open = not reader.is_encrypted or bool(reader.decrypt(""))
    except Exception as error:
        raise _fault(error) from error
    if not is_open:
        raise UnreadableFileError(FileFault.PROTECTED)
    return reader


def _fault(error: Exception) -> UnreadableFileError:
    if isinstance(error, (FileNotDecryptedError, DependencyError)):
        return UnreadableFileError(FileFault.PROTECTED)
    if isinstance(error, LimitReachedError):
        return UnreadableFileError(FileFault.BOMB)
    return UnreadableFileError(FileFault.DAMAGED)


def _read_lines(page: Any) -> list[PageLine]:
    """Return the lines of a page in the order in which they were written."""
    pieces: list[PageLine] = []

    def visit(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if text:
            pieces.append(_piece(text, cm, tm, font, size))

    page.extract_text(orientations=_UPRIGHT, space_width=_SPACE_WIDTH, visitor_text=visit)
    lines = list(_lines_of(pieces))
    if lines:
        return lines
    # pages that are turned as a whole
    turned = page.extract_text().splitlines()
    size = 10.0
    return [
        PageLine(text.strip(), 0.0, 1000.0 - number * size * 1.2, size)
        for number, text in enumerate(turned)
        if text.strip()
    ]


def _piece(text: str, cm: Any, tm: Any, font: Any, size: float) -> PageLine:
    """Return a stretch of text with its place and the size of its letters on the page."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    down, across = tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3]
    name = str(font.get("/BaseFont", "")) if isinstance(font, dict) else ""
    bold = any(word in name.lower() for word in ("bold", "black", "heavy", "demi"))
    return PageLine(text, x, y, abs(size) * math.hypot(down, across), bold)


def _lines_of(pieces: list[PageLine]) -> Iterator[PageLine]:
    """Yield the lines: pieces up to one that ends with a line end, placed where the first is."""
    line: list[PageLine] = []
    for piece in pieces:
        *whole, rest = piece.text.split("\n")
        for text in whole:
            line.append(replace(piece, text=text))
            yield from _joined(line)
            line = []
        if rest:
            line.append(replace(piece, text=rest))
    yield from _joined(line)


def _joined(pieces: list[PageLine]) -> Iterator[PageLine]:
    filled = [piece for piece in pieces if piece.text.strip()]
    text = " ".join("".join(piece.text for piece in pieces).split())
    if not text:
        return
    longest = max(filled, key=lambda piece: len(piece.text))
    yield replace(longest, text=text, x=filled[0].x, bold=all(piece.bold for piece in filled))


def _has_picture(page: Any) -> bool:
    """Return whether the page shows a picture; it is not unpacked."""
    try:
        objects = page["/Resources"].get_object()["/XObject"].get_object()
        return any(
            objects[name].get_object().get("/Subtype") == "/Image" for name in list(objects)[:50]
        )
    except (KeyError, AttributeError, TypeError, PyPdfError):
        return False


def _form_text(reader: PdfReader) -> str:
    """Return what is filled in in the fields of a form, a line each."""
    try:
        fields = reader.get_form_text_fields(full_qualified_name=False)
    except Exception:  # noqa: BLE001  a broken form leaves the text of the pages
        return ""
    return "\n".join(
        f"{name}: {' '.join(str(value).split())}" for name, value in fields.items() if value
    )


def _readable_share(text: str) -> float:
    sample = text[:20_000]
    fit = sum(letter.isalnum() or letter.isspace() or letter in _SIGNS for letter in sample)
    return fit / len(sample)
