"""The contact of an association changes: links and cookies of before stop everywhere, both addresses are told."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.extensions import jobs
from questionnaire.settings import Settings
from questionnaire.storage import assessments, links
from questionnaire.storage.models import Assessment
from questionnaire.storage.portfolio_models import ContactChange
from tests.conftest import opened
from tests.pages import PageClient

NEW = "nouvelle@jardins.example"


def mails(app: Flask, settings: Settings) -> list[str]:
    """Do what waits, and return every letter that left."""
    with app.app_context():
        jobs().run_due()
    return [path.read_text("utf-8") for path in (settings.instance / "mails").iterdir()]


def change(browser: PageClient, email: str = NEW, again: str = NEW) -> int:
    url = f"/q/{browser.assessment_id}/contact"
    return browser.submit(url, url, {"email": email, "again": again}).status_code


def test_former_links_and_cookies_stop_here_and_elsewhere(
    respondent: PageClient, colleague: PageClient, client: PageClient, settings: Settings, assessment: Assessment
) -> None:
    former = links.link_token(settings.secret_key, assessment)
    assert change(respondent) == 303
    for browser in (respondent, colleague):
        assert browser.get(f"/q/{assessment.id}/").status_code == 404
    assert client.get(f"/l/{former}").status_code == 404


def test_both_addresses_are_told_and_the_new_one_has_the_link(
    app: Flask, respondent: PageClient, settings: Settings, session: Session, assessment: Assessment
) -> None:
    change(respondent)
    sent = mails(app, settings)
    (new,) = [each for each in sent if f"To: {NEW}" in each]
    (old,) = [each for each in sent if "To: contact@jardins.example" in each]
    assert "/l/" in new
    assert "/l/" not in old
    session.refresh(assessment)
    assert links.link_token(settings.secret_key, assessment) in new.replace("=\n", "")


def test_every_assessment_of_the_association_follows(
    app: Flask,
    respondent: PageClient,
    session: Session,
    settings: Settings,
    assessment: Assessment,
    framework: Framework,
) -> None:
    other = assessments.begin_for(
        session,
        session.merge(assessment).association,
        framework=framework,
        secret_key=settings.secret_key,
        now=assessment.created_at,
    )
    session.commit()
    browser = opened(app, other)
    change(respondent)
    assert browser.get(f"/q/{other.id}/").status_code == 404


@pytest.mark.parametrize(
    ("email", "again"), [("", ""), ("pas une adresse", "pas une adresse"), (NEW, "autre@jardins.example"), (NEW, "")]
)
def test_a_doubtful_address_changes_nothing(respondent: PageClient, email: str, again: str) -> None:
    assert change(respondent, email, again) == 422
    assert respondent.get(f"/q/{respondent.assessment_id}/").status_code == 200


def test_the_former_address_goes_with_the_association(respondent: PageClient, session: Session) -> None:
    change(respondent)
    assert session.scalars(select(ContactChange)).one().former_email
    session.connection().exec_driver_sql("DELETE FROM association")
    assert session.scalars(select(ContactChange)).all() == []
