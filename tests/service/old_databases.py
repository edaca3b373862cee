"""A store as an older version of the program left it."""

from __future__ import annotations

from alembic import command
from alembic.config import Config

from service.store import database


def older(address: str, revision: str) -> None:
    """Make a store at ``address`` with the tables of ``revision``, such as 0001."""
    engine = database.connect(address)
    config = Config()
    config.set_main_option("script_location", str(database._MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    engine.dispose()
