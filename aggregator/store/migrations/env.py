"""Runs migrations over a connection that is handed in; called by Alembic, see `..opening`."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import JSON

from aggregator.store import tables


def _default_differs(_context: object, _found: object, column: Any, *_: object) -> bool | None:
    """Leave it to Alembic, but for JSON: PostgreSQL cannot say whether two of these are equal."""
    return False if isinstance(column.type, JSON) else None


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the words for searching: SQLite's FTS5 keeps them in tables of its own making."""
    return kind != "table" or not (name == "search" or str(name).startswith("search_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.ARTICLE.metadata,
    render_as_batch=True,  # SQLite cannot change a column in place
    transactional_ddl=True,  # a migration that is cut off leaves nothing behind
    include_name=_is_ours,
    compare_type=True,
    compare_server_default=_default_differs,
)
with context.begin_transaction():
    context.run_migrations()
