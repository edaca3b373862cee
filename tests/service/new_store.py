"""A context over a new store; its tables are made once a process and copied from then on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from index.encoder import HashEncoder
from service.context import Context
from service.settings import Settings
from service.store.database import connect


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
