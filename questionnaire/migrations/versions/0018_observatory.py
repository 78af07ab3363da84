"""The observatory: its releases as they were published, and what each association brought to them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
NOW = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "observatory_release",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", NOW, nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["user.id"], name=op.f("fk_observatory_release_published_by_user")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_observatory_release")),
    )
    op.create_index(op.f("ix_observatory_release_published_by"), "observatory_release", ["published_by"])
    op.create_table(
        "observatory_contribution",
        sa.Column("release", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_observatory_contribution_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release", "assessment_id", name=op.f("pk_observatory_contribution")),
    )
    op.create_index(op.f("ix_observatory_contribution_assessment_id"), "observatory_contribution", ["assessment_id"])
