"""Alembic's entry: runs the migrations over the connection that `database` hands in."""

from __future__ import annotations

from alembic import context

from service.store.tables import TableBase

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TableBase.metadata,
    render_as_batch=True,
)
context.run_migrations()
