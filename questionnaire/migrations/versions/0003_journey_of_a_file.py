"""The journey of a shared file: its state, who reads it beside the advisor in charge, each step it took."""

import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give each talk its state and its first steps, and each review its talk."""
    _talk_request()
    _talk_reader()
    _talk_move()
    _review()
    _first_steps()


def _talk_request() -> None:
    with op.batch_alter_table("talk_request") as table:
        table.alter_column("advisor_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("state", sa.String(length=20), nullable=False, server_default="sent"))
        table.add_column(sa.Column("state_since", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE talk_request SET state_since = coalesce(taken_at, requested_at),"
        " state = CASE WHEN taken_at IS NULL THEN 'sent' ELSE 'in_review' END"
    )
    op.execute(
        "UPDATE talk_request SET state = 'returned', state_since = done.at FROM"
        " (SELECT assessment_id, advisor_id, max(validated_at) AS at FROM review GROUP BY assessment_id, advisor_id)"
        " AS done WHERE done.assessment_id = talk_request.assessment_id AND done.advisor_id = talk_request.advisor_id"
        " AND done.at >= talk_request.taken_at"
    )
    with op.batch_alter_table("talk_request") as table:
        table.alter_column("state", existing_type=sa.String(length=20), server_default=None)
        table.alter_column("state_since", existing_type=sa.DateTime(timezone=True), nullable=False)


def _talk_reader() -> None:
    op.create_table(
        "talk_reader",
        sa.Column("talk_id", sa.Uuid(), nullable=False),
        sa.Column("advisor_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advisor_id"], ["user.id"], name=op.f("fk_talk_reader_advisor_id_user")),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talk_request.id"], name=op.f("fk_talk_reader_talk_id_talk_request"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("talk_id", "advisor_id", name=op.f("pk_talk_reader")),
    )


def _talk_move() -> None:
    op.create_table(
        "talk_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("talk_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["user.id"], name=op.f("fk_talk_move_about_id_user")),
        sa.ForeignKeyConstraint(["account_id"], ["user.id"], name=op.f("fk_talk_move_account_id_user")),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talk_request.id"], name=op.f("fk_talk_move_talk_id_talk_request"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_move")),
    )
    op.create_index(op.f("ix_talk_move_talk_id"), "talk_move", ["talk_id"], unique=False)


def _review() -> None:
    """A review belongs to the last talk of its advisor about these answers."""
    with op.batch_alter_table("review") as table:
        table.drop_index("uq_review_draft")
        table.add_column(sa.Column("talk_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE review SET talk_id = (SELECT id FROM talk_request"
        " WHERE talk_request.assessment_id = review.assessment_id AND talk_request.advisor_id = review.advisor_id"
        " ORDER BY requested_at DESC LIMIT 1)"
    )
    with op.batch_alter_table("review") as table:
        table.alter_column("talk_id", existing_type=sa.Uuid(), nullable=False)
        table.create_foreign_key(
            op.f("fk_review_talk_id_talk_request"), "talk_request", ["talk_id"], ["id"], ondelete="CASCADE"
        )
        table.create_index(op.f("ix_review_talk_id"), ["talk_id"], unique=False)
    draft = sa.text("state = 'draft'")
    op.create_index("uq_review_draft", "review", ["talk_id"], unique=True, sqlite_where=draft, postgresql_where=draft)


def _first_steps() -> None:
    """Write down the steps that the dates of a talk tell."""
    moments: list[sa.ColumnClause[Any]] = [
        sa.column(name, sa.DateTime(timezone=True)) for name in ("requested_at", "taken_at", "state_since")
    ]
    keys: list[sa.ColumnClause[Any]] = [sa.column("id", sa.Uuid()), sa.column("advisor_id"), sa.column("state")]
    rows = op.get_bind().execute(sa.select(*sa.table("talk_request", *keys, *moments).c)).all()
    steps: list[dict[str, object]] = []
    for row in rows:
        made = [("association", "ask", "", "sent", row.requested_at)]
        made += [("advisor", "take", "sent", "in_review", row.taken_at)] if row.taken_at else []
        made += [("advisor", "validate", "in_review", "returned", row.state_since)] if row.state == "returned" else []
        for actor, name, source, target, at in made:
            account = None if actor == "association" else row.advisor_id
            step = {"actor": actor, "name": name, "source": source, "target": target, "at": at, "why": ""}
            steps.append(step | {"id": uuid.uuid4(), "talk_id": row.id, "account_id": account, "about_id": None})
    if steps:
        op.bulk_insert(_moves(), steps)


def _moves() -> sa.TableClause:
    words = [sa.column(name, sa.String()) for name in ("actor", "name", "source", "target", "why")]
    accounts = [sa.column(name, sa.Integer()) for name in ("account_id", "about_id")]
    at = sa.column("at", sa.DateTime(timezone=True))
    return sa.table("talk_move", sa.column("id", sa.Uuid()), sa.column("talk_id", sa.Uuid()), at, *words, *accounts)
