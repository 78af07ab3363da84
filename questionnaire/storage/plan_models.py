"""The tables of what a talk leaves: what was said, and the plan that both sides keep. Read `models` first."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from questionnaire.storage.database import Base

Progress = Literal["todo", "doing", "done", "dropped"]


class PlanAction(Base):
    """An action that was agreed. `criterion` is where it came from, None for one written by hand.

    `reminded_for` is the date that a reminder was last sent for, `updated_by` a name, '' for the association.
    """

    __tablename__ = "plan_action"
    id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    place: Mapped[int]
    criterion: Mapped[str | None] = mapped_column(sa.String(100))
    action: Mapped[str] = mapped_column(sa.String(300))
    owner: Mapped[str] = mapped_column(sa.String(200), default="")
    due_on: Mapped[date | None]
    progress: Mapped[Progress] = mapped_column(sa.String(20), default="todo")
    why: Mapped[str] = mapped_column(sa.Text, default="")
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    updated_at: Mapped[datetime]
    updated_by: Mapped[str] = mapped_column(sa.String(200), default="")
    reminded_for: Mapped[date | None]


class PlanSilence(Base):
    """Somebody who wants no reminder about this plan: an account, or 0 for the association."""

    __tablename__ = "plan_silence"
    assessment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime]


class TalkNotes(Base):
    """What was said in the talk, moment by moment: the advisors write it, both sides read it."""

    __tablename__ = "talk_notes"
    assessment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True
    )
    surprises: Mapped[str] = mapped_column(sa.Text, default="")
    build_on: Mapped[str] = mapped_column(sa.Text, default="")
    doubts: Mapped[str] = mapped_column(sa.Text, default="")
    next_on: Mapped[date | None]
    next_with: Mapped[str] = mapped_column(sa.String(200), default="")
    updated_at: Mapped[datetime]
    updated_by: Mapped[str] = mapped_column(sa.String(200))
