"""WebSub subscriptions to sources.

Revision: 0010; after: 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("source_id", AutoString(), nullable=False),
        sa.Column("hub", AutoString(), nullable=False),
        sa.Column("topic", AutoString(), nullable=False),
        sa.Column("token", AutoString(), nullable=False),
        sa.Column("secret", AutoString(), nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("pushed_at", UTCDateTime(), nullable=True),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source_id"),
        sa.UniqueConstraint("token"),
    )


def downgrade() -> None:
    op.drop_table("subscription")
