"""The department of an assessment, beside it: lists are narrowed to a place without opening any answer."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and fill it from the newest profile of each assessment."""
    op.add_column("assessment", sa.Column("department", sa.String(length=3), nullable=True))
    op.create_index(op.f("ix_assessment_department"), "assessment", ["department"], unique=False)
    connection = op.get_bind()
    saves = sa.table(
        "page_save", *map(sa.column, ("contribution_id", "page", "version")), sa.column("values", sa.JSON())
    )
    people = sa.table("contribution", *map(sa.column, ("id", "assessment_id")))
    rows = connection.execute(
        sa.select(people.c.assessment_id, saves.c["values"])
        .join_from(saves, people, people.c.id == saves.c.contribution_id)
        .where(saves.c.page == "profile")
        .order_by(saves.c.version)
    ).all()
    kept = sa.table("assessment", *map(sa.column, ("id", "department")))
    for assessment_id, values in rows:
        place = values.get("department") or None
        connection.execute(sa.update(kept).where(kept.c.id == assessment_id).values(department=place))
