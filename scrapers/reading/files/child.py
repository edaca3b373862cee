"""Reads one file in a process of its own, with limits of memory and time: files of strangers.

A first line of JSON on standard input says what kind of file it is and the bounds; the file
follows. One JSON object comes back on standard output. The process has no secrets in its
environment, writes no file and starts no other process.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from scrapers.reading.files.file_text import (
    FileFault,
    FileKind,
    FileLimits,
    FileText,
    UnreadableFileError,
)

try:
    import resource
except ImportError:  # pragma: no cover  Windows has no such limits; the clock outside still counts
    resource = None  # type: ignore[assignment]


def main() -> None:
    """Answer one request."""
    request = json.loads(sys.stdin.buffer.readline())
    limits = FileLimits(**request["limits"])
    _limit_process(limits)
    body = sys.stdin.buffer.read(limits.body + 1)
    sys.stdout.buffer.write(json.dumps(_answer(FileKind(request["kind"]), body, limits)).encode())


def _answer(kind: FileKind, body: bytes, limits: FileLimits) -> dict[str, Any]:
    try:
        return asdict(_read(kind, body, limits))
    except UnreadableFileError as error:
        return {"fault": error.fault, "limit": error.limit}
    except MemoryError:
        return {"fault": FileFault.TOO_MUCH_MEMORY, "limit": 0}
    except Exception:  # noqa: BLE001  whatever a broken file does to a library
        return {"fault": FileFault.DAMAGED, "limit": 0}


def _read(kind: FileKind, body: bytes, limits: FileLimits) -> FileText:
    # each kind's library is imported only for its files
    if kind is FileKind.PDF:
        from scrapers.reading.files.pdf import read_pdf  # noqa: PLC0415

        return read_pdf(body, limits)
    from scrapers.reading.files.word import read_word  # noqa: PLC0415

    return read_word(body, limits)


def _limit_process(limits: FileLimits) -> None:
    if resource is None:
        return
    bounds = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for name, bound in bounds.items():
        resource.setrlimit(name, (bound, bound))
    # the first ends it by a signal of its own, so that nobody takes it for a lack of memory
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))


if __name__ == "__main__":
    main()
