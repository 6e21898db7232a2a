"""The words of articles, for full-text search.

Revision: 0008; after: 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from aggregator.store import searching

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_AT_ONCE = 500


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search USING fts5(words, tokenize='ascii', columnsize=0)")
    else:
        op.execute(
            "CREATE TABLE search (article_id integer PRIMARY KEY REFERENCES article (id),"
            " words tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX search_words ON search USING gin (words)")
    wanted = sa.text("SELECT id FROM article WHERE removed_at IS NULL ORDER BY id")
    numbers = list(connection.execute(wanted).scalars())
    for start in range(0, len(numbers), _AT_ONCE):
        searching.index(connection, numbers[start : start + _AT_ONCE])


def downgrade() -> None:
    op.execute("DROP TABLE search")
