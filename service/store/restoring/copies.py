"""Copies of an SQLite database: made while others read and write, checked, and counted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.exc import ArgumentError

from service.data_folder.private_files import database_files, make_private_file
from service.errors import InputError, StoreError
from service.store.database import newest_revision, sqlite_file

COUNTED = (
    "calls",
    "pilots",
    "recipients",
    "deliveries",
    "told",
    "suppressions",
    "feedback",
    "searches",
)
"""Tables whose rows a backup counts: what is lost if they come back short."""

_BUSY_SECONDS = 30.0


def database_file(address: str) -> Path:
    """Return the file of the database at an SQLAlchemy address.

    Raises:
        InputError: it is no SQLite file.
    """
    try:
        file = sqlite_file(address)
    except ArgumentError as error:
        raise InputError("FUNDSCOUT_DATABASE is no address of a database.") from error
    if file is None:
        raise InputError(
            "A backup is made of SQLite alone: use the tools of the database that "
            "FUNDSCOUT_DATABASE names, such as pg_dump."
        )
    return file.absolute()


def copy_database(source: Path, target: Path) -> None:
    """Write one consistent state of ``source`` to the new file ``target``.

    Whatever is committed is in it, also what still lies in the journal. Others may go on reading
    and writing.

    Raises:
        StoreError: it cannot be read, or the copy cannot be written.
    """
    try:
        make_private_file(target)
        with (
            closing(_open(source, write=False)) as from_,
            closing(sqlite3.connect(target)) as to,
        ):
            from_.backup(to)  # in one step: in several it would begin again after each write
            to.execute("PRAGMA journal_mode=DELETE")  # a single file
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"The database {source} cannot be copied: {error}.") from error


def check_copy(path: Path) -> None:
    """Read a database through and through.

    Raises:
        StoreError: it is damaged, and how.
    """
    try:
        with closing(_open(path, write=False)) as opened:
            damage = str(opened.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        raise StoreError(f"The database in it is damaged: {error}.") from error
    if damage != "ok":
        raise StoreError(f"The database in it is damaged: {' '.join(damage.split())}.")


def revision_of(path: Path) -> str:
    """Return the revision of a database's tables; nothing when it has none.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        with closing(_open(path, write=False)) as opened:
            if not _has_table(opened, "alembic_version"):
                return ""
            row = opened.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(row[0]) if row else ""
    except sqlite3.Error as error:
        raise StoreError(f"The database {path} cannot be read: {error}.") from error


def is_newer(revision: str) -> bool:
    """Return whether a later version of the program made tables of this revision."""
    return revision > newest_revision()


def count_rows(path: Path) -> dict[str, int]:
    """Return how many rows the tables in `COUNTED` have, those that there are.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        with closing(_open(path, write=False)) as opened:
            return {
                table: int(opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  names of ours
                for table in COUNTED
                if _has_table(opened, table)
            }
    except sqlite3.Error as error:
        raise StoreError(f"The database in it is damaged: {error}.") from error


def fold_journal(path: Path) -> None:
    """Fold a database's journal into its file, so that the file alone is the whole of it.

    One that cannot be read keeps its journal beside it.
    """
    try:
        with closing(_open(path, write=True)) as opened:
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            opened.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error:
        return


def remove_journal(path: Path) -> None:
    """Remove what SQLite keeps beside a database, which has been put in another's place."""
    for beside in database_files(path):
        if beside != path:
            beside.unlink(missing_ok=True)


@contextmanager
def open_beside(path: Path, other: Path) -> Iterator[sqlite3.Connection]:
    """Open a database for one transaction, with ``other`` attached as ``present``.

    An error takes back all changes.
    """
    with closing(_open(path, write=True)) as opened:
        opened.execute("PRAGMA foreign_keys=ON")
        opened.execute("PRAGMA secure_delete=ON")
        opened.execute("ATTACH DATABASE ? AS present", (str(other),))
        with opened:
            yield opened


def _open(path: Path, *, write: bool) -> sqlite3.Connection:
    mode = "rw" if write else "ro"
    address = f"file:{quote(str(path))}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS)


def _has_table(opened: sqlite3.Connection, name: str) -> bool:
    asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return opened.execute(asked, (name,)).fetchone() is not None
