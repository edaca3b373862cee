"""Locks: one process at a time does each kind of work, and a second one fails at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from service.errors import JobBusyError


@contextmanager
def hold_lock(data: Path, name: str, wait: float = 0) -> Iterator[None]:
    """Hold the lock ``name`` of the data folder; the system frees it if the process dies.

    Args:
        data: the folder.
        name: the kind of work.
        wait: seconds to wait for another process that holds it.

    Raises:
        JobBusyError: another process holds it.
    """
    folder = data / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{name}.lock", timeout=wait)
    try:
        lock.acquire()
    except Timeout as error:
        raise JobBusyError(
            f"Another process is busy with {name}: wait until it is done."
        ) from error
    try:
        yield
    finally:
        lock.release()
