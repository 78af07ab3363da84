"""PDFs in a table of their own: those of the associations beside those that advisors sent."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOVE = """
INSERT INTO document (assessment_id, name, key, pdf, failures, changed_at)
SELECT review.assessment_id, 'edition-' || replace(cast(edition.id AS text), '-', ''), edition.sha256, edition.pdf, 0,
       edition.created_at
FROM edition JOIN review ON review.id = edition.review_id
WHERE edition.pdf IS NOT NULL
"""


def upgrade() -> None:
    """Move the PDFs that were made; those that were still to make are made when they are asked for."""
    op.create_table(
        "document",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_document_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("assessment_id", "name", name=op.f("pk_document")),
    )
    op.execute(MOVE)
    op.execute("DELETE FROM job WHERE kind = 'render_edition'")
    op.drop_column("edition", "pdf")
