"""All that is kept, for whoever verifies, counts or saves it whole. Reads only."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage.models import Assessment, Edition


def finished_assessments(session: Session) -> list[Assessment]:
    """Return every finished assessment, the oldest first."""
    return _assessments(session, "finished")


def drafts(session: Session) -> list[Assessment]:
    """Return every assessment that is not finished, the oldest first."""
    return _assessments(session, "draft")


def editions(session: Session) -> list[Edition]:
    """Return every reviewed report that was sent, the oldest first."""
    return list(session.scalars(sa.select(Edition).order_by(Edition.created_at, Edition.id)))


def _assessments(session: Session, state: str) -> list[Assessment]:
    query = sa.select(Assessment).where(Assessment.state == state)
    return list(session.scalars(query.order_by(Assessment.created_at, Assessment.id)))
