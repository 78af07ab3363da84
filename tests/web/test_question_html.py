"""A question that nobody wrote beside is made once for all; what one association wrote is on its own pages alone."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire.storage import assessments
from questionnaire.storage.models import Assessment
from questionnaire.web.question_html import QuestionHtml
from tests import builders
from tests.pages import PageClient

OWN = "Rien que pour nous"


def theme(browser: PageClient) -> str:
    return f"/q/{browser.assessment_id}/theme/ECO"


def shown(browser: PageClient, place: str = "theme/ECO") -> str:
    """The page's questions: what follows the token and the version that its form opens with."""
    return browser.get(f"/q/{browser.assessment_id}/{place}").text.partition('name="version"')[2]


@pytest.mark.parametrize(
    ("place", "fields", "own"),
    [
        ("theme/ECO", {"evidence_ECO-1a": OWN}, OWN),
        ("theme/ECO", {"comment_ECO-1a": OWN}, OWN),
        ("theme/ECO", {"q_ECO-2a": "not_applicable", "reason_ECO-2a": OWN}, OWN),
        ("theme/ECO", {"unclear_ECO-1a": ["", "y"]}, 'value="y" checked'),
        ("theme/ECO", {"q_ECO-1a": "3"}, 'value="3" checked'),
        ("profil", {"profile_success": OWN}, OWN),
        ("profil", {"profile_territory": ["", "rural"]}, 'value="rural" checked'),
        ("profil", {"profile_department": "34"}, 'value="34" selected'),
    ],
)
def test_what_one_association_answered_is_on_its_own_page_alone(
    respondent: PageClient, colleague: PageClient, stranger: PageClient, place: str, fields: dict[str, Any], own: str
) -> None:
    before = shown(respondent, place)
    assert respondent.submit(f"/q/{respondent.assessment_id}/{place}", fields=fields).status_code == 303
    assert own in shown(respondent, place)
    assert own in shown(colleague, place)
    assert shown(stranger, place) == before


def test_a_refused_answer_is_said_to_who_sent_it_and_to_nobody_else(
    session: Session, assessment: Assessment, respondent: PageClient, stranger: PageClient
) -> None:
    unreasoned = {"ECO-2a": {"value": "not_applicable"}}  # as a file that was entered may have it
    assessments.save_page(session, assessment, "ECO", 0, unreasoned, builders.NOW)
    session.commit()
    before = shown(respondent)
    refused = stranger.submit(theme(stranger), fields={"q_ECO-2a": "not_applicable"})
    assert (refused.status_code, 'id="reason_ECO-2a-error"' in refused.text) == (422, True)
    assert shown(respondent) == before


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that are made from now on."""
    ids: list[str] = []
    making = QuestionHtml._made

    def noted(own: QuestionHtml, asked: Any) -> Any:
        ids.append(asked.question.id)
        return making(own, asked)

    monkeypatch.setattr(QuestionHtml, "_made", noted)
    return ids


def test_a_question_is_made_once_for_each_answer_to_it(
    respondent: PageClient, stranger: PageClient, made: list[str]
) -> None:
    shown(respondent)
    made.clear()
    for browser in (respondent, stranger):
        browser.submit(theme(browser), fields={"q_ECO-1a": "3"})
        shown(browser)
    assert made == ["ECO-1a"]


def test_who_works_on_a_template_sees_it_at_once(app: Flask, respondent: PageClient, made: list[str]) -> None:
    app.jinja_env.auto_reload = True
    shown(respondent)
    once = list(made)
    shown(respondent)
    assert made == once * 2
