"""PDFs, ready when asked for: made once by a job, of what stands now; a page that waits; what happens when it fails."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from questionnaire import pdf
from questionnaire.core.framework import Framework
from questionnaire.extensions import jobs
from questionnaire.jobs import Jobs
from questionnaire.settings import Settings
from questionnaire.storage import assessments, documents, erasure, reviews, talks
from questionnaire.storage.models import Assessment, Document, Edition, Job
from tests import builders
from tests.conftest import opened
from tests.pages import PageClient, text_of


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A renderer that takes no time, and what it was given."""
    given: list[str] = []

    def render(html: str) -> bytes:
        given.append(html)
        return b"%PDF-1.7 " + pdf.fingerprint(html).encode() + b" %%EOF"

    monkeypatch.setattr(pdf, "render", render)
    return given


@pytest.fixture
def runner(app: Flask) -> Jobs:
    with app.app_context():
        return jobs()


@pytest.fixture
def answered(app: Flask, finished: Assessment) -> PageClient:
    return opened(app, finished)


@pytest.fixture
def report(finished: Assessment) -> str:
    return f"/q/{finished.id}/rapport.pdf"


@pytest.fixture
def edition(session: Session, finished: Assessment) -> Edition:
    """A review of the finished assessment, validated and sent, whose PDF nobody asked for yet."""
    advisor = builders.an_advisor(session)
    review = reviews.begin_review(session, talks.ask_for_talk(session, finished, advisor, builders.NOW), advisor.id)
    reviews.validate_review(session, review, advisor.id, builders.NOW)
    kept = reviews.keep_edition(session, review, "<p>tel qu’envoyé</p>", builders.NOW)
    session.commit()
    return kept


def waiting(session: Session) -> int:
    return len(list(session.scalars(select(Job.id).where(Job.kind == "render", Job.done_at.is_(None)))))


def make_due(session: Session) -> None:
    """Let the clock of the jobs run on."""
    session.execute(update(Job).where(Job.done_at.is_(None)).values(run_after=builders.NOW))
    session.commit()


def fail(session: Session, runner: Jobs, times: int) -> None:
    for _ in range(times):
        make_due(session)
        runner.run_due()


def test_what_is_not_ready_waits_on_a_page_that_goes_on_by_itself(answered: PageClient, report: str) -> None:
    answer = answered.get(report)
    assert answer.status_code == 202
    assert answer.headers["Refresh"] == f"3; url={report}"
    assert f'href="{report}"' in answer.text
    assert "<script" not in answer.text.split("<main")[1]


def test_once_made_it_is_handed_over_named_after_the_association_and_the_day(
    answered: PageClient, report: str, runner: Jobs, drawn: list[str]
) -> None:
    answered.get(report)
    runner.run_due()
    answer = answered.get(report)
    assert answer.data.startswith(b"%PDF-")
    assert "faire-alliance-rapport-les-jardins-du-lez-2026-11-23.pdf" in answer.headers["Content-Disposition"]
    assert "Refresh" not in answer.headers


def test_however_many_ask_it_is_made_once(
    app: Flask, answered: PageClient, finished: Assessment, report: str, runner: Jobs, drawn: list[str]
) -> None:
    for browser in (answered, opened(app, finished), answered):
        assert browser.get(report).status_code == 202
    runner.run_due()
    assert [browser.get(report).status_code for browser in (answered, opened(app, finished))] == [200, 200]
    assert (runner.run_due(), len(drawn)) == (0, 1)


def test_finishing_has_it_made_before_anybody_asks(
    app: Flask, session: Session, framework: Framework, settings: Settings, runner: Jobs, drawn: list[str]
) -> None:
    assessment = builders.a_filled_assessment(session, framework, secret_key=settings.secret_key)
    session.commit()
    browser = opened(app, assessment)
    browser.submit(f"/q/{assessment.id}/verifier", f"/q/{assessment.id}/verifier")
    runner.run_due()
    assert browser.get(f"/q/{assessment.id}/rapport.pdf").status_code == 200


def test_an_advisor_gets_the_very_file_that_was_made_for_the_association(
    app: Flask,
    answered: PageClient,
    finished: Assessment,
    report: str,
    runner: Jobs,
    advisor: PageClient,
    drawn: list[str],
) -> None:
    talk = f"/q/{finished.id}/entretien"
    answered.submit(f"{talk}?code={advisor.account.code}", talk)
    answered.get(report)
    runner.run_due()
    assert advisor.get(f"/conseiller/dossiers/{finished.id}/rapport.pdf").data == answered.get(report).data
    assert len(drawn) == 1


def test_a_draft_s_report_is_made_on_request_and_anew_once_an_answer_changed(
    respondent: PageClient, assessment: Assessment, session: Session, runner: Jobs, drawn: list[str]
) -> None:
    page = f"/q/{assessment.id}/rapport.pdf"
    respondent.get(page)
    runner.run_due()
    before = respondent.get(page).data
    assessments.save_page(session, assessment, "ECO", 0, {"ECO-1a": {"value": 4}}, builders.NOW)
    session.commit()
    assert respondent.get(page).status_code == 202
    runner.run_due()
    assert respondent.get(page).data not in (before, b"")


def test_another_renderer_or_another_style_makes_it_anew(
    answered: PageClient, report: str, runner: Jobs, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answered.get(report)
    runner.run_due()
    assert answered.get(report).status_code == 200
    monkeypatch.setattr(pdf, "_renderer", lambda: b"another style")
    assert answered.get(report).status_code == 202


def test_a_sent_review_is_made_of_what_was_sent_and_never_otherwise(
    answered: PageClient, edition: Edition, runner: Jobs, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/q/{answered.assessment_id}/rapport-relu.pdf"
    assert answered.get(page).status_code == 202
    runner.run_due()
    answer = answered.get(page)
    assert drawn == [edition.html]
    assert "rapport-relu-les-jardins-du-lez" in answer.headers["Content-Disposition"]
    monkeypatch.setattr(pdf, "_renderer", lambda: b"another style")
    assert answered.get(page).data == answer.data


def test_what_was_made_of_reopened_answers_is_gone_and_what_was_sent_stays(
    answered: PageClient,
    edition: Edition,
    finished: Assessment,
    report: str,
    session: Session,
    runner: Jobs,
    drawn: list[str],
) -> None:
    for page in (report, f"/q/{finished.id}/rapport-relu.pdf"):
        answered.get(page)
    runner.run_due()
    assessments.reopen(session, assessments.assessment_by_id(session, finished.id, lock=True) or finished, builders.NOW)
    session.commit()
    assert [each.name for each in session.scalars(select(Document))] == [documents.edition_name(edition.id)]


def test_answers_that_change_while_it_is_drawn_leave_nothing_old_behind(
    respondent: PageClient, assessment: Assessment, session: Session, runner: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(html: str) -> bytes:
        assessments.save_page(session, assessment, "ECO", 0, {"ECO-1a": {"value": 4}}, builders.NOW)
        session.commit()
        return b"%PDF-"

    monkeypatch.setattr(pdf, "render", render)
    respondent.get(f"/q/{assessment.id}/rapport.pdf")
    runner.run_due()
    assert list(session.scalars(select(Document))) == []


def test_what_is_erased_while_it_is_drawn_stays_erased(
    answered: PageClient,
    finished: Assessment,
    report: str,
    session: Session,
    runner: Jobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def render(html: str) -> bytes:
        erasure.erase(session, finished, builders.NOW, actor="respondent")
        session.commit()
        return b"%PDF-"

    monkeypatch.setattr(pdf, "render", render)
    answered.get(report)
    runner.run_due()
    kinds = {job.kind for job in session.scalars(select(Job))}
    assert (list(session.scalars(select(Document))), kinds) == ([], {"wipe"})


@pytest.mark.parametrize(
    "child", ["import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "print('%PDF-1.7 and then nothing')"]
)
def test_a_renderer_that_dies_is_tried_again_then_said_and_the_next_try_works(
    answered: PageClient, report: str, session: Session, runner: Jobs, child: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "COMMAND", (sys.executable, "-c", child))
        answered.get(report)
        fail(session, runner, 2)
        assert answered.get(report).status_code == 202
        fail(session, runner, 1)
        assert "Vos réponses sont intactes" in text_of(answered.page(report, status=503))
        assert (waiting(session), answered.get(f"/q/{answered.assessment_id}/resultat").status_code) == (0, 200)
    session.rollback()  # a reader that writes would find the database locked
    session.execute(update(Document).values(changed_at=datetime.now(UTC) - documents.REST))
    session.commit()
    monkeypatch.setattr(pdf, "render", lambda html: b"%PDF-")
    assert answered.get(report).status_code == 202
    runner.run_due()
    assert answered.get(report).data == b"%PDF-"


def test_a_renderer_that_is_busy_is_not_a_failure(
    answered: PageClient, report: str, session: Session, runner: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(html: str) -> bytes:
        raise pdf.PdfBusy("busy")

    monkeypatch.setattr(pdf, "render", busy)
    answered.get(report)
    fail(session, runner, 4)
    assert (waiting(session), answered.get(report).status_code) == (1, 202)


def test_a_month_later_what_can_be_made_again_is_forgotten(session: Session, finished: Assessment) -> None:
    now = builders.NOW + documents.KEPT + timedelta(days=1)
    for name, made_at in (("report", builders.NOW), ("edition-1", builders.NOW), ("essentials", now)):
        documents.keep(session, finished.id, name, "k", b"%PDF-", made_at)
    session.flush()
    documents.purge(session, now)
    assert [each.name for each in documents.kept_documents(session, finished.id)] == ["edition-1", "essentials"]


def test_the_data_to_take_away_name_the_pdfs_that_are_kept(
    answered: PageClient, report: str, runner: Jobs, drawn: list[str]
) -> None:
    answered.get(report)
    runner.run_due()
    kept = answered.get(f"/q/{answered.assessment_id}/donnees.json").get_json()
    assert [each["name"] for each in kept["documents"]] == ["report"]


def test_a_download_draws_nothing(
    answered: PageClient, report: str, runner: Jobs, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answered.get(report)
    runner.run_due()
    monkeypatch.setattr(pdf, "render", lambda html: pytest.fail("drawn within a request"))
    assert answered.get(report).status_code == 200
