"""One door to files: by their content, within bounds, and strangers' formats in a process apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scrapers.reading.files.file_text import (
    FileFault,
    FileKind,
    FileLimits,
    FileText,
    LeftOut,
    UnreadableFileError,
)
from scrapers.reading.files.kinds import kind_of
from scrapers.reading.files.plain import read_plain

_ROOT = str(Path(__file__).parents[3])
_CHILD = "scrapers.reading.files.child"
_OUT_OF_MEMORY = (-6, -9, -11)
"""How a process ends that is refused memory within a library: abort, kill, or a wild address."""

_OUT_OF_TIME = (-24,)
_PATIENCE = 3
"""How many times its seconds a process may take by the clock, on a machine that is busy."""


def read_file(body: bytes, name: str = "", limits: FileLimits | None = None) -> FileText:
    """Return the text of a file: PDF, Word (.docx, .docm), Markdown or plain text.

    Args:
        body: the whole file.
        name: its name; only Markdown is told by it.
        limits: bounds other than the usual.

    Raises:
        UnreadableFileError: it is of another kind, protected, without text, damaged, or passes a
            bound; the error says which.
    """
    limits = limits or FileLimits()
    if len(body) > limits.body:
        raise UnreadableFileError(FileFault.TOO_LARGE, limits.body // 2**20)
    kind = kind_of(body, name)
    if kind in {FileKind.TEXT, FileKind.MARKDOWN}:
        return read_plain(body, kind, limits)
    answer = _read_apart(kind, body, limits)
    if "fault" in answer:
        raise UnreadableFileError(FileFault(answer["fault"]), int(answer["limit"]))
    left = {LeftOut(name): int(count) for name, count in answer["left_out"].items()}
    return FileText(
        kind,
        str(answer["text"]),
        title=str(answer["title"]),
        pages=answer["pages"],
        pages_read=answer["pages_read"],
        left_out=left,
    )


def _read_apart(kind: FileKind, body: bytes, limits: FileLimits) -> dict[str, Any]:
    """Return what the process that reads the file answers; it is ended when its time is over."""
    head = json.dumps({"kind": kind, "limits": asdict(limits)}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", _CHILD],
            input=head + b"\n" + body,
            capture_output=True,
            timeout=limits.seconds * _PATIENCE,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError(FileFault.TOO_SLOW, limits.seconds) from error
    if done.returncode in _OUT_OF_TIME:
        raise UnreadableFileError(FileFault.TOO_SLOW, limits.seconds)
    if done.returncode in _OUT_OF_MEMORY:
        raise UnreadableFileError(FileFault.TOO_MUCH_MEMORY)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        fault = FileFault.TOO_MUCH_MEMORY if b"MemoryError" in done.stderr else FileFault.DAMAGED
        raise UnreadableFileError(fault) from error
    return answer


def _environment() -> dict[str, str]:
    """Return what the process is told: where the program is, and no secret of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHONPATH": _ROOT, "PYTHONIOENCODING": "utf-8"}
