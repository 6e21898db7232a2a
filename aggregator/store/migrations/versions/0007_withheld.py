"""What rules dropped is kept for a while, so that other rules can be tried on it.

Revision: 0007; after: 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "dropped", sa.Column("article", AutoString(), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    with op.batch_alter_table("dropped") as batch_op:
        batch_op.drop_column("article")
