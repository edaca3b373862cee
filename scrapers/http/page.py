"""Pages: what a funder answered, byte for byte, and what these bytes mean; and what failed."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scrapers.errors import ShapeError
from scrapers.plurals import count_noun

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_META_CHARSET = re.compile(
    r"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_XML_ENCODING = re.compile(r"<\?xml\b[^>]{0,100}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})")
_HEAD_BYTES = 4096
"""Bytes within which a page says its own charset."""

# Python decodes by many names that are no charsets of text, some of them in quadratic time.
_TEXT_CODECS = re.compile(
    r"utf-(8|16|32)(-[lb]e|-sig)?|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|gb\w+|big5\w*|shift_ji\w+|euc_\w+"
)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PREVIEW = 60


@dataclass(frozen=True)
class Page:
    """One answer. ``url`` is where it came from after redirects, or a file's name.

    Header names are in lower case. ``fetched_at`` is aware, and None for a saved file whose
    time of fetching nobody wrote down. ``unchanged`` says that the source was asked just now and
    the bytes are those it gave before; ``fetched_at`` is then when they came.
    """

    url: str
    body: bytes = field(repr=False)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    fetched_at: datetime | None = None
    unchanged: bool = field(default=False, compare=False)

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of the body: its name in the archive."""
        return hashlib.sha256(self.body).hexdigest()

    def text(self) -> str:
        """Return the body as text: by its BOM, declared charset, UTF-8, or else Windows-1252.

        Declared is what the header says, or else the page itself. A declared single-byte charset
        loses to valid UTF-8, since servers declare it by default. Nothing is lost without a
        trace: an undecodable byte becomes U+FFFD.
        """
        for mark, encoding in _BOMS:
            if self.body.startswith(mark):
                return self.body[len(mark) :].decode(encoding, errors="replace")
        declared = list(self._declared_charsets())
        wide = [name for name in declared if name.startswith("utf")]
        for encoding in (*wide, "utf-8", *declared):
            try:
                return self.body.decode(encoding)
            except UnicodeDecodeError:
                continue
        return self.body.decode("cp1252", errors="replace")

    def _declared_charsets(self) -> Iterator[str]:
        """Yield the charsets that the header, the XML declaration and the page's head name."""
        if 0 in self.body[:2] and any(self.body[:2]):
            # every markup and JSON begins with ASCII: its zero byte says more than any header
            yield "utf-16-be" if self.body[0] == 0 else "utf-16-le"
        header = _CHARSET.search(self.headers.get("content-type", ""))
        if header and (name := _python_charset(header.group(1))):
            yield name
        head = self.body[:_HEAD_BYTES].decode("latin-1")
        for pattern in (_XML_ENCODING, _META_CHARSET):
            found = pattern.search(head)
            name = _python_charset(found.group(1)) if found else None
            # whoever reads the declaration byte by byte knows that it is in no wide charset
            if name and not name.startswith(("utf-16", "utf-32")):
                yield name

    def json(self, where: str) -> Any:
        """Return the body parsed as JSON; raise ``ShapeError`` that says what came instead.

        ``where`` names the funder and the answer, for the message.
        """
        source = self.text().strip()
        if not source:
            raise ShapeError(where, "JSON", "an empty answer", "Ask again later.")
        if source.startswith("<"):
            advice = "The address may have moved, or a wall page stands before it."
            kind = "XML" if source.startswith("<?xml") else "a page of HTML"
            raise ShapeError(where, "JSON", f"{kind} ({_preview(source)})", advice)
        try:
            return json.loads(source, parse_constant=_reject_constant)
        except json.JSONDecodeError as error:
            if error.pos >= len(source) - 1 or "Unterminated" in error.msg:
                came = f"JSON cut off after {count_noun(len(source), 'character')}"
                raise ShapeError(where, "whole JSON", came, "Fetch it again.") from error
            came = f"text that is no JSON at character {error.pos} ({_preview(source)})"
            raise ShapeError(where, "JSON", came) from error
        except (RecursionError, ValueError) as error:
            raise ShapeError(where, "JSON", f"JSON that cannot be read ({error})") from error


@dataclass(frozen=True)
class Failure:
    """A page or record that could not be had.

    ``fatal``: a run is worth nothing without it. ``thins``: calls come all the same, but with
    less than they had, so stored ones must not be replaced. ``id``: the one call it belongs to,
    which is left out of the run for that reason.
    """

    where: str
    message: str
    fatal: bool = False
    thins: bool = False
    id: str = ""


def _python_charset(label: str) -> str | None:
    """Return Python's name for a charset of text; None for what is none."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    if name in {"ascii", "iso8859-1"}:
        return "cp1252"  # as browsers read both: what pages so called have in 0x80 to 0x9f
    return name if _TEXT_CODECS.fullmatch(name) else None


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _preview(source: str) -> str:
    line = " ".join(source[: _PREVIEW * 2].split())
    return repr(line[:_PREVIEW])
