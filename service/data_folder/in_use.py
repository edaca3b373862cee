"""Whether a data folder is in use: every process that opens it shares it until it ends.

A restore wants the folder for itself. The system takes a share back when its process dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from service.errors import JobBusyError

_FILE = "in-use.lock"

_guard = threading.Lock()
_shares: dict[Path, tuple[int, int]] = {}
"""The descriptor and the number of users of each folder that this process shares."""


def share(data: Path) -> None:
    """Say that this process uses a data folder, until `release`.

    Raises:
        JobBusyError: a backup is being restored into it.
    """
    with _guard:
        if data in _shares:
            descriptor, count = _shares[data]
            _shares[data] = descriptor, count + 1
            return
        opened = _open(data)
        if opened is None:  # a folder that nobody can write can be restored into by nobody
            return
        try:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            os.close(opened)
            raise JobBusyError(
                "A backup is being restored into the data folder: wait until that is done."
            ) from error
        _shares[data] = opened, 1


def release(data: Path) -> None:
    """Take back one `share`; other users in this process keep theirs."""
    with _guard:
        descriptor, count = _shares.pop(data, (-1, 0))
        if count > 1:
            _shares[data] = descriptor, count - 1
        elif count:
            os.close(descriptor)


@contextmanager
def hold_alone(data: Path) -> Iterator[None]:
    """Keep every other process out of a data folder.

    Raises:
        JobBusyError: another process uses it, a running service say.
        OSError: the folder cannot be written.
    """
    with _guard:
        own = _shares.get(data, (None, 0))[0]
        descriptor = _open(data, strict=True) if own is None else own
    assert descriptor is not None  # noqa: S101  it is opened, or the error was raised
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if own is None:
            os.close(descriptor)
        raise JobBusyError(
            f"The data folder {data} is in use: stop the service (`systemctl stop fundscout`, or "
            "Ctrl-C) and wait for the jobs, then run this again."
        ) from error
    try:
        yield
    finally:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if own is None:
            os.close(descriptor)


def _open(data: Path, *, strict: bool = False) -> int | None:
    folder = data / "locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        if strict:
            raise
        return None
