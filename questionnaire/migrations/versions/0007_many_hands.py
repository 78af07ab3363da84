"""Who saved a page, if they said so; short codes to go on from another device."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Pages saved before bear no name."""
    op.add_column("page_save", sa.Column("saved_by", sa.String(length=60), nullable=True))
    op.create_table(
        "resume_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("link_generation", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_resume_code_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resume_code")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_resume_code_code_sha256")),
    )
    op.create_index(op.f("ix_resume_code_assessment_id"), "resume_code", ["assessment_id"])
