"""What reading a file gives: its text and what was left out of it, or why it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scrapers.errors import ScrapeError


class FileKind(StrEnum):
    """The kinds of files that are read."""

    PDF = "pdf"
    WORD = "docx"
    MARKDOWN = "markdown"
    TEXT = "text"


class LeftOut(StrEnum):
    """What a file has that is not in its text."""

    PAGES = "pages"
    CHARACTERS = "characters"
    PAGES_WITHOUT_TEXT = "pages_without_text"
    REPEATED_LINES = "repeated_lines"
    CONTENTS_LINES = "contents_lines"
    MACROS = "macros"
    EMBEDDED_FILES = "embedded_files"
    PICTURES = "pictures"
    DELETED_TEXT = "deleted_text"
    HIDDEN_TEXT = "hidden_text"


class FileFault(StrEnum):
    """Why a file cannot be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    PROTECTED = "protected"
    NO_TEXT = "no_text"
    SCANNED = "scanned"
    LETTERS = "letters"
    DAMAGED = "damaged"
    BOMB = "bomb"
    ENTITIES = "entities"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    OLD_WORD = "old_word"
    OPEN_DOCUMENT = "open_document"
    RICH_TEXT = "rich_text"
    SPREADSHEET = "spreadsheet"
    PRESENTATION = "presentation"
    PICTURE = "picture"
    ARCHIVE = "archive"
    WEB_PAGE = "web_page"
    OTHER = "other"


_SENTENCES = {
    FileFault.EMPTY: "the file is empty",
    FileFault.TOO_LARGE: "the file is larger than {limit} MB",
    FileFault.PROTECTED: "the file is protected by a password; save it without one",
    FileFault.NO_TEXT: "there is no text in the file",
    FileFault.SCANNED: (
        "the PDF has pictures of pages and no text; run text recognition (OCR) on it first"
    ),
    FileFault.LETTERS: (
        "the letters of the PDF cannot be read, since its fonts do not say what they stand for; "
        "run text recognition (OCR) on it first"
    ),
    FileFault.DAMAGED: "the file is damaged or cut off; save it again",
    FileFault.BOMB: "the file unpacks to far more than a document has, so it was not opened",
    FileFault.ENTITIES: "the file's XML declares entities of its own, so it was not opened",
    FileFault.TOO_SLOW: "reading the file took longer than {limit} s; save it again, or a part",
    FileFault.TOO_MUCH_MEMORY: "reading the file took too much memory; save it again, or a part",
    FileFault.OLD_WORD: "the file is an old Office file such as .doc; save it as .docx or PDF",
    FileFault.OPEN_DOCUMENT: "the file is an OpenDocument; save it as .docx or PDF",
    FileFault.RICH_TEXT: "the file is Rich Text (RTF); save it as .docx or PDF",
    FileFault.SPREADSHEET: "the file is a spreadsheet; save its text as .docx, PDF or plain text",
    FileFault.PRESENTATION: "the file is a presentation; save it as PDF",
    FileFault.PICTURE: "the file is a picture; run text recognition (OCR) on it first",
    FileFault.ARCHIVE: "the file is an archive; give one file from it",
    FileFault.WEB_PAGE: "the file is a web page; paste its text, or save it as PDF",
    FileFault.OTHER: "the file is no PDF, Word file (.docx), Markdown or plain text",
}


class UnreadableFileError(ScrapeError):
    """A file cannot be read; ``limit`` is the bound that it passed, where ``fault`` has one."""

    def __init__(self, fault: FileFault, limit: int = 0) -> None:
        self.fault = fault
        self.limit = limit
        super().__init__(_SENTENCES[fault].format(limit=limit))


@dataclass(frozen=True)
class FileLimits:
    """Bounds of what is read of a file.

    A file that passes ``body`` (bytes), ``unpacked`` (bytes), ``ratio`` (unpacked to packed),
    ``entries`` (of an archive), ``memory`` (bytes) or ``seconds`` is not read; of one that passes
    ``pages`` or ``characters`` the beginning is read. After ``page_seconds`` no other page of a PDF
    is begun. Tables and text boxes deeper in each other than ``depth`` are left out.
    """

    body: int = 10 * 1024 * 1024
    pages: int = 100
    characters: int = 100_000
    unpacked: int = 64 * 1024 * 1024
    ratio: int = 200
    entries: int = 2_000
    depth: int = 8
    memory: int = 1024 * 1024 * 1024
    seconds: int = 20
    page_seconds: float = 10.0


@dataclass(frozen=True)
class FileText:
    """The text of a file, paragraphs parted by blank lines, headings and items on their own lines.

    ``title`` is its first heading, "" if it has none. ``pages`` is how many a PDF has and
    ``pages_read`` how many of them were read; None for other kinds. ``left_out`` counts what is
    not in the text.
    """

    kind: FileKind
    text: str
    title: str = ""
    pages: int | None = None
    pages_read: int | None = None
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)
