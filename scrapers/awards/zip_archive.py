"""Zips of many files, read in chunks and within limits of what they may unpack to."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scrapers.errors import ShapeError
from scrapers.plurals import count_noun

_CHUNK = 256 * 1024
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
_MAX_ITEM_BYTES = 32 * 2**20
_SPACE = " \t\r\n"
_EXPECTED = "the register's zip"
_CONTINUATION, _LEAD_BYTES, _MAX_WIDTH = 0x80, (0xC0, 0xE0, 0xF0), 4  # of a character in UTF-8


@dataclass(frozen=True)
class ZipLimits:
    """Limits of a zip: files, bytes of one file, bytes in all, unpacked bytes for a packed one.

    ``ratio`` does not count for files of at most ``small`` bytes.
    """

    files: int = 300_000
    one: int = 2 * 2**30
    whole: int = 6 * 2**30
    ratio: int = 200
    small: int = 10 * 2**20


@dataclass
class ZipArchive:
    """A zip in memory; ``where`` names it in messages.

    Raises ``ShapeError`` for a zip that is cut off, damaged, locked, or unpacks to too much. The
    limits count the unpacked bytes, not those that the zip declares.
    """

    body: bytes = field(repr=False)
    where: str
    limits: ZipLimits = field(default_factory=ZipLimits)
    _unpacked: int = 0

    def __post_init__(self) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(self.body))
        except _ZIP_ERRORS as error:
            actual = "a zip that is cut off or damaged"
            raise ShapeError(self.where, _EXPECTED, actual, "Fetch it again.") from error
        if len(self._zip.infolist()) > self.limits.files:
            raise self._limit_error(f"more than {count_noun(self.limits.files, 'file')}")

    def names(self) -> list[str]:
        """Return the names of the files, without folders, in the zip's order."""
        return [info.filename for info in self._zip.infolist() if not info.is_dir()]

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes in chunks."""
        packed = self._zip.getinfo(name).compress_size
        most = min(self.limits.one, max(self.limits.small, packed * self.limits.ratio))
        size = 0
        try:
            with self._zip.open(name) as file:
                while piece := file.read(_CHUNK):
                    size += len(piece)
                    self._unpacked += len(piece)
                    if size > most or self._unpacked > self.limits.whole:
                        raise self._limit_error(
                            f"{name}, which unpacks to more than {most:,} bytes"
                        )
                    yield piece
        except _ZIP_ERRORS as error:
            where, actual = f"{self.where}, {name}", f"a damaged file ({error})"
            raise ShapeError(where, "a whole file", actual, "Fetch it again.") from error

    def read(self, name: str, most: int = _MAX_ITEM_BYTES) -> bytes:
        """Return a file whole, if it has at most ``most`` bytes."""
        body = bytearray()
        for piece in self.chunks(name):
            body += piece
            if len(body) > most:
                raise self._limit_error(f"{name}, of more than {most:,} bytes")
        return bytes(body)

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield a file's lines with their ends; a line of more than 32 MiB is refused."""
        rest = b""
        for piece in self.chunks(name):
            *whole, rest = (rest + piece).split(b"\n")
            if len(rest) > _MAX_ITEM_BYTES:
                raise self._limit_error(
                    f"{name}, with a line of more than {_MAX_ITEM_BYTES:,} bytes"
                )
            for line in whole:
                yield line + b"\n"
        if rest:
            yield rest

    def _limit_error(self, actual: str) -> ShapeError:
        return ShapeError(self.where, _EXPECTED, actual, "It is not what the register publishes.")


def decode_text(raw: bytes) -> str:
    """Return bytes as text: UTF-8 without its mark, else Windows-1252; nothing is dropped."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def json_items(pieces: Iterator[bytes], where: str) -> Iterator[Any]:
    """Yield the items of a JSON list as they are read, or the one value that is no list.

    Raises:
        ShapeError: where it is no JSON, or is cut off.
    """
    stream = _JsonStream(pieces, where)
    if stream.peek() != "[":
        yield stream.value()
        return
    stream.skip()
    while (mark := stream.peek()) != "]":
        if mark == ",":
            stream.skip()
        elif not mark:
            raise stream.truncation_error()
        else:
            yield stream.value()


class _JsonStream:
    """Text read ahead as far as the next value needs."""

    def __init__(self, pieces: Iterator[bytes], where: str) -> None:
        decoder = json.JSONDecoder()
        self._decode = decoder.raw_decode
        self._pieces = pieces
        self._where = where
        self._raw = b""
        self._text = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """Return the next character that is no space, "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read_more():
                return ""

    def skip(self) -> None:
        self._at += 1

    def value(self) -> Any:
        """Return the next value, reading on until it is whole."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if (
                    isinstance(error, RecursionError)
                    or len(self._text) - self._at > _MAX_ITEM_BYTES
                ):
                    raise ShapeError(self._where, "JSON", "a value without an end") from error
                if not self._read_more():
                    raise self.truncation_error() from error
                continue
            # a number may go on in the next piece
            if end < len(self._text) or not self._read_more():
                self._at = end
                return value

    def truncation_error(self) -> ShapeError:
        """Return the error for text that ends, or is broken, before its list does."""
        near = self._text[self._at : self._at + 40]
        return ShapeError(
            self._where, "whole JSON", f"JSON cut off or broken at {near!r}", "Fetch it again."
        )

    def _read_more(self) -> bool:
        """Read at least as much again as is waiting; return whether there was more."""
        minimum = max(1, len(self._text) - self._at)
        gained = 0
        while gained < minimum and not self._ended:
            piece = next(self._pieces, None)
            self._ended = piece is None
            raw = self._raw + (piece or b"")
            keep = 0 if self._ended else _incomplete_bytes(raw)
            self._raw = raw[len(raw) - keep :]
            text = decode_text(raw[: len(raw) - keep])
            self._text = self._text[self._at :] + text
            self._at = 0
            gained += len(text)
        return gained > 0


def _incomplete_bytes(raw: bytes) -> int:
    """Return how many bytes at the end begin a UTF-8 character that is not whole."""
    for back in range(1, min(_MAX_WIDTH, len(raw)) + 1):
        byte = raw[-back]
        if byte < _CONTINUATION:
            return 0
        if byte >= _LEAD_BYTES[0]:
            length = 2 + sum(byte >= lead for lead in _LEAD_BYTES[1:])
            return back if length > back else 0
    return 0
