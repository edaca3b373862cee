"""Files and folders that their owner alone can read; what is more open is closed again."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OWNER_FILE, OWNER_FOLDER = 0o600, 0o700
"""Modes of a file and of a folder that nobody but the owner opens."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO

_BESIDE_DATABASE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database: it holds rows too."""


def restrict_umask() -> None:
    """Let everything that this process makes from now on be its owner's alone."""
    os.umask(_OTHERS)


def make_private_folder(folder: Path) -> None:
    """Make a folder for its owner alone; one that is there already is closed to others.

    A folder that belongs to somebody else, or that all share (as ``/tmp``), is left as it is.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=OWNER_FOLDER)
    _close(folder, OWNER_FOLDER)


def make_private_file(path: Path) -> None:
    """Make an empty file for its owner alone, unless there is one: then it is closed to others.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE))
    _close(path, OWNER_FILE)


def make_private_database(path: Path) -> None:
    """Make or close the file of an SQLite database, and what SQLite keeps beside it.

    Files that SQLite makes later have the mode of the database.

    Raises:
        OSError: it cannot be made.
    """
    make_private_file(path)
    for beside in database_files(path):
        _close(beside, OWNER_FILE)


def database_files(path: Path) -> Iterator[Path]:
    """Yield the files of an SQLite database that are there: itself, journal and index of it."""
    for name in (path.name, *(f"{path.name}{ending}" for ending in _BESIDE_DATABASE)):
        if (beside := path.with_name(name)).exists():
            yield beside


def _close(path: Path, mode: int) -> None:
    """Set the mode of what is ours and more open than that."""
    with suppress(OSError):
        status = path.stat()
        shared = bool(status.st_mode & stat.S_ISVTX)
        if status.st_uid == os.getuid() and status.st_mode & _OTHERS and not shared:
            path.chmod(mode)
