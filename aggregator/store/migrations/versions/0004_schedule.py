"""What the schedule goes by: domains, hints, rhythms, and addresses that sources move to.

Revision: 0004; after: 0003.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "domain",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("pause_seconds", sa.Float(), nullable=False),
        sa.Column("rest_until", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("domain_resting", "domain", ["rest_until", "name"])
    _add_to_source("domain", AutoString(), "''")
    _add_to_source("why", AutoString(), "''")
    _add_to_source("moving_to", AutoString(), "''")
    _add_to_source("moves", sa.Integer(), "0")
    _add_to_source("hints", sa.JSON(), "'[]'")
    _add_to_source("rhythm", sa.JSON(), "'[]'")
    op.drop_index("source_due", "source")
    op.create_index("source_due", "source", ["active", "next_due_at", "id", "domain"])


def _add_to_source(name: str, kind: sa.types.TypeEngine[Any], default: str) -> None:
    op.add_column("source", sa.Column(name, kind, nullable=False, server_default=sa.text(default)))


def downgrade() -> None:
    op.drop_index("source_due", "source")
    op.create_index("source_due", "source", ["active", "next_due_at", "id"])
    with op.batch_alter_table("source") as batch_op:
        for name in ("rhythm", "hints", "moves", "moving_to", "why", "domain"):
            batch_op.drop_column(name)
    op.drop_table("domain")
