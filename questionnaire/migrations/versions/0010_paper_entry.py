"""Papers that associations filled and advisors enter."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "paper_entry",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("advisor_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advisor_id"], ["user.id"], name=op.f("fk_paper_entry_advisor_id_user")),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_paper_entry_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_paper_entry")),
    )
    op.create_index(op.f("ix_paper_entry_advisor_id"), "paper_entry", ["advisor_id"])
