"""The database opened, with tables of the newest form and SQLite set up to be shared; sessions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from service.data_folder.private_files import OWNER_FOLDER, make_private_database
from service.errors import StoreError
from service.messages.message import message
from service.store.call_facts.write import renew_facts

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 30


class _MigrationError(Exception):
    """The tables cannot be brought up to date."""


def connect(address: str) -> Engine:
    """Open the database at ``address`` and bring its tables up to date.

    Args:
        address: SQLAlchemy address, such as ``sqlite:////var/lib/fundscout/fundscout.sqlite``.

    Raises:
        StoreError: it cannot be opened, is damaged, or was written by a newer version.
    """
    try:
        file = sqlite_file(address)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True, mode=OWNER_FOLDER)
            make_private_database(file)
        # an error is logged and shown without what was to be written: it may be a pilot's text
        engine = create_engine(make_url(address), hide_parameters=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _configure_sqlite)
        _migrate(engine)
        renew_facts(engine)
    except (SQLAlchemyError, ArgumentError, OSError, ImportError, _MigrationError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreError(
            f"The database cannot be opened: {reason}. Check FUNDSCOUT_DATA and "
            "FUNDSCOUT_DATABASE; a damaged file must be replaced by a backup or moved away."
        ) from error
    return engine


def sqlite_file(address: str) -> Path | None:
    """Return the file of an SQLite database; None for one in memory or of another kind.

    Raises:
        ArgumentError: ``address`` is none.
    """
    url = make_url(address)
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if is_file else None


@contextmanager
def open_session(engine: Engine) -> Iterator[Session]:
    """Open a session for a few statements; what is not committed is lost.

    Raises:
        StoreError: the database cannot be asked, or a record in it is not what was written.
    """
    try:
        with Session(engine) as session:
            yield session
    except (SQLAlchemyError, ValidationError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreError(message("problem.database", why=reason)) from error


def scrub_journal(engine: Engine) -> bool:
    """Empty the journal of an SQLite database, so that deleted data are gone from it.

    Deleted rows are overwritten at once, but the journal keeps older pages until it is emptied.
    Returns False when it could not be, because somebody was reading.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return int(row[0]) == 0


def find_damage(engine: Engine) -> str:
    """Return what is broken in an SQLite file; nothing for a sound one or another database."""
    if engine.dialect.name != "sqlite":
        return ""
    try:
        with engine.connect() as connection:
            damage = connection.execute(text("PRAGMA quick_check(1)")).scalar()
    except SQLAlchemyError as error:
        return str(getattr(error, "orig", None) or error).splitlines()[0]
    return "" if damage == "ok" else " ".join(str(damage).split())


def _configure_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    """Let readers read while one process writes, and a writer wait for its turn."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten, not only unlinked
    cursor.close()


def _migrate(engine: Engine) -> None:
    if _revision(engine) == newest_revision():
        return
    # a part of a second to import, and a database is rarely new or of another version
    from alembic import command  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = _config()
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                # one process migrates; the next has nothing to do
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise _MigrationError(str(error)) from error


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415  as above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


@cache
def newest_revision() -> str:
    """Return the revision of the tables that this version wants: the last migration's number."""
    return max(path.name.partition("_")[0] for path in _MIGRATIONS.glob("versions/[0-9]*.py"))


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
