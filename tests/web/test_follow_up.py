"""Three months later: one question, once, one tap; it stops when it should, and is counted."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from questionnaire.extensions import jobs
from questionnaire.settings import Settings
from questionnaire.storage import assessments, follow_ups
from questionnaire.storage.models import Assessment, FollowUp, Job
from tests.conftest import opened
from tests.pages import PageClient, text_of

LONG_AGO = datetime.now(UTC) - timedelta(days=91)
QUESTION = "Avez-vous pu mener une de ces actions"


@pytest.fixture
def old(session: Session, finished: Assessment) -> Assessment:
    """A finished assessment whose question is due now."""
    finished.finished_at = LONG_AGO
    follow_ups.schedule(session, finished, LONG_AGO)
    session.commit()
    return finished


def letters(app: Flask, settings: Settings) -> list[str]:
    """Run what is due and return the letters about the actions, oldest first."""
    with app.app_context():
        jobs().run_due()
    folder = Path(settings.instance, "mails")
    written = [path.read_text() for path in folder.iterdir()] if folder.is_dir() else []
    return [each for each in written if "/suivi/" in each]


def asked_at(app: Flask, settings: Settings) -> str:
    """Return the address in the letter."""
    return str(re.findall(r"/suivi/\S+", letters(app, settings)[0])[0])


def test_finishing_has_it_asked_in_three_months(respondent: PageClient, session: Session) -> None:
    from tests.web.test_check import fill

    fill(respondent)
    respondent.submit(f"/q/{respondent.assessment_id}/verifier")
    job = session.query(Job).filter_by(kind="mail_follow_up").one()
    assert timedelta(days=89) < job.run_after - datetime.now(UTC) < timedelta(days=91)


def test_the_mail_leads_to_a_page_and_reading_it_changes_nothing(
    app: Flask, old: Assessment, client: PageClient, settings: Settings, session: Session
) -> None:
    said = text_of(client.page(asked_at(app, settings)))
    assert QUESTION in said
    assert session.query(FollowUp).one().answer is None


@pytest.mark.parametrize("answer", follow_ups.OUTCOMES)
def test_one_tap_answers_without_signing_in(
    app: Flask, old: Assessment, client: PageClient, settings: Settings, answer: str
) -> None:
    page = asked_at(app, settings)
    assert client.submit(page, page, {"answer": answer}).status_code == 303
    assert "Vous avez répondu" in text_of(client.page(page))
    home = text_of(opened(app, old).page(f"/q/{old.id}/"))
    assert "Vous avez répondu" in home


def test_the_page_asks_where_there_is_no_mail(app: Flask, old: Assessment) -> None:
    browser = opened(app, old)
    here = f"/q/{old.id}/suivi"
    assert QUESTION in text_of(browser.page(f"/q/{old.id}/"))
    assert browser.submit(f"/q/{old.id}/", here, {"answer": "begun"}).status_code == 303


@pytest.mark.parametrize("answer", ["", "maybe", None])
def test_what_is_no_answer_is_refused(app: Flask, old: Assessment, session: Session, answer: str | None) -> None:
    sent = opened(app, old).submit(f"/q/{old.id}/", f"/q/{old.id}/suivi", {"answer": answer} if answer else {})
    assert sent.status_code == 422
    assert session.query(FollowUp).count() == 0


def test_it_is_asked_once(app: Flask, old: Assessment, settings: Settings, session: Session) -> None:
    assert len(letters(app, settings)) == 1
    follow_ups.schedule(session, old, LONG_AGO)
    session.commit()
    assert len(letters(app, settings)) == 1


@pytest.mark.parametrize("why", ["reopened", "finished again lately", "answered", "stopped", "no address", "erased"])
def test_it_is_not_asked_when_it_makes_no_sense(
    app: Flask, old: Assessment, settings: Settings, session: Session, why: str
) -> None:
    now = datetime.now(UTC)
    if why == "reopened":
        assessments.reopen(session, old, now)
    elif why == "finished again lately":
        old.finished_at = now
    elif why == "answered":
        follow_ups.keep_answer(session, old, "yes", now)
    elif why == "stopped":
        follow_ups.stop(session, old, now)
    elif why == "no address":
        old.association.email = None
    else:
        session.delete(old)
    session.commit()
    assert letters(app, settings) == []


def test_each_person_can_stop_it(
    app: Flask, finished: Assessment, session: Session, settings: Settings, client: PageClient
) -> None:
    browser = opened(app, finished)
    assert "Dans trois mois" in text_of(browser.page(f"/q/{finished.id}/"))
    browser.submit(f"/q/{finished.id}/", f"/q/{finished.id}/suivi/arreter")
    assert "Dans trois mois" not in text_of(browser.page(f"/q/{finished.id}/"))
    assert session.query(FollowUp).one().stopped_at


def test_the_mail_s_page_stops_it_too(
    app: Flask, old: Assessment, client: PageClient, settings: Settings, session: Session
) -> None:
    page = asked_at(app, settings)
    assert client.submit(page, f"{page}/arreter").status_code == 303
    assert session.query(FollowUp).one().stopped_at
    assert "Ne plus nous écrire" not in text_of(client.page(page))


@pytest.mark.parametrize("spoilt", ["x", "0" * 75, "{id}", "{id}" + "A" * 43])
def test_another_address_opens_nothing(client: PageClient, old: Assessment, spoilt: str) -> None:
    assert client.get(f"/suivi/{spoilt.format(id=old.id.hex)}").status_code == 404


def test_a_replaced_link_ends_the_mailed_one(
    app: Flask, old: Assessment, client: PageClient, settings: Settings, session: Session
) -> None:
    page = asked_at(app, settings)
    session.execute(update(Assessment).values(link_generation=2))
    session.commit()
    assert client.get(page).status_code == 404


def test_it_gives_no_right_to_the_answers(app: Flask, old: Assessment, client: PageClient, settings: Settings) -> None:
    client.page(asked_at(app, settings))
    assert client.get(f"/q/{old.id}/").status_code == 404


def test_it_goes_with_the_association_and_stands_in_its_data(app: Flask, old: Assessment, session: Session) -> None:
    browser = opened(app, old)
    browser.submit(f"/q/{old.id}/", f"/q/{old.id}/suivi", {"answer": "yes"})
    kept = json.loads(browser.get(f"/q/{old.id}/donnees.json").data)
    assert kept["three_months_later"]["answer"] == "yes"
    browser.submit(f"/q/{old.id}/supprimer", fields={"sure": ["", "y"]})
    assert session.query(FollowUp).count() == 0


def test_the_answers_are_counted(session: Session, old: Assessment) -> None:
    now = datetime.now(UTC)
    follow_ups.keep_answer(session, old, "not_yet", now)
    follow_ups.keep_answer(session, old, "yes", now)
    session.flush()
    found = follow_ups.counts(session, now)
    assert (found.old_enough, found.mailed, dict(found.answers)) == (1, 0, {"yes": 1})
