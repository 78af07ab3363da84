"""Tombstones of what was erased, numbers of what is past, and when an assessment was last visited."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two tables, and two moments to each assessment."""
    op.create_table(
        "tombstone",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_tombstone")),
    )
    op.create_table(
        "past_count",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("framework", sa.String(length=130), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "framework", "state", name=op.f("pk_past_count")),
    )
    op.add_column("assessment", sa.Column("visited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("assessment", sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))
