"""The tables of campaigns beside `models.py`: who follows one, whom it invited, and what its invitations said."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from questionnaire.storage.database import Base


class CampaignAdvisor(Base):
    """An advisor who follows a campaign: sees who began, and may fill in by telephone."""

    __tablename__ = "campaign_advisor"
    campaign_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    advisor_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)


class CampaignLetter(Base):
    """The personal message that a campaign's invitations carried."""

    __tablename__ = "campaign_letter"
    id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True, default=uuid.uuid4)
    campaign_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    written_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    written_at: Mapped[datetime]


class Imported(Base):
    """An association that the network put on a campaign's list; `invited_at` once its link was mailed."""

    __tablename__ = "imported"
    assessment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True
    )
    imported_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    imported_at: Mapped[datetime]
    invited_at: Mapped[datetime | None]


class ContactChange(Base):
    """An association changed who holds its link; the former address is kept to be told so."""

    __tablename__ = "contact_change"
    id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True, default=uuid.uuid4)
    association_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("association.id", ondelete="CASCADE"), index=True)
    former_email: Mapped[str] = mapped_column(sa.String(254))
    changed_at: Mapped[datetime]
