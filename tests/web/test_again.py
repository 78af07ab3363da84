"""A second time: begun once, the time before beside each question, and what moved in the result."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.settings import Settings
from questionnaire.storage import assessments
from questionnaire.storage.again import begin_again
from questionnaire.storage.models import Assessment, PageSave
from tests import builders
from tests.conftest import opened
from tests.pages import PageClient, values


@pytest.fixture
def association(app: Flask, finished: Assessment) -> PageClient:
    """The association, a year later."""
    return opened(app, finished)


@pytest.fixture
def second(session: Session, finished: Assessment, framework: Framework, settings: Settings) -> Assessment:
    """The next assessment of the same association, without any answer."""
    begun = begin_again(
        session,
        finished,
        assessment_id=uuid.uuid4(),
        framework=framework,
        secret_key=settings.secret_key,
        now=builders.NOW,
    )
    session.commit()
    return begun


def test_beginning_again_sent_twice_begins_once(
    association: PageClient, finished: Assessment, session: Session
) -> None:
    home, begin = f"/q/{finished.id}/", f"/q/{finished.id}/recommencer"
    form = next(each for each in association.page(home).iter("form") if each.get("action") == begin)
    answers = [association.post(begin, data=values(form)) for _ in range(2)]
    assert answers[0].location == answers[1].location
    following = session.scalars(select(Assessment).where(Assessment.previous_id == finished.id)).one()
    assert association.get(f"/q/{following.id}/").status_code == 200
    assert following.association_id == finished.association_id


def test_who_kept_the_old_link_does_not_open_the_next_time(
    app: Flask, finished: Assessment, second: Assessment
) -> None:
    former, home = opened(app, finished), f"/q/{finished.id}/"
    assert "par son propre lien" in former.get(home).text
    assert former.get(f"/q/{second.id}/").status_code == 404


def test_the_time_before_stands_beside_each_question_and_fills_none(app: Flask, second: Assessment) -> None:
    page = opened(app, second).page(f"/q/{second.id}/theme/ECO")
    shown = "".join(page.itertext())
    assert "La dernière fois" in shown
    assert "2 Par moments" in shown
    assert not [
        each for each in page.iter("input") if each.get("checked") is not None and each.get("name", "").startswith("q_")
    ]
    assert "Hérault" in opened(app, second).get(f"/q/{second.id}/profil").text


def test_the_view_from_today_is_kept_and_changes_no_answer(
    app: Flask, second: Assessment, finished: Assessment, session: Session
) -> None:
    theme = f"/q/{second.id}/theme/ECO"
    browser = opened(app, second)
    assert browser.submit(theme, "", {"q_ECO-1a": "3", "then_ECO-1a": "1"}).status_code == 303
    saved = session.scalars(select(PageSave).where(PageSave.page == "ECO").order_by(PageSave.saved_at.desc())).first()
    assert saved is not None
    assert saved.values["ECO-1a"] == {"value": 3, "then": 1}


def test_a_first_time_asks_nothing_of_the_kind(app: Flask, second: Assessment, respondent: PageClient) -> None:
    assert "La dernière fois" in opened(app, second).get(f"/q/{second.id}/theme/ECO").text
    shown = respondent.get(f"/q/{respondent.assessment_id}/theme/ECO").text
    assert "La dernière fois" not in shown
    assert "then_" not in shown


def test_the_result_says_what_moved(app: Flask, session: Session, framework: Framework, second: Assessment) -> None:
    for page, given in builders.complete_pages(framework, 3).items():
        assessments.save_page(session, second, page, 0, given, builders.NOW)
    assessments.finish(session, second, framework, builders.NOW)
    session.commit()
    shown = opened(app, second).get(f"/q/{second.id}/resultat").text
    assert "Depuis la dernière fois" in shown
    assert "Plus loin" in shown
