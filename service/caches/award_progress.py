"""How far the encoding of awards is: a file that its process writes and others read."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STALE_AFTER = 300.0
"""Seconds without news after which the process that encoded is taken for dead."""


class AwardProgress:
    """The progress of one data folder, and the wish that it stop."""

    def __init__(self, data: Path) -> None:
        self._file = data / "award-encoding.json"
        self._stop = data / "award-encoding.stop"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Say that awards are being encoded, until the end."""
        self._stop.unlink(missing_ok=True)
        try:
            yield
        finally:
            self._file.unlink(missing_ok=True)
            self._stop.unlink(missing_ok=True)

    def write(self, done: int, total: int) -> None:
        """Say how many projects of how many are encoded."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps([done, total]), "utf-8")
        fresh.replace(self._file)

    def read(self) -> tuple[int, int] | None:
        """Return how many projects of how many are encoded; None when nothing is going on."""
        try:
            age = time.time() - self._file.stat().st_mtime
            done, total = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError, TypeError):
            return None
        return (int(done), int(total)) if age < STALE_AFTER else None

    def ask_to_stop(self) -> None:
        """Ask the process that encodes to stop; it does so after some seconds."""
        self._stop.touch()

    def is_asked_to_stop(self) -> bool:
        """Return whether somebody asked."""
        return self._stop.exists()
