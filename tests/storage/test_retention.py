"""Things are kept as long as the table says; no association is erased unannounced, and who comes back stops it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.storage import audit, outbox, retention
from questionnaire.storage.installation_models import PastCount
from questionnaire.storage.models import Assessment, AuditEvent, Job
from tests import builders
from tests.builders import NOW

DAY = timedelta(days=1)
DRAFT, FINISHED, WARNING = retention.PERIODS["draft"], retention.PERIODS["finished"], retention.WARNING


@pytest.fixture
def draft(session: Session, framework: Framework) -> Assessment:
    return builders.an_assessment(session, framework)


@pytest.fixture
def finished(session: Session, framework: Framework) -> Assessment:
    return builders.a_finished_assessment(session, framework)


def purge(session: Session, now: datetime) -> tuple[int, int]:
    """What one day's purge does: how many it announces, how many it erases."""
    return retention.warn(session, now), retention.erase_some(session, now)


@pytest.mark.parametrize(("kind", "period"), [("draft", DRAFT), ("finished", FINISHED)])
def test_it_is_announced_a_month_before_then_erased_on_the_day(
    request: pytest.FixtureRequest, session: Session, kind: str, period: timedelta
) -> None:
    request.getfixturevalue(kind)
    days = [NOW + period - WARNING, NOW + period - WARNING + DAY, NOW + period, NOW + period + DAY]
    assert [purge(session, day) for day in days] == [(0, 0), (1, 0), (0, 0), (0, 1)]
    assert session.scalars(sa.select(Assessment)).all() == []


def test_the_announcement_is_mailed_once_where_there_is_an_address(session: Session, framework: Framework) -> None:
    for email in ("contact@jardins.example", None):
        builders.an_assessment(session, framework, email=email)
    for day in (0, 1, 2):
        retention.warn(session, NOW + DRAFT - WARNING + DAY + day * DAY)
    session.flush()
    assert [job.kind for job in session.scalars(sa.select(Job))] == ["mail_before_erasing"]


def test_a_visit_keeps_a_draft_for_another_year(session: Session, draft: Assessment) -> None:
    warned = NOW + DRAFT - DAY
    retention.warn(session, warned)
    retention.note_visit(session, draft.id, warned + DAY)
    session.expire_all()
    assert purge(session, warned + WARNING + 2 * DAY) == (0, 0)
    assert purge(session, warned + DRAFT)[0] == 1


def test_a_visit_does_not_prolong_what_is_finished(session: Session, finished: Assessment) -> None:
    retention.warn(session, NOW + FINISHED - DAY)
    retention.note_visit(session, finished.id, NOW + FINISHED)
    session.expire_all()
    assert purge(session, NOW + FINISHED + WARNING) == (0, 1)


def test_a_clock_that_jumps_ten_years_ahead_erases_nothing(
    session: Session, draft: Assessment, finished: Assessment
) -> None:
    ahead = NOW + timedelta(days=3652)
    assert purge(session, ahead) == (2, 0)
    assert purge(session, NOW + DAY) == (0, 0)
    assert purge(session, NOW + DRAFT - DAY) == (1, 0)  # what the wrong clock announced counts for nothing


def test_without_an_announcement_nothing_would_be_erased(session: Session, draft: Assessment) -> None:
    assert retention.erase_some(session, NOW + 10 * DRAFT) == 0


def test_only_a_number_is_left(session: Session, finished: Assessment) -> None:
    retention.warn(session, NOW + FINISHED)
    retention.erase_some(session, NOW + FINISHED + WARNING)
    counts = [(row.year, row.framework, row.state, row.count) for row in session.scalars(sa.select(PastCount))]
    assert counts == [(NOW.year, "faire-alliance@1.0.0", "finished", 1)]


def test_reading_again_the_same_day_writes_nothing(draft: Assessment) -> None:
    assert retention.visit_is_noted(draft, NOW + timedelta(hours=23))
    assert not retention.visit_is_noted(draft, NOW + timedelta(hours=25))


def test_events_of_no_association_are_forgotten_after_six_months(session: Session, draft: Assessment) -> None:
    audit.record(session, "advisor_invited", actor="operator", now=NOW, advisor_id=1)
    retention.forget(session, NOW + retention.PERIODS["trail"] + DAY)
    assert [event.name for event in session.scalars(sa.select(AuditEvent))] == ["assessment_created"]


def test_jobs_that_are_done_are_forgotten(session: Session) -> None:
    job = outbox.enqueue(session, "purge", now=NOW)
    session.flush()
    outbox.done(session, job.id, NOW)
    retention.forget(session, NOW + retention.PERIODS["job"] + DAY)
    assert session.scalars(sa.select(Job)).all() == []
