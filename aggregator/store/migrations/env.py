"""Runs migrations over a connection that is handed in; called by Alembic, see `..opening`."""

from __future__ import annotations

from alembic import context

from aggregator.store import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.ARTICLE.metadata,
    render_as_batch=True,  # SQLite cannot change a column in place
    transactional_ddl=True,  # a migration that is cut off leaves nothing behind
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
