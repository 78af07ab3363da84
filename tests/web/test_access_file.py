"""The right of access: every row about the association, a private note included, and nothing about anyone else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.settings import Settings
from questionnaire.storage import erasure, holdings, outbox, reviews, talks
from questionnaire.storage.models import Assessment
from questionnaire.storage.review_draft import Draft
from questionnaire.storage.schema import METADATA
from tests import builders
from tests.conftest import opened
from tests.filling import fill_every_table
from tests.pages import PageClient

NOTE = "canari-de-la-note"
ELSEWHERE = "canari-d-ailleurs"
WORD = "canari-partout"
ABOUT_NOBODY = {  # tables that say nothing about an association, each with why
    "installation": "the installation's own mark",
    "tombstone": "the digest of what was erased, which nobody can turn back",
    "past_count": "anonymous counts of what is over",
    "campaign": "what a network asks of many",
    "campaign_letter": "what a network writes to many, the same words to each",
    "campaign_advisor": "of an account: which campaigns an advisor follows",
    "observatory_release": "rounded figures of many, and how many they are",
    "user": "of an account: an advisor or who coordinates",
    "role": "of an account: an advisor or who coordinates",
    "roles_users": "of an account: an advisor or who coordinates",
    "user_session": "of an account: an advisor or who coordinates",
    "sign_in_link": "of an account: an advisor or who coordinates",
    "second_factor": "of an account: an advisor or who coordinates",
    "recovery_code": "of an account: an advisor or who coordinates",
    "coordinator_region": "of an account: an advisor or who coordinates",
}


@pytest.fixture
def known(session: Session, finished: Assessment, framework: Framework, settings: Settings) -> Assessment:
    """An association that was reviewed, beside another one that was too."""
    for assessment, note in ((finished, NOTE), (elsewhere(session, framework, settings), ELSEWHERE)):
        advisor = builders.an_advisor(session, f"{note}@reseau.example", name=f"Camille n° {len(note)}")
        talk = talks.ask_for_talk(session, assessment, advisor, builders.NOW)
        talks.take_talk(session, talk, advisor, builders.NOW)
        review = reviews.begin_review(session, talk, advisor.id)
        reviews.save_review(session, review, Draft(note, {"ECO": "bien"}, {}), version=0, base="")
        talks.record_reading(session, assessment.id, advisor, builders.NOW)
        outbox.enqueue(session, "mail_private_link", assessment_id=assessment.id, now=builders.NOW)
    session.commit()
    return finished


def elsewhere(session: Session, framework: Framework, settings: Settings) -> Assessment:
    named: dict[str, Any] = {
        "association_name": ELSEWHERE,
        "email": f"{ELSEWHERE}@exemple.fr",
        "secret_key": settings.secret_key,
    }
    return builders.a_finished_assessment(session, framework, **named)


@pytest.fixture
def file(app: Flask, known: Assessment) -> dict[str, Any]:
    answer = opened(app, known).get(f"/q/{known.id}/acces.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    found: dict[str, Any] = answer.get_json()
    return found


def test_it_holds_the_note_the_readings_and_who_read(file: dict[str, Any], known: Assessment) -> None:
    assert file["review"][0]["private_note"] == NOTE
    assert file["association"][0]["name"] == "Les Jardins du Lez"
    assert len(file["page_save"]) == 7
    read = [event for event in file["audit_event"] if event["name"] == "assessment_read"]
    assert read[0]["facts"] == {"advisor_id": f"Camille n° {len(NOTE)}"}
    assert file["talk_request"][0]["advisor_id"] == f"Camille n° {len(NOTE)}"


def test_it_holds_every_table_that_says_something_about_an_association(
    app: Flask, session: Session, known: Assessment
) -> None:
    advisor = builders.an_advisor(session, "quelqu-un@reseau.example", name="Quelqu’un")
    before = {name: len(rows) for name, rows in holdings.holdings(session, known).items()}
    filled = fill_every_table(session, known, advisor, WORD)
    session.commit()
    file = opened(app, known).get(f"/q/{known.id}/acces.json").get_json()
    assert {name for name, rows in file.items() if len(rows) == before[name] + 1} == filled
    assert filled | {"association", "assessment"} | ABOUT_NOBODY.keys() == METADATA.tables.keys()
    assert json.dumps(file).count(WORD) > len(filled)


def test_nothing_is_about_anyone_else(file: dict[str, Any]) -> None:
    text = json.dumps(file)
    assert ELSEWHERE not in text
    assert "@reseau.example" not in text


def test_it_holds_all_that_erasing_takes_away(session: Session, file: dict[str, Any], known: Assessment) -> None:
    def count() -> dict[str, int]:
        tables = [table for table in METADATA.sorted_tables if table.name in file]
        return {table.name: len(session.execute(sa.select(table)).all()) for table in tables}

    before = count()
    erasure.erase(session, known, builders.NOW, actor="respondent")
    session.flush()
    after = count()
    after["audit_event"] -= 1  # that it was erased, without saying what
    after["job"] -= 1
    assert {name: len(rows) for name, rows in file.items()} == {name: before[name] - after[name] for name in before}


def test_what_is_withheld_exists_and_stays_out(file: dict[str, Any]) -> None:
    for name in holdings.WITHHELD:
        table, column = name.split(".")
        assert column in METADATA.tables[table].columns
        assert all(column not in row for row in file[table])


def test_the_portable_file_has_no_private_note(app: Flask, known: Assessment) -> None:
    assert NOTE not in opened(app, known).get(f"/q/{known.id}/donnees.json").text


def test_the_page_offers_both_files(app: Flask, known: Assessment) -> None:
    browser: PageClient = opened(app, known)
    page = browser.get(f"/q/{known.id}/").text
    assert f"/q/{known.id}/donnees.json" in page
    assert f"/q/{known.id}/acces.json" in page


def test_the_advisor_is_told_beside_the_note() -> None:
    template = (Path(__file__).parents[2] / "templates/advisor/dossier.html").read_text()
    assert "(droit d’accès)" in template
