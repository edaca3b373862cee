"""What kind of file it is, by its content: a name says what somebody calls it, not what it is."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePath

from scrapers.reading.files.file_text import FileFault, FileKind, UnreadableFileError

_PDF_MARK = b"%PDF-"
_PDF_HEAD = 1024
"""Bytes within which a PDF begins; mail programs and scanners write something before it."""

_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFault.OLD_WORD),
    (b"{\\rtf", FileFault.RICH_TEXT),
    (b"\x89PNG\r\n\x1a\n", FileFault.PICTURE),
    (b"\xff\xd8\xff", FileFault.PICTURE),
    (b"GIF8", FileFault.PICTURE),
    (b"II*\x00", FileFault.PICTURE),
    (b"MM\x00*", FileFault.PICTURE),
    (b"BM", FileFault.PICTURE),
    (b"7z\xbc\xaf\x27\x1c", FileFault.ARCHIVE),
    (b"Rar!", FileFault.ARCHIVE),
    (b"\x1f\x8b", FileFault.ARCHIVE),
    (b"BZh", FileFault.ARCHIVE),
    (b"\xfd7zXZ", FileFault.ARCHIVE),
    (b"MZ", FileFault.OTHER),
    (b"\x7fELF", FileFault.OTHER),
    (b"PK\x05\x06", FileFault.ARCHIVE),
)
_BINARY_ONLY = frozenset({b"BM", b"MZ", b"BZh", b"GIF8", b"Rar!"})
"""Signatures that a text may begin with as well."""

_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""A name in the compound file that Office puts a document with a password into."""

_ZIP_MARK = b"PK\x03\x04"
_FOLDERS = {
    "word": None,
    "xl": FileFault.SPREADSHEET,
    "ppt": FileFault.PRESENTATION,
}
_WEB_PAGE = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_MARKDOWN_NAMES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_MARKDOWN_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_MOST_ENTRIES_LOOKED_AT = 5_000


def kind_of(body: bytes, name: str = "") -> FileKind:
    """Return what kind of file ``body`` is.

    Args:
        body: the whole file.
        name: its name; it only tells Markdown from other text.

    Raises:
        UnreadableFileError: it is empty or of a kind that is not read.
    """
    if not body.strip(b"\x00 \t\r\n"):
        raise UnreadableFileError(FileFault.EMPTY)
    if body.startswith(_ZIP_MARK):
        return _kind_of_archive(body)
    _refuse_other_kinds(body)
    if _PDF_MARK in body[:_PDF_HEAD] and not _reads_as_text_about_pdf(body):
        return FileKind.PDF
    if _WEB_PAGE.match(body.removeprefix(b"\xef\xbb\xbf")):
        raise UnreadableFileError(FileFault.WEB_PAGE)
    return FileKind.MARKDOWN if _is_markdown(body, name) else FileKind.TEXT


def _refuse_other_kinds(body: bytes) -> None:
    for mark, fault in _SIGNATURES:
        if not body.startswith(mark):
            continue
        if mark in _BINARY_ONLY and not _has_controls(body):
            continue
        if fault is FileFault.OLD_WORD and _ENCRYPTED_PACKAGE in body:
            raise UnreadableFileError(FileFault.PROTECTED)
        raise UnreadableFileError(fault)
    if body[4:8] == b"ftyp" or (body.startswith(b"RIFF") and _has_controls(body)):
        raise UnreadableFileError(FileFault.PICTURE)


def _has_controls(body: bytes) -> bool:
    """Return whether the beginning has bytes that no text in one byte a letter has."""
    return any(byte < 9 for byte in body[:_PDF_HEAD])  # noqa: PLR2004  a tab is the first of texts


def _reads_as_text_about_pdf(body: bytes) -> bool:
    """Return whether "%PDF-" stands within a line, as in a text about such files."""
    at = body.find(_PDF_MARK, 0, _PDF_HEAD)
    return at > 0 and body[at - 1 : at] not in b"\r\n\x00" and b"startxref" not in body[-2048:]


def _kind_of_archive(body: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = archive.namelist()[:_MOST_ENTRIES_LOOKED_AT]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFileError(FileFault.DAMAGED) from error
    if "[Content_Types].xml" in names:
        for folder, fault in _FOLDERS.items():
            if any(name.startswith(f"{folder}/") for name in names):
                if fault is not None:
                    raise UnreadableFileError(fault)
                return FileKind.WORD
    if "META-INF/manifest.xml" in names or "mimetype" in names:
        raise UnreadableFileError(FileFault.OPEN_DOCUMENT)
    raise UnreadableFileError(FileFault.ARCHIVE)


def _is_markdown(body: bytes, name: str) -> bool:
    if PurePath(name.lower()).suffix in _MARKDOWN_NAMES:
        return True
    return len(_MARKDOWN_HEADING.findall(body[:20_000].decode("utf-8", "replace"))) > 1
