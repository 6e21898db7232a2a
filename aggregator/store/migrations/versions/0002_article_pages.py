"""The articles' own pages, for `full_text`.

Revision: 0002; after: 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page",
        sa.Column("source_id", AutoString(), nullable=False),
        sa.Column("entry_key", AutoString(length=64), nullable=False),
        sa.Column("read_by", AutoString(length=64), nullable=False),
        sa.Column("tried_at", UTCDateTime(), nullable=False),
        sa.Column("html", AutoString(), nullable=False),
        sa.Column("published_text", AutoString(), nullable=False),
        sa.Column("author", AutoString(), nullable=False),
        sa.Column("image", AutoString(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("source_id", "entry_key"),
    )
    with op.batch_alter_table("page") as batch_op:
        batch_op.create_index("page_by_time", ["tried_at"], unique=False)
        batch_op.create_index(
            "page_due",
            ["source_id", "next_try_at"],
            unique=False,
            sqlite_where=sa.text("next_try_at IS NOT NULL"),
            postgresql_where=sa.text("next_try_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("page") as batch_op:
        batch_op.drop_index(
            "page_due",
            sqlite_where=sa.text("next_try_at IS NOT NULL"),
            postgresql_where=sa.text("next_try_at IS NOT NULL"),
        )
        batch_op.drop_index("page_by_time")

    op.drop_table("page")
