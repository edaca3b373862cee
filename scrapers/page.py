"""Pages: what a funder answered, byte for byte, and the archive that keeps them by their hash."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapers.errors import ScrapeError, ShapeError

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PREVIEW = 60


@dataclass(frozen=True)
class Page:
    """One answer. ``url`` is where it came from after redirects, or a file's name.

    Header names are in lower case. ``fetched_at`` is aware, and None for a saved file whose
    time of fetching nobody wrote down.
    """

    url: str
    body: bytes = field(repr=False)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    fetched_at: datetime | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of the body: its name in the archive."""
        return hashlib.sha256(self.body).hexdigest()

    def text(self) -> str:
        """Return the body as text: its BOM, its declared charset, UTF-8, or else Windows-1252.

        A declared single-byte charset loses to valid UTF-8, since servers declare it by default.
        Nothing is lost without a trace: an undecodable byte becomes U+FFFD.
        """
        for mark, encoding in _BOMS:
            if self.body.startswith(mark):
                return self.body[len(mark) :].decode(encoding, errors="replace")
        declared = self._declared_charset()
        candidates = ["utf-8", declared] if declared else ["utf-8"]
        if declared and declared.startswith(("utf", "ucs")):
            candidates.reverse()
        for encoding in candidates:
            try:
                return self.body.decode(encoding)
            except UnicodeDecodeError:
                continue
        return self.body.decode("cp1252", errors="replace")

    def _declared_charset(self) -> str | None:
        found = _CHARSET.search(self.headers.get("content-type", ""))
        if found is None:
            return None
        try:
            return codecs.lookup(found.group(1)).name
        except LookupError:
            return None

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
            return json.loads(source, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            if error.pos >= len(source) - 1 or "Unterminated" in error.msg:
                came = f"JSON cut off after {len(source)} characters"
                raise ShapeError(where, "whole JSON", came, "Fetch it again.") from error
            came = f"text that is no JSON at character {error.pos} ({_preview(source)})"
            raise ShapeError(where, "JSON", came) from error
        except (RecursionError, ValueError) as error:
            raise ShapeError(where, "JSON", f"JSON that cannot be read ({error})") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _preview(source: str) -> str:
    line = " ".join(source[: _PREVIEW * 2].split())
    return repr(line[:_PREVIEW])


class PageArchive:
    """Answers kept in ``folder``: bodies by SHA-256, and one line a fetch in ``pages.jsonl``.

    A body is written once, whole or not at all, and never changed. Raw answers may name contact
    persons, so the folder is for operators, not for publishing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index = folder / "pages.jsonl"

    def path(self, sha256: str) -> Path:
        """Return where the body with that hash is kept."""
        return self.folder / "bodies" / sha256[:2] / sha256

    def keep(self, page: Page) -> Path:
        """Write ``page`` unless its body is there already, note the fetch, return its path."""
        path = self.path(page.sha256)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, page.body)
        row = {
            "sha256": page.sha256,
            "url": page.url,
            "status": page.status,
            "headers": dict(page.headers),
            "fetched_at": page.fetched_at.isoformat() if page.fetched_at else None,
        }
        line = json.dumps(row, ensure_ascii=False) + "\n"
        descriptor = os.open(self._index, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
        return path

    def read(self, sha256: str) -> bytes:
        """Return a kept body; raise ``ScrapeError`` if it is missing or no longer has its hash."""
        try:
            body = self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise ScrapeError(f"no page {sha256} in {self.folder}; fetch it again") from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise ScrapeError(f"page {sha256} in {self.folder} is damaged; fetch it again")
        return body

    def pages(self) -> Iterator[Page]:
        """Yield every fetch in the order it was made. A half-written last line is passed over."""
        if not self._index.exists():
            return
        for line in self._index.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue
            fetched = row["fetched_at"]
            yield Page(
                url=row["url"],
                body=self.read(row["sha256"]),
                status=row["status"],
                headers=row["headers"],
                fetched_at=datetime.fromisoformat(fetched) if fetched else None,
            )


def _write_whole(path: Path, body: bytes) -> None:
    """Write ``body`` beside ``path``, then rename: a reader sees all of it or nothing."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".tmp-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
