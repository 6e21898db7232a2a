"""Whether a source could be read since its keys were written so.

Revision: 0012; after: 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column: sa.Column[bool] = sa.Column(
        "was_read", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("source", column)
    source = sa.table("source", sa.column("was_read", sa.Boolean), sa.column("body_hash"))
    op.execute(source.update().where(source.c.body_hash != "").values(was_read=True))


def downgrade() -> None:
    op.drop_column("source", "was_read")  # rebuilt as a batch, others would refer to no table
