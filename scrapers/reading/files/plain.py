"""Plain text and Markdown: bytes to text, whatever wrote them."""

from __future__ import annotations

import codecs
import re

from scrapers.reading.files.file_text import (
    FileFault,
    FileKind,
    FileLimits,
    FileText,
    LeftOut,
    UnreadableFileError,
)

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 4096
"""Bytes by which a text without a mark is told to be in two bytes a letter."""

_ZERO_SHARE = 0.4
"""Share of every other byte that is zero in UTF-16: Latin letters have one each."""

_MOST_CONTROLS = 0.005
"""Share of control characters above which bytes are no text."""

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_FRONT_MATTER = re.compile(r"\A---\n(?:[^\n]*\n){1,60}?---\n")
_HEADING = re.compile(r"#{1,6} +(\S.{0,300}?)#* *")
_LONGEST_HEADING = 400


def read_plain(body: bytes, kind: FileKind, limits: FileLimits) -> FileText:
    """Return the text of a file of ``kind``, text or Markdown, as its author wrote it.

    Of Markdown the front matter and the comments are left out: they are not shown to readers.

    Raises:
        UnreadableFileError: the bytes are no text.
    """
    text = decode(body).replace("\r\n", "\n").replace("\r", "\n")
    title = ""
    if kind is FileKind.MARKDOWN:
        text = _without_comments(_FRONT_MATTER.sub("", text.lstrip("\n")))
        title = _first_heading(text)
    text = text.strip("\n").rstrip()
    if not text:
        raise UnreadableFileError(FileFault.NO_TEXT)
    whole, text = len(text), cut(text, limits.characters)
    left = {LeftOut.CHARACTERS: whole - len(text)} if len(text) < whole else {}
    return FileText(kind, text, title=title, left_out=left)


def _without_comments(text: str) -> str:
    """Return ``text`` without comments, in one pass: many that never end cost no more."""
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        kept.append(text[at:start])
        at = end + len("-->")
    return "".join((*kept, text[at:]))


def _first_heading(text: str) -> str:
    """Return the first heading of a Markdown text, "" when it has none."""
    for line in text.split("\n"):
        if line.startswith("#") and len(line) <= _LONGEST_HEADING:
            heading = _HEADING.fullmatch(line)
            if heading:
                return heading[1].strip()
    return ""


def decode(body: bytes) -> str:
    """Return ``body`` as text.

    Its mark says in which charset it is, else its zero bytes show UTF-16; what is no UTF-8 is read
    as Windows-1252. A UTF-8 text with a few wrong bytes is read as UTF-8.

    Raises:
        UnreadableFileError: the bytes are no text.
    """
    text = _decode(body)
    if len(_CONTROLS.findall(text)) > max(2, _MOST_CONTROLS * len(text)):
        raise UnreadableFileError(FileFault.OTHER)
    return _CONTROLS.sub("", text)


def _decode(body: bytes) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace")
    if wide := _wide_encoding(body):
        return body.decode(wide, errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = body.decode("utf-8", errors="replace")
    wrong = text.count(_REPLACEMENT)
    right = sum(ord(letter) > 0x7F for letter in text) - wrong  # noqa: PLR2004  beyond ASCII
    return text if wrong * 2 < right else body.decode("cp1252", errors="replace")


def _wide_encoding(body: bytes) -> str:
    sample = body[:_SAMPLE]
    pairs = len(sample) // 2
    if not pairs:
        return ""
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if second > _ZERO_SHARE * pairs and first * 10 < second:
        return "utf-16-le"
    return "utf-16-be" if first > _ZERO_SHARE * pairs and second * 10 < first else ""


def cut(text: str, limit: int) -> str:
    """Return at most ``limit`` characters of ``text``, to the end of a paragraph or a line if any.

    Where neither ends in the last fifth, it is cut within a line.
    """
    if len(text) <= limit:
        return text
    head = text[:limit]
    for end in ("\n\n", "\n", " "):
        at = head.rfind(end, limit * 4 // 5)
        if at > 0:
            return head[:at].rstrip()
    return head
