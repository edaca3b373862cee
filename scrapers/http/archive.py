"""The archive of answers: bodies by their hash, the latest of each address, and whole runs."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapers.errors import ScrapeError
from scrapers.http.page import Failure, Page

_HALF = ".tmp-"
"""How the names of files begin that are being written."""

_LEFTOVER_SECONDS = 3600


@dataclass(frozen=True)
class ArchivedRun:
    """The answers of a funder's run in order, pages and failures; ``at`` is when it ended."""

    at: datetime
    entries: tuple[Mapping[str, Any], ...]


class PageArchive:
    """Answers kept in ``folder``.

    ``bodies`` has each body by SHA-256, ``pages.jsonl`` a line for each fetch, ``latest`` the last
    good answer of each address, and ``runs`` the answers of each funder's last run and last good
    run. A body is written once, whole or not at all, and again only when it was damaged. Looking
    up an address opens one small file, however long the history is. Raw answers may name contact
    persons, so the folder is for operators, not for publishing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._history = folder / "pages.jsonl"

    def clear_leftovers(self) -> int:
        """Delete what killed writers left more than an hour ago; return how many files."""
        latest = time.time() - _LEFTOVER_SECONDS
        old = [path for path in self.folder.rglob(f"{_HALF}*") if path.stat().st_mtime < latest]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def path(self, sha256: str) -> Path:
        """Return where the body with that hash is kept."""
        return self.folder / "bodies" / sha256[:2] / sha256

    def keep(self, page: Page, *, method: str = "GET") -> Path:
        """Write ``page`` unless its body is there already, note the fetch, return its path.

        An answer to a POST cannot be fetched conditionally, so the same answer comes again and
        again: it is stored_run once, like a page that answers "not modified" afterwards.
        """
        path, fresh = self._keep_body(page)
        if method != "GET" and not fresh:
            return path
        row = _page_row(page)
        line = json.dumps({**row, "method": method}, ensure_ascii=False) + "\n"
        _append_line(self._history, line.encode())
        if method == "GET":
            _write_atomically(self._latest_path(page.url), json.dumps(row).encode())
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

    def latest(self, url: str) -> Page | None:
        """Return the last good answer to a GET of ``url``; None when it is not whole any more."""
        try:
            row = json.loads(self._latest_path(url).read_bytes())
            return self._page(row) if row["url"] == url else None
        except (OSError, ValueError, KeyError, TypeError, ScrapeError):
            return None

    def pages(self) -> Iterator[Page]:
        """Yield every fetch in order. A half-written line is skipped."""
        if not self._history.exists():
            return
        with self._history.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                try:
                    row = json.loads(line)
                except json.JSONDecodeError:
                    continue
                yield self._page(row)

    def keep_run(
        self, funder: str, entries: Sequence[Mapping[str, Any]], at: datetime, *, good: bool
    ) -> None:
        """Keep the answers, made by ``entry``, of the run of ``funder`` that ended ``at``.

        The last run and the last ``good`` run are kept apart. Answers that are the same as before
        are not written again.
        """
        stored_run = json.dumps({"at": at.isoformat(), "entries": entries}).encode()
        for path in (self._run_path(funder), self._run_path(funder, good=True))[: 1 + good]:
            try:
                before = _read_run(path)
            except ScrapeError:
                before = None  # what cannot be read is replaced
            if before is None or _comparable_entries(before.entries) != _comparable_entries(
                entries
            ):
                _write_atomically(path, stored_run)

    def entry(self, answer: Page | Failure) -> Mapping[str, Any]:
        """Return the entry of a run for one page or failure; the page's body is kept."""
        if isinstance(answer, Failure):
            return {"lost": asdict(answer)}
        self._keep_body(answer)
        return _page_row(answer)

    def run(
        self, funder: str, *, good: bool = False
    ) -> tuple[datetime, Iterator[Page | Failure]] | None:
        """Return when the last (good) run ended, and its answers; None if there was none.

        A page whose body is missing or damaged comes as a fatal failure.

        Raises:
            ScrapeError: the list of the run is damaged.
        """
        stored_run = _read_run(self._run_path(funder, good=good))
        return None if stored_run is None else (stored_run.at, self._replay(stored_run))

    def _replay(self, stored_run: ArchivedRun) -> Iterator[Page | Failure]:
        for row in stored_run.entries:
            if "lost" in row:
                yield Failure(**row["lost"])
                continue
            try:
                yield self._page(row)
            except ScrapeError as error:
                yield Failure(row["url"], str(error), fatal=True)

    def _run_path(self, funder: str, *, good: bool = False) -> Path:
        return self.folder / "runs" / (f"{funder}.good.json" if good else f"{funder}.json")

    def _latest_path(self, url: str) -> Path:
        name = hashlib.sha256(url.encode(errors="surrogatepass")).hexdigest()
        return self.folder / "latest" / name[:2] / f"{name}.json"

    def _keep_body(self, page: Page) -> tuple[Path, bool]:
        """Return where the body of ``page`` is, and whether it had to be written."""
        path = self.path(page.sha256)
        try:
            self.read(page.sha256)
        except ScrapeError:
            _write_atomically(path, page.body)
            return path, True
        return path, False

    def _page(self, row: Mapping[str, Any]) -> Page:
        fetched = row["fetched_at"]
        return Page(
            url=row["url"],
            body=self.read(row["sha256"]),
            status=row["status"],
            headers=row["headers"],
            fetched_at=datetime.fromisoformat(fetched) if fetched else None,
        )


def _page_row(page: Page) -> dict[str, Any]:
    return {
        "sha256": page.sha256,
        "url": page.url,
        "status": page.status,
        "headers": dict(page.headers),
        "fetched_at": page.fetched_at.isoformat() if page.fetched_at else None,
    }


def _read_run(path: Path) -> ArchivedRun | None:
    try:
        stored_run = json.loads(path.read_bytes())
        return ArchivedRun(datetime.fromisoformat(stored_run["at"]), tuple(stored_run["entries"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ScrapeError(f"{path} is damaged; collect again") from error


def _comparable_entries(entries: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Return what matters when a run is read again: not its times."""
    return [
        ("lost", *entry["lost"].values())
        if "lost" in entry
        else (entry["url"], entry["sha256"], entry["headers"].get("content-type"))
        for entry in entries
    ]


def _append_line(path: Path, line: bytes) -> None:
    """Append ``line`` in one write; a half-written line before it gets its end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            line = b"\n" + line
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


def _write_atomically(path: Path, body: bytes) -> None:
    """Write ``body`` to a file next to ``path``, then rename: a reader sees all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_HALF, delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            # gone already after the rename, still here after an interruption
            temporary.unlink(missing_ok=True)
