"""Tables of the first version.

Revision: 0001; after: nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alias",
        sa.Column("source_id", AutoString(), nullable=False),
        sa.Column("alias", AutoString(length=64), nullable=False),
        sa.Column("entry_key", AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "alias"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_key", AutoString(length=64), nullable=False),
        sa.Column("token", AutoString(length=20), nullable=False),
        sa.Column("public_id", AutoString(), nullable=False),
        sa.Column("title_key", AutoString(), nullable=False),
        sa.Column("source_id", AutoString(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("link", AutoString(), nullable=False),
        sa.Column("summary", AutoString(), nullable=False),
        sa.Column("body", AutoString(), nullable=False),
        sa.Column("author", AutoString(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("date_is_known", sa.Boolean(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("image", sa.JSON(), nullable=False),
        sa.Column("enclosures", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("language", AutoString(), nullable=False),
        sa.Column("origin", sa.JSON(), nullable=False),
        sa.Column("content_hash", AutoString(length=64), nullable=False),
        sa.Column("text_hash", AutoString(length=64), nullable=False),
        sa.Column("first_seen_at", UTCDateTime(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("story_key"),
        sa.UniqueConstraint("token"),
    )
    with op.batch_alter_table("article") as batch_op:
        batch_op.create_index(
            "article_by_age",
            ["published_at"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.create_index("article_by_title", ["title_key"], unique=False)

    op.create_table(
        "category",
        sa.Column("path", AutoString(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("configured", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("path"),
    )
    op.create_table(
        "document",
        sa.Column("source_id", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("stamp", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "name"),
    )
    op.create_table(
        "fetch_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", AutoString(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("status", AutoString(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=False),
        sa.Column(
            "bytes_read", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("error", AutoString(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("fetch_record") as batch_op:
        batch_op.create_index("fetch_by_source", ["source_id", "started_at"], unique=False)
        batch_op.create_index("fetch_by_time", ["started_at"], unique=False)

    op.create_table(
        "source",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("spec_hash", AutoString(length=64), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("next_due_at", UTCDateTime(), nullable=False),
        sa.Column("interval_seconds", sa.Float(), nullable=False),
        sa.Column("etag", AutoString(), nullable=False),
        sa.Column("last_modified", AutoString(), nullable=False),
        sa.Column("body_hash", AutoString(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_ok_at", UTCDateTime(), nullable=True),
        sa.Column("last_error", AutoString(), nullable=False),
        sa.Column("moved_to", AutoString(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("identity", AutoString(), nullable=False),
        sa.Column("origin", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("source") as batch_op:
        batch_op.create_index("source_due", ["active", "next_due_at", "id"], unique=False)

    op.create_table(
        "copy",
        sa.Column("source_id", AutoString(), nullable=False),
        sa.Column("entry_key", AutoString(length=64), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("entry_hash", AutoString(length=64), nullable=False),
        sa.Column("content_hash", AutoString(length=64), nullable=False),
        sa.Column("text_hash", AutoString(length=64), nullable=False),
        sa.Column("title_key", AutoString(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("link", AutoString(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("date_is_known", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by", AutoString(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("document", AutoString(), nullable=False),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        sa.Column("own_paths", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("source_id", "entry_key"),
    )
    with op.batch_alter_table("copy") as batch_op:
        batch_op.create_index("copy_by_article", ["article_id"], unique=False)
        batch_op.create_index(
            "copy_by_document",
            ["source_id", "document"],
            unique=False,
            sqlite_where=sa.text("document <> ''"),
            postgresql_where=sa.text("document <> ''"),
        )
        batch_op.create_index("copy_by_first_seen", ["source_id", "first_seen_at"], unique=False)
        batch_op.create_index("copy_by_time", ["published_at"], unique=False)
        batch_op.create_index("copy_by_title", ["title_key", "published_at"], unique=False)

    op.create_table(
        "placement",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("path", AutoString(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("public_id", AutoString(), nullable=False),
        sa.Column("source_id", AutoString(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
        ),
        sa.PrimaryKeyConstraint("article_id", "path"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("placement") as batch_op:
        batch_op.create_index(
            "placement_newest", ["path", "published_at", "public_id", "source_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("placement") as batch_op:
        batch_op.drop_index("placement_newest")

    op.drop_table("placement")
    with op.batch_alter_table("copy") as batch_op:
        batch_op.drop_index("copy_by_title")
        batch_op.drop_index("copy_by_time")
        batch_op.drop_index("copy_by_first_seen")
        batch_op.drop_index(
            "copy_by_document",
            sqlite_where=sa.text("document <> ''"),
            postgresql_where=sa.text("document <> ''"),
        )
        batch_op.drop_index("copy_by_article")

    op.drop_table("copy")
    with op.batch_alter_table("source") as batch_op:
        batch_op.drop_index("source_due")

    op.drop_table("source")
    with op.batch_alter_table("fetch_record") as batch_op:
        batch_op.drop_index("fetch_by_time")
        batch_op.drop_index("fetch_by_source")

    op.drop_table("fetch_record")
    op.drop_table("document")
    op.drop_table("category")
    with op.batch_alter_table("article") as batch_op:
        batch_op.drop_index("article_by_title")
        batch_op.drop_index(
            "article_by_age",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    op.drop_table("article")
    op.drop_table("alias")
