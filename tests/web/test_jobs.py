"""What runs after a page was sent: the mails, the daily purge; retried when it fails, lost never."""

from __future__ import annotations

import os
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire import pdf, rendering
from questionnaire.addresses import Mail
from questionnaire.app import create_app
from questionnaire.core.loading import published
from questionnaire.extensions import jobs
from questionnaire.jobs import Jobs, purge
from questionnaire.letters import Letter
from questionnaire.operations.opening import CannotOpen
from questionnaire.operations.working import work
from questionnaire.settings import Settings
from questionnaire.storage import documents, erasure, links, outbox, signin
from questionnaire.storage.models import Assessment, Association, Job
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
    def refuse(letter: Letter) -> None:
        raise ConnectionRefusedError(f"{letter.to} refused: {letter.body}")

    job = outbox.enqueue(session, "mail_private_link", now=builders.NOW, assessment_id=assessment.id)
    session.commit()
    failing = replace(runner, deliver=refuse)
    assert (failing.run_due(), failing.run_due()) == (1, 0)
    session.refresh(job)
    assert (job.attempts, job.done_at) == (1, None)
    assert re.fullmatch(r"ConnectionRefusedError test_jobs\.py:\d+", job.last_error or "")  # and not its words


def test_letters_on_the_console_stay_out_of_the_log(
    session: Session, assessment: Assessment, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    outbox.enqueue(session, "mail_private_link", now=builders.NOW, assessment_id=assessment.id)
    session.commit()
    with create_app(replace(settings, mail=Mail("console"))).app_context():
        jobs().run_due()
    printed, logged = capsys.readouterr()
    assert ("/l/" in printed, "/l/" in logged) == (True, False)


def test_a_letter_sent_twice_by_a_crash_is_the_same_letter(
    runner: Jobs, session: Session, assessment: Assessment, settings: Settings
) -> None:
    job = outbox.enqueue(session, "mail_private_link", now=builders.NOW, assessment_id=assessment.id)
    session.commit()
    for _ in range(2):
        runner.run_due()
        session.execute(sa.update(Job).where(Job.id == job.id).values(done_at=None, run_after=builders.NOW))
        session.commit()
    sent = [message_from_bytes(path.read_bytes())["Message-ID"] for path in (settings.instance / "mails").iterdir()]
    assert (len(sent), len(set(sent))) == (2, 1)


def test_a_pdf_drawn_by_two_is_kept_once(
    runner: Jobs, session: Session, finished: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(html: str) -> bytes:
        documents.keep(session, finished.id, "report", pdf.fingerprint(html), b"the other's", builders.NOW)
        session.commit()
        return b"ours"

    monkeypatch.setattr(pdf, "render", slowly)
    documents.ask(session, finished.id, "report", builders.NOW)
    session.commit()
    assert runner.run_due() == 1
    assert [each.pdf for each in documents.kept_documents(session, finished.id)] == [b"the other's"]


def test_people_save_while_the_words_of_a_report_are_put_together(
    runner: Jobs, session: Session, finished: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_together = rendering.wanted

    def meanwhile(*given: Any) -> rendering.Wanted | None:
        session.execute(sa.update(Association).values(name=Association.name))
        session.commit()
        return put_together(*given)

    monkeypatch.setattr(rendering, "wanted", meanwhile)
    monkeypatch.setattr(pdf, "render", lambda _: b"drawn")
    documents.ask(session, finished.id, "report", builders.NOW)
    session.commit()
    runner.run_due()
    assert [each.pdf for each in documents.kept_documents(session, finished.id)] == [b"drawn"]


def test_a_worker_ends_what_it_has_in_hand_and_begins_nothing_more(
    runner: Jobs, session: Session, assessment: Assessment
) -> None:
    stop, sent = threading.Event(), []

    def deliver(letter: Letter) -> None:
        sent.append(letter)
        stop.set()

    for _ in range(2):
        outbox.enqueue(session, "mail_private_link", now=builders.NOW, assessment_id=assessment.id)
    session.commit()
    replace(runner, deliver=deliver).run_until(stop)
    assert len(sent) == 1


def test_a_letter_and_a_document_wait_for_neither_the_other(
    runner: Jobs, session: Session, finished: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    both = threading.Barrier(2, action=stop.set, timeout=60)  # broken where one is begun after the other

    def deliver(_: Letter) -> None:
        both.wait()

    monkeypatch.setattr(pdf, "render", lambda _: str(both.wait()).encode())
    outbox.enqueue(session, "mail_private_link", now=builders.NOW, assessment_id=finished.id)
    documents.ask(session, finished.id, "report", builders.NOW)
    session.commit()
    replace(runner, deliver=deliver).run_until(stop)
    assert not both.broken
    assert session.query(Job).filter(Job.done_at.is_not(None)).count() == 2


def test_a_worker_is_refused_where_the_server_does_its_work(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("QUESTIONNAIRE_INSTANCE", str(settings.instance))
    with pytest.raises(CannotOpen, match="QUESTIONNAIRE_QUEUE"):
        work()


def test_a_job_whose_process_died_is_taken_up_again(session: Session, app: Flask) -> None:
    outbox.enqueue(session, "mail_private_link", now=builders.NOW)
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


def test_the_announcement_says_when_and_how_to_keep_it(
    runner: Jobs, session: Session, assessment: Assessment, settings: Settings
) -> None:
    assessment.warned_at = builders.NOW
    outbox.enqueue(session, "mail_before_erasing", now=builders.NOW, assessment_id=assessment.id)
    session.commit()
    runner.run_due()
    mail = message_from_bytes(next((settings.instance / "mails").glob("*")).read_bytes(), policy=default)
    text = mail.get_content()
    assert mail["Subject"].strip() == "Vos réponses seront supprimées le 23 décembre 2026"
    assert "Les Jardins du Lez" in text
    assert "il suffit de l’ouvrir" in text
    assert f"/l/{links.link_token(settings.secret_key, assessment)}" in text


def test_who_came_back_is_not_warned(
    runner: Jobs, session: Session, assessment: Assessment, settings: Settings
) -> None:
    outbox.enqueue(session, "mail_before_erasing", now=builders.NOW, assessment_id=assessment.id)
    session.commit()
    assert (runner.run_due(), letters(settings)) == (1, "")


def test_erasing_takes_the_letters_kept_as_files_along(
    runner: Jobs, session: Session, assessment: Assessment, settings: Settings
) -> None:
    other = builders.an_assessment(session, published().newest("faire-alliance"), association_name="Qui reste")
    for each in (assessment, other):
        outbox.enqueue(session, "mail_private_link", now=builders.NOW, assessment_id=each.id)
    session.commit()
    runner.run_due()
    erasure.erase(session, assessment, builders.NOW, actor="respondent")
    session.commit()
    runner.run_due()
    kept = [message_from_bytes(path.read_bytes(), policy=default) for path in (settings.instance / "mails").iterdir()]
    assert ["Qui reste" in mail.get_content() for mail in kept] == [True]
    assert erasure.digest(assessment.id) in (settings.instance / erasure.LOG).read_text()


def test_letters_kept_as_files_are_forgotten_after_six_months(
    runner: Jobs, session: Session, settings: Settings
) -> None:
    user = builders.an_advisor(session)
    for _ in range(2):
        outbox.enqueue(session, "mail_sign_in", now=builders.NOW, user_id=user.id)
    session.commit()
    runner.run_due()
    old, _ = (settings.instance / "mails").iterdir()
    os.utime(old, (0, 0))
    assert (purge(settings, session, datetime.now(UTC)).files, old.exists()) == (1, False)
