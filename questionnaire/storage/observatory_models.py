"""The tables of the observatory: what was published, and what is needed to publish the next release safely."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from questionnaire.storage.database import Base


class ObservatoryRelease(Base):
    """A release as it was published: `content` is kept, never recomputed; `sha256` is that of its UTF-8.

    `cells` are the figures that were new in it, with the exact number of their contributors, which no page shows.
    `published_by` is an account, None for the operator.
    """

    __tablename__ = "observatory_release"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    cells: Mapped[dict[str, Any]]


class ObservatoryContribution(Base):
    """What an association brought to a release, by number: its category in each table, its value for each measure."""

    __tablename__ = "observatory_contribution"
    release: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    assessment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    categories: Mapped[dict[str, Any]]
    values: Mapped[dict[str, Any]]
