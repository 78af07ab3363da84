"""What an association said of its territory: saved in versions like its answers, but never part of them.

Who calls holds the assessment locked while it writes. Nothing here decides what was meant, or commits.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core.listening import Heard, Listening
from questionnaire.storage.assessments import Conflict, Saved, SaveOutcome, Unchanged
from questionnaire.storage.merging import onto_newest
from questionnaire.storage.models import ListeningSave


def listening_history(session: Session, assessment_id: uuid.UUID) -> list[ListeningSave]:
    """Return every save, the oldest first."""
    query = sa.select(ListeningSave).where(ListeningSave.assessment_id == assessment_id)
    return list(session.scalars(query.order_by(ListeningSave.version)))


def heard(session: Session, assessment_id: uuid.UUID, listening: Listening) -> Heard:
    """Return what stands now; nothing if the page was never saved."""
    saves = listening_history(session, assessment_id)
    return Heard(listening, saves[-1].values if saves else {})


def save_listening(
    session: Session,
    assessment_id: uuid.UUID,
    listening: Listening,
    *,
    base_version: int,
    values: dict[str, Any],
    now: datetime,
) -> SaveOutcome:
    """Save the page filled from `base_version` (0: never saved), merged field by field with what stands now."""
    history = {save.version: save.values for save in listening_history(session, assessment_id)}
    version, current, merged, conflicts = onto_newest(history, base_version, values)
    if conflicts:
        return Conflict(version, dict(current), merged, conflicts)
    if merged == current:
        return Unchanged(version)
    session.add(
        ListeningSave(
            assessment_id=assessment_id,
            version=version + 1,
            file=f"{listening.header.id}@{listening.header.version}",
            file_sha256=listening.sha256,
            values=merged,
            saved_at=now,
        )
    )
    session.flush()
    return Saved(version + 1)
