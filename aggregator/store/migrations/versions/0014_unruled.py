"""What copies were before rules changed their words.

Revision: 0014; after: 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("copy", sa.Column("unruled", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("copy", "unruled")  # rebuilt as a batch, others would refer to no table
