"""Preparing a talk: one screen for who may read the file, that says what to read and why."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.storage import assessments, talks
from questionnaire.storage.models import AuditEvent
from tests import builders
from tests.builders import NOW
from tests.pages import PageClient


def shared(session: Session, framework: Framework, advisor: PageClient, **changed: object) -> str:
    """Share a finished assessment with some answers changed; return its page of preparation."""
    assessment = builders.a_filled_assessment(session, framework)
    page = builders.complete_pages(framework)["ECO"] | changed
    assessments.save_page(session, assessment, "ECO", 1, page, NOW)
    assessments.finish(session, assessment, framework, NOW)
    talks.ask_for_talk(session, assessment, advisor.account, NOW)
    session.commit()
    return f"/conseiller/dossiers/{assessment.id}/preparer"


def test_it_shows_the_success_and_says_why_each_question_is_worth_asking(
    session: Session, framework: Framework, advisor: PageClient
) -> None:
    doubt = {"ECO-1a": {"value": "unknown", "unclear": True, "comment": "Personne ne s’en souvient."}}
    shown = advisor.get(shared(session, framework, advisor, **doubt)).text
    assert "Racontez-moi une alliance" in shown
    assert "Je ne sais pas" in shown
    assert "trouvé la question peu claire" in shown
    assert "Personne ne s’en souvient." in shown
    assert framework.criterion("ECO-1").advisor_question in shown


def test_the_file_leads_to_it_and_it_leads_back(session: Session, framework: Framework, advisor: PageClient) -> None:
    page = shared(session, framework, advisor)
    dossier = page.removesuffix("/preparer")
    assert page in advisor.get(dossier).text
    assert f'href="{dossier}"' in advisor.get(page).text


def test_the_association_sees_that_it_was_read(session: Session, framework: Framework, advisor: PageClient) -> None:
    page = shared(session, framework, advisor)
    advisor.get(page)
    session.expire_all()
    assert "assessment_read" in session.scalars(sa.select(AuditEvent.name)).all()
