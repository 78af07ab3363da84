"""Campaigns that are opened, followed and invite; and who an association's contact was."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
NOW = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and the tables."""
    with op.batch_alter_table("campaign") as campaign:
        campaign.add_column(sa.Column("introduction", sa.Text(), nullable=False, server_default=""))
        campaign.add_column(sa.Column("opened_by", sa.Integer(), nullable=True))
        campaign.create_foreign_key(op.f("fk_campaign_opened_by_user"), "user", ["opened_by"], ["id"])
    op.create_index(op.f("ix_campaign_opened_by"), "campaign", ["opened_by"])
    with op.batch_alter_table("paper_entry") as entry:
        entry.add_column(sa.Column("by_telephone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "campaign_advisor",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advisor_id", sa.Integer(), nullable=False),
        _key("campaign_advisor", "campaign_id", "campaign.id", cascade=True),
        _key("campaign_advisor", "advisor_id", "user.id", cascade=True),
        sa.PrimaryKeyConstraint("campaign_id", "advisor_id", name=op.f("pk_campaign_advisor")),
    )
    op.create_table(
        "campaign_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", NOW, nullable=False),
        _key("campaign_letter", "campaign_id", "campaign.id", cascade=True),
        _key("campaign_letter", "written_by", "user.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_letter")),
    )
    op.create_index(op.f("ix_campaign_letter_campaign_id"), "campaign_letter", ["campaign_id"])
    _about_associations()


def _about_associations() -> None:
    op.create_table(
        "imported",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("imported_by", sa.Integer(), nullable=False),
        sa.Column("imported_at", NOW, nullable=False),
        sa.Column("invited_at", NOW, nullable=True),
        _key("imported", "assessment_id", "assessment.id", cascade=True),
        _key("imported", "imported_by", "user.id"),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_imported")),
    )
    op.create_table(
        "contact_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("former_email", sa.String(length=254), nullable=False),
        sa.Column("changed_at", NOW, nullable=False),
        _key("contact_change", "association_id", "association.id", cascade=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_change")),
    )
    op.create_index(op.f("ix_contact_change_association_id"), "contact_change", ["association_id"])
    op.create_index(op.f("ix_assessment_campaign_id"), "assessment", ["campaign_id"])


def _key(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete="CASCADE" if cascade else None)
