"""Read a file that somebody gives in place of a text."""

from __future__ import annotations

from pathlib import PurePath
from typing import Self

from pydantic import Field

from scrapers.reading.files.file_text import FileKind, FileText, LeftOut, UnreadableFileError
from scrapers.reading.files.read_file import read_file
from service.domain.frozen_model import FrozenModel
from service.errors import InputError
from service.messages.message import message
from service.messages.notes import Note

_LONGEST_TITLE = 300


class FileReading(FrozenModel):
    """What was read of a file, and what was not."""

    kind: FileKind
    title: str = Field(description="Its title, its first heading or line, or its name.")
    text: str = Field(description="Its paragraphs, with empty lines between them.")
    pages: int | None = Field(description="Pages of a PDF; null for other kinds.")
    pages_read: int | None = Field(description="How many of them were read.")
    left_out: dict[LeftOut, int] = Field(description="How much of what is not in the text.")
    notes: tuple[Note, ...] = Field(description="The same in sentences.")

    @classmethod
    def of(cls, file: FileText, name: str) -> Self:
        """Return the reading of ``file``, which somebody calls ``name``."""
        first = next((line for line in file.text.splitlines() if line.strip()), "")
        title = " ".join((file.title or first.strip("#* \t")).split())
        return cls(
            kind=file.kind,
            title=(title or PurePath(name).stem)[:_LONGEST_TITLE],
            text=file.text,
            pages=file.pages,
            pages_read=file.pages_read,
            left_out=dict(file.left_out),
            notes=_notes(file),
        )


def read_upload(body: bytes, name: str = "") -> FileReading:
    """Return the text of a file: PDF, Word, Markdown or plain text; nothing is stored.

    Args:
        body: the whole file.
        name: what its owner calls it.

    Raises:
        InputError: it cannot be read; the message says why and what to do.
    """
    try:
        return FileReading.of(read_file(body, name), name)
    except UnreadableFileError as error:
        raise InputError(message(f"problem.file.{error.fault}", limit=error.limit)) from error


def _notes(file: FileText) -> tuple[Note, ...]:
    size = len(file.text)
    if file.pages is None:
        read = message(f"file.read.{file.kind}", characters=size)
    else:
        read = message(
            f"file.read.{file.kind}", read=file.pages_read or 0, count=file.pages, characters=size
        )
    left = (message(f"file.left.{what}", count=count) for what, count in file.left_out.items())
    return (read, *left)
