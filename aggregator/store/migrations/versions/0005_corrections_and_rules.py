"""What people and rules say about copies, contents of copies that do not stand, dropped entries.

Revision: 0005; after: 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content",
        sa.Column("source_id", AutoString(), nullable=False),
        sa.Column("entry_key", AutoString(length=64), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("link", AutoString(), nullable=False),
        sa.Column("summary", AutoString(), nullable=False),
        sa.Column("body", AutoString(), nullable=False),
        sa.Column("author", AutoString(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("image", sa.JSON(), nullable=False),
        sa.Column("enclosures", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("language", AutoString(), nullable=False),
        sa.Column("origin", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "entry_key"),
    )
    op.create_table(
        "dropped",
        sa.Column("source_id", AutoString(), nullable=False),
        sa.Column("entry_key", AutoString(length=64), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("link", AutoString(), nullable=False),
        sa.Column("stage", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("detail", AutoString(), nullable=False),
        sa.Column("dropped_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "entry_key"),
    )
    op.create_index("dropped_by_time", "dropped", ["dropped_at"])
    op.create_index("dropped_of_source", "dropped", ["source_id", "dropped_at"])
    op.add_column("article", sa.Column("merged_into", sa.Integer(), nullable=True))
    op.create_index(
        "article_merged",
        "article",
        ["merged_into"],
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    for column in (
        sa.Column("text_length", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ruled_paths", sa.JSON(), nullable=True),
        sa.Column("dropped_by", AutoString(), nullable=True),
        sa.Column("split_from", AutoString(length=64), nullable=True),
    ):
        op.add_column("copy", column)
    op.create_index("copy_by_link", "copy", ["link"], postgresql_using="hash")
    op.add_column("source", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("source") as batch_op:
        batch_op.drop_column("priority")
    op.drop_index("copy_by_link", "copy")
    with op.batch_alter_table("copy") as batch_op:
        for name in ("split_from", "dropped_by", "ruled_paths", "text_length"):
            batch_op.drop_column(name)
    op.drop_index("article_merged", "article")
    with op.batch_alter_table("article") as batch_op:
        batch_op.drop_column("merged_into")
    op.drop_table("dropped")
    op.drop_table("content")
