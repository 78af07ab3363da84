"""Coordinators and their regions, second factors with their recovery codes, and which session gave its code."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the column."""
    op.create_table(
        "coordinator_region",
        _user(),
        sa.Column("region", sa.String(length=3), nullable=False),
        _to_user("coordinator_region"),
        sa.PrimaryKeyConstraint("user_id", "region", name=op.f("pk_coordinator_region")),
    )
    op.create_table(
        "second_factor",
        _user(),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("last_counter", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        _to_user("second_factor"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        _user(),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        _to_user("recovery_code"),
        sa.PrimaryKeyConstraint("user_id", "code_sha256", name=op.f("pk_recovery_code")),
    )
    op.add_column("user_session", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))


def _user() -> "sa.Column[int]":
    return sa.Column("user_id", sa.Integer(), nullable=False)


def _to_user(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_user_id_user")
    return sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=name, ondelete="CASCADE")
