"""The title that an article's own page gives, for entries that have none.

Revision: 0006; after: 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("page") as batch_op:
        batch_op.add_column(
            sa.Column("title", AutoString(), nullable=False, server_default=sa.text("''"))
        )


def downgrade() -> None:
    with op.batch_alter_table("page") as batch_op:
        batch_op.drop_column("title")
