"""A second time: an assessment knows the one before it, of the same association."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the way to the time before."""
    with op.batch_alter_table("assessment") as table:
        table.add_column(sa.Column("previous_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_assessment_previous_id_assessment"), "assessment", ["previous_id"], ["id"], ondelete="SET NULL"
        )
        table.create_index(op.f("ix_assessment_previous_id"), ["previous_id"], unique=False)
