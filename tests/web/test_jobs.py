"""What runs after a page was sent: the mails, the daily purge; retried when it fails, lost never."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire.extensions import jobs
from questionnaire.jobs import Jobs, Letter
from questionnaire.settings import Settings
from questionnaire.storage import links, outbox, signin
from questionnaire.storage.models import Assessment, Job
from tests import builders


@pytest.fixture
def runner(app: Flask) -> Jobs:
    """What runs the application's jobs."""
    with app.app_context():
        return jobs()


def letters(settings: Settings) -> str:
    """All that was mailed, as the file backend wrote it."""
    return "".join(path.read_text() for path in Path(settings.instance / "mails").glob("*"))


def test_the_private_link_is_mailed_and_its_token_kept_nowhere(
    runner: Jobs, session: Session, assessment: Assessment, settings: Settings
) -> None:
    outbox.enqueue(session, "mail_private_link", now=builders.NOW, assessment_id=assessment.id)
    session.commit()
    assert runner.run_due() == 1
    token = links.link_token(settings.secret_key, assessment)
    assert f"http://127.0.0.1:8000/l/{token}" in letters(settings)
    assert token.encode() not in Path(settings.database_url.removeprefix("sqlite:///")).read_bytes()


def test_a_mailed_sign_in_link_works(runner: Jobs, session: Session, settings: Settings) -> None:
    user = builders.an_advisor(session)
    outbox.enqueue(session, "mail_sign_in", now=builders.NOW, user_id=user.id)
    session.commit()
    runner.run_due()
    token = letters(settings).split("/conseiller/lien/")[1].split()[0]
    assert signin.usable_link(session, token, datetime.now(UTC)) is not None


def test_the_advisor_is_told_of_a_talk_without_any_answer(
    runner: Jobs, session: Session, finished: Assessment, settings: Settings
) -> None:
    user = builders.an_advisor(session)
    outbox.enqueue(session, "mail_talk_requested", now=builders.NOW, assessment_id=finished.id, advisor_id=user.id)
    session.commit()
    runner.run_due()
    assert "Les Jardins du Lez" in letters(settings)
    assert "/l/" not in letters(settings)


def test_what_was_erased_is_mailed_no_more(
    runner: Jobs, session: Session, assessment: Assessment, settings: Settings
) -> None:
    outbox.enqueue(session, "mail_private_link", now=builders.NOW, assessment_id=assessment.id)
    session.delete(assessment)
    session.commit()
    assert (runner.run_due(), letters(settings)) == (0, "")


def test_a_mail_that_fails_is_tried_again_later(
    app: Flask, runner: Jobs, session: Session, assessment: Assessment
) -> None:
    def refuse(_: Letter) -> None:
        raise ConnectionRefusedError

    job = outbox.enqueue(session, "mail_private_link", now=builders.NOW, assessment_id=assessment.id)
    session.commit()
    failing = replace(runner, deliver=refuse)
    assert (failing.run_due(), failing.run_due()) == (1, 0)
    session.refresh(job)
    assert (job.attempts, job.done_at, job.last_error) == (1, None, "ConnectionRefusedError: ")


def test_a_job_whose_process_died_is_taken_up_again(session: Session, app: Flask) -> None:
    outbox.enqueue(session, "purge", now=builders.NOW)
    session.commit()
    assert outbox.claim(session, builders.NOW) is not None
    assert outbox.claim(session, builders.NOW) is None
    assert outbox.claim(session, builders.NOW + outbox.LEASE + timedelta(seconds=1)) is not None


def test_the_purge_forgets_expired_links_and_comes_back_tomorrow(runner: Jobs, session: Session) -> None:
    user = builders.an_advisor(session)
    token = signin.make_link(session, user, "sign-in", builders.NOW - timedelta(days=400))
    outbox.enqueue(session, "purge", now=builders.NOW)
    session.commit()
    runner.run_due()
    assert signin.usable_link(session, token, builders.NOW - timedelta(days=400)) is None
    assert session.query(Job).filter(Job.done_at.is_(None)).count() == 1
