"""A visit is noted about once a day, by reading a page; opening the private link writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage.models import Assessment
from tests.pages import PageClient
from tests.web.test_wizard import at

LONG_AGO = datetime.now(UTC) - timedelta(days=300)


@pytest.fixture(autouse=True)
def forgotten(assessment: Assessment, session: Session) -> Assessment:
    """Nobody came for 300 days, and its erasure was announced."""
    assessment.updated_at, assessment.visited_at = LONG_AGO, LONG_AGO
    assessment.warned_at = LONG_AGO + timedelta(days=1)
    session.commit()
    return assessment


def seen(session: Session) -> datetime | None:
    session.rollback()
    return session.scalar(sa.select(Assessment.visited_at).order_by(Assessment.created_at))


def test_reading_a_page_notes_the_visit_once(respondent: PageClient, session: Session, forgotten: Assessment) -> None:
    assert seen(session) == LONG_AGO  # the link was opened, by a person or by a mail scanner
    respondent.get(at(respondent, ""))
    first = seen(session)
    respondent.get(at(respondent, "profil"))
    session.refresh(forgotten)
    assert first is not None
    assert first > LONG_AGO
    assert (seen(session), forgotten.warned_at) == (first, None)


def test_who_may_not_read_notes_nothing(stranger: PageClient, session: Session, forgotten: Assessment) -> None:
    stranger.get(f"/q/{forgotten.id}/")
    assert seen(session) == LONG_AGO
