"""A context over a new store; its tables are made once a process and copied from then on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from index.embedding.encoder import HashEncoder
from service.context import Context
from service.settings import Settings
from service.store.database import connect

_FILLED: dict[str, dict[Path, bytes]] = {}
"""What `fill_once` has kept: the files of data folders by path."""


@cache
def database() -> bytes:
    """Return the file of a new SQLite database: to write it is cheaper than to make tables."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "new.sqlite"
        connect(f"sqlite:///{path}").dispose()
        return path.read_bytes()


def open_new(settings: Settings) -> Context:
    """Open a new store in the data folder of the settings, with the light encoder."""
    settings.data.mkdir(parents=True, exist_ok=True)
    path = settings.data / "fundscout.sqlite"
    if not path.exists():
        path.write_bytes(database())
    return Context.open(settings, HashEncoder)


def fill_once(context: Context, name: str, fill: Callable[[Context], object]) -> None:
    """Fill a new store: by ``fill`` the first time, then by the files that it left.

    Args:
        context: the new store.
        name: names what is filled in; the same in all tests that fill in the same.
        fill: stores, and indexes, what the tests want.
    """
    data = context.settings.data
    if name not in _FILLED:
        fill(context)
        context.calls._engine.dispose()  # closed, the database is one file
        files = (path for path in data.rglob("*") if path.is_file() and path.suffix != ".lock")
        _FILLED[name] = {path.relative_to(data): path.read_bytes() for path in files}
        return
    context.calls._engine.dispose()
    for path, content in _FILLED[name].items():
        (data / path).parent.mkdir(parents=True, exist_ok=True)
        (data / path).write_bytes(content)
