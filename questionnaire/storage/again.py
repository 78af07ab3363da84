"""A second time: a new assessment of the same association, and the answers of the time before to stand beside it.

The time before is never copied into the new one, and never changed. This file may not compare, nor commit.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core.comparison import LastTime
from questionnaire.core.framework import Framework
from questionnaire.core.loading.catalogue import Catalogue
from questionnaire.storage.assessments import answer_set, begin_for, current_pages
from questionnaire.storage.models import Assessment, PageSave

RECALLED = "then"  # beside an answer: the level it had the time before, seen from today


def next_time(session: Session, assessment_id: uuid.UUID) -> Assessment | None:
    """Return the assessment that was begun after this one, if there is one."""
    return session.scalar(sa.select(Assessment).where(Assessment.previous_id == assessment_id).limit(1))


class BegunAlready(Exception):
    """Somebody began the next time: it opens by its own link only, which may be kept from who held the one before."""


def begin_again(
    session: Session,
    previous: Assessment,
    *,
    assessment_id: uuid.UUID,
    framework: Framework,
    secret_key: bytes,
    now: datetime,
) -> Assessment:
    """Return the next assessment of the same association, begun unless it was with this very id.

    Raises BegunAlready if another one was. The caller holds `previous` locked.
    """
    found = next_time(session, previous.id)
    if found and found.id != assessment_id:
        raise BegunAlready
    if found:
        return found
    begun = begin_for(
        session,
        previous.association,
        framework=framework,
        secret_key=secret_key,
        now=now,
        assessment_id=assessment_id,
    )
    begun.previous_id = previous.id
    return begun


def last_time(
    session: Session, catalogue: Catalogue, assessment: Assessment, saves: Mapping[str, PageSave] | None = None
) -> LastTime | None:
    """Return the time before, with what the association now thinks of it; None for a first time.

    `saves` are the newest pages of this time, read here unless the caller has them.
    """
    previous = session.get(Assessment, assessment.previous_id) if assessment.previous_id else None
    if previous is None or previous.finished_at is None:
        return None
    framework = catalogue.pinned(previous.framework_id, previous.framework_version, previous.framework_sha256)
    now = current_pages(session, assessment) if saves is None else saves
    return LastTime(framework, answer_set(session, previous, framework), _recalled(now))


def _recalled(saves: Mapping[str, PageSave]) -> dict[str, int]:
    pages = (save.values for save in saves.values())
    given = ((name, answer) for page in pages for name, answer in page.items() if isinstance(answer, dict))
    return {name: answer[RECALLED] for name, answer in given if isinstance(answer.get(RECALLED), int)}
