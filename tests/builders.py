"""What tests start from: a complete set of answers, an assessment, an advisor. One call each, plain data.

Builders take a session and commit nothing; fixtures do.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework, ProfileQuestion
from questionnaire.storage import assessments, coordinators
from questionnaire.storage.accounts import User
from questionnaire.storage.models import Assessment

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PARTNERS = {"recent_partnerships": "1-2"}  # with none, a rule sets a third of the questions aside
SECRET = b"only-for-tests-only-for-tests-only"


def complete_pages(framework: Framework, level: int = 2) -> dict[str, dict[str, Any]]:
    """Return the values of every page, all answered: the first option everywhere, `level` at every question."""
    profile = {question.id: _first(question) for question in framework.profile if not question.optional} | PARTNERS
    pages: dict[str, dict[str, Any]] = {assessments.PROFILE: profile}
    for dimension in framework.dimensions:
        asked = [question for criterion in dimension.criteria for question in criterion.questions]
        pages[dimension.id] = {question.id: {"value": level} for question in asked}
    return pages


def an_assessment(session: Session, framework: Framework, **given: Any) -> Assessment:
    """Begin an assessment of « Les Jardins du Lez »; `given` replaces its name, address, key or moment."""
    return assessments.create_assessment(
        session,
        framework=framework,
        **{
            "association_name": "Les Jardins du Lez",
            "email": "contact@jardins.example",
            "secret_key": SECRET,
            "now": NOW,
            **given,
        },
    )


def a_filled_assessment(session: Session, framework: Framework, level: int = 2, **given: Any) -> Assessment:
    """Begin an assessment and answer everything."""
    assessment = an_assessment(session, framework, **given)
    for page, values in complete_pages(framework, level).items():
        assessments.save_page(session, assessment, page, 0, values, NOW)
    return assessment


def a_finished_assessment(session: Session, framework: Framework, level: int = 2, **given: Any) -> Assessment:
    """Answer everything and finish."""
    assessment = a_filled_assessment(session, framework, level, **given)
    assessments.finish(session, assessment, framework, NOW)
    return assessment


def an_advisor(session: Session, email: str = "camille@reseau.example", **given: Any) -> User:
    """Open the account of an advisor, without password."""
    code = secrets.token_hex(3).upper()
    user = User(
        **{
            "email": email,
            "name": "Camille Martin",
            "active": True,
            "fs_uniquifier": secrets.token_hex(16),
            "code": f"{code[:4]}-{code[4:]}",
            "created_at": NOW,
            **given,
        }
    )
    session.add(user)
    session.flush()
    return user


def a_coordinator(session: Session, email: str, regions: tuple[str, ...] = ()) -> User:
    """Open the account of who coordinates these regions, or everywhere; without second factor."""
    user = an_advisor(session, email, name="Alix Bernard")
    coordinators.appoint(session, user, regions)
    return user


def _first(question: ProfileQuestion) -> str | list[str]:
    if question.type == "text":
        return "Un jardin partagé."
    code = "34" if question.options_from else question.options[0].code
    return [code] if question.type == "multiple" else code
