"""What other resources are to an article: where it was found, is answered, or what it answers.

Revision: 0013; after: 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("article", "content"):
        op.add_column(table, sa.Column("related", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for table in ("content", "article"):
        op.drop_column(table, "related")  # rebuilt as a batch, others would refer to no table
