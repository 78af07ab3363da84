"""A paper filled by an association and entered by an advisor: who may write its answers, and until when.

The association that handed its paper over sees who enters it, and may stop it. The right ends for good when the answers
are finished, by whoever finishes them. Nothing here commits.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage import audit
from questionnaire.storage.accounts import User
from questionnaire.storage.models import Assessment, Association, PaperEntry


@dataclass(frozen=True)
class OpenEntry:
    """A paper that is being entered."""

    assessment_id: uuid.UUID
    association: str
    begun_at: datetime


def begin_entry(
    session: Session, assessment: Assessment, advisor: User, now: datetime, *, by_telephone: bool = False
) -> None:
    """Let this advisor enter the paper of an assessment that nobody answered yet, or what is said by telephone."""
    about = {"assessment_id": assessment.id, "advisor_id": advisor.id, "begun_at": now}
    session.add(PaperEntry(**about, by_telephone=by_telephone))
    audit.record(
        session, "paper_entry_begun", actor="advisor", now=now, assessment_id=assessment.id, advisor_id=advisor.id
    )
    session.flush()


def entry_of(session: Session, assessment_id: uuid.UUID) -> PaperEntry | None:
    """Return how an assessment came from paper; None if it did not."""
    return session.get(PaperEntry, assessment_id, populate_existing=True)


def open_entries(session: Session, advisor_id: int) -> list[OpenEntry]:
    """Return the papers that this advisor is entering, newest first."""
    rows = session.execute(
        sa.select(PaperEntry.assessment_id, Association.name, PaperEntry.begun_at)
        .join(Assessment, Assessment.id == PaperEntry.assessment_id)
        .join(Association, Association.id == Assessment.association_id)
        .where(PaperEntry.advisor_id == advisor_id, PaperEntry.ended_at.is_(None))
        .order_by(PaperEntry.begun_at.desc(), PaperEntry.assessment_id)
    )
    return [OpenEntry(*row) for row in rows]


def end_entry(session: Session, assessment_id: uuid.UUID, now: datetime, *, actor: str) -> bool:
    """End the right to write answers from a paper; say whether it stood."""
    entry = entry_of(session, assessment_id)
    if entry is None or entry.ended_at:
        return False
    entry.ended_at = now
    advisor_id = entry.advisor_id
    audit.record(session, "paper_entry_ended", actor=actor, now=now, assessment_id=assessment_id, advisor_id=advisor_id)
    return True
