"""Articles that were taken back, and categories that moved.

Revision: 0011; after: 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("token", AutoString(length=20), nullable=False),
        sa.Column("public_id", AutoString(), nullable=False),
        sa.Column("why", AutoString(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=False),
        sa.Column("paths", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.add_column(
        "category", sa.Column("moved_to", AutoString(), nullable=False, server_default="")
    )


def downgrade() -> None:
    with op.batch_alter_table("category") as batch_op:
        batch_op.drop_column("moved_to")
    op.drop_table("withdrawal")
