"""The tables of the installation itself: nothing in them is about anybody in particular."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from questionnaire.storage.database import Base


class Installation(Base):
    """One row: the id that `installation.json` repeats, and what proves that the secret key is still the same."""

    __tablename__ = "installation"
    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    key_check: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]


class Tombstone(Base):
    """Something was erased for good; an older backup does not bring it back. Only a digest of its random id is kept."""

    __tablename__ = "tombstone"
    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    erased_at: Mapped[datetime]


class PastCount(Base):
    """How many assessments were erased because their time was over: a number, and nothing about any of them."""

    __tablename__ = "past_count"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    framework: Mapped[str] = mapped_column(sa.String(130), primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    count: Mapped[int]
