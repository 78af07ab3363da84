"""An advisor's work list: four heaps, narrowed, sorted and bookmarked; a file nobody took shows its name only."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.extensions import db
from questionnaire.storage import journey, talks
from questionnaire.storage.models import Assessment, TalkRequest
from questionnaire.storage.worklist import Wanted, work_list
from tests import builders
from tests.builders import NOW
from tests.conftest import opened
from tests.pages import PageClient

LIST = "/conseiller/"


def a_file(session: Session, framework: Framework, name: str, advisor: PageClient | None, **talk: object) -> Assessment:
    """A finished assessment that was shared; `talk` sets its state and dates."""
    assessment = builders.a_finished_assessment(session, framework, association_name=name)
    made = talks.ask_for_talk(session, assessment, advisor.account if advisor else None, NOW)
    for key, value in talk.items():
        setattr(made, key, value)
    session.commit()
    return assessment


@pytest.fixture
def files(session: Session, framework: Framework, advisor: PageClient, other_advisor: PageClient) -> None:
    """Six files: four of the advisor's in different states, one of nobody, one of somebody else."""
    long_ago = NOW - timedelta(days=400)
    a_file(session, framework, "Atelier", advisor)
    a_file(session, framework, "Boutique", advisor, state="in_review")
    a_file(session, framework, "Chorale", advisor, state="to_complete", state_since=long_ago)
    a_file(session, framework, "Danse", advisor, state="closed").association.siren = "123456789"
    a_file(session, framework, "Ecole", None)
    a_file(session, framework, "Fanfare", other_advisor)
    session.commit()


def names(browser: PageClient, query: str) -> list[str]:
    page = browser.page(f"{LIST}?{query}")
    return ["".join(each.itertext()) for each in page.iterfind(".//table[@class='files']/tbody/tr/th//bdi")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tri=nom", ["Atelier", "Boutique", "Chorale", "Danse"]),
        ("liste=a-rendre", ["Boutique"]),
        ("liste=a-relancer", ["Chorale"]),
        ("liste=sans-conseiller", ["Ecole"]),
        ("etat=closed", ["Danse"]),
        ("recherche=123456789", ["Danse"]),
        ("recherche=chor", ["Chorale"]),
        ("recherche=%25", []),
        ("depuis=365", ["Chorale"]),
        ("territoire=34&tri=nom", ["Atelier", "Boutique", "Chorale", "Danse"]),
        ("territoire=r76&liste=a-rendre", ["Boutique"]),
        ("territoire=r11", []),
        ("campagne=nulle-part&tri=nom", ["Atelier", "Boutique", "Chorale", "Danse"]),
        ("page=2", []),
        ("page=-1&etat=%00&liste=x&tri=nom&depuis=9", ["Atelier", "Boutique", "Chorale", "Danse"]),
    ],
)
def test_the_list_shows_what_the_address_asks_for(
    advisor: PageClient, files: None, query: str, expected: list[str]
) -> None:
    assert names(advisor, query) == expected


def test_each_heap_says_how_many_it_holds(advisor: PageClient, files: None) -> None:
    page = advisor.page(LIST)
    counts = ["".join(each.itertext()) for each in page.iterfind(".//*[@class='heaps__count']")]
    assert counts == ["4", "1", "1", "1"]


def test_a_file_of_nobody_is_taken_once_and_read_only_then(
    app: Flask, session: Session, framework: Framework, advisor: PageClient, other_advisor: PageClient
) -> None:
    waiting = a_file(session, framework, "Ecole", None)
    dossier, take = f"/conseiller/dossiers/{waiting.id}", f"/conseiller/sans-conseiller/{waiting.id}/prendre"
    assert advisor.get(dossier).status_code == 404
    assert advisor.submit(f"{LIST}?liste=sans-conseiller", take).status_code == 303
    assert advisor.get(dossier).status_code == 200
    assert other_advisor.post(take, data={"complete": "1"}).status_code == 404
    assert [step.name for step in journey.history(session, waiting.id)][-1] in {"ask", "take"}


def test_the_association_may_ask_the_network_and_sees_who_came(
    app: Flask, finished: Assessment, advisor: PageClient, session: Session
) -> None:
    association, page = opened(app, finished), f"/q/{finished.id}/entretien"
    assert association.submit(f"{page}?code=reseau", page).status_code == 303
    assert session.scalars(sa.select(TalkRequest)).one().advisor_id is None
    assert "une personne du réseau" in association.get(f"/q/{finished.id}/").text
    advisor.submit(f"{LIST}?liste=sans-conseiller", f"/conseiller/sans-conseiller/{finished.id}/prendre")
    assert "Camille Martin" in association.get(page).text


def test_a_page_of_the_list_reads_as_many_times_however_many_files_there_are(
    app: Flask, session: Session, framework: Framework, advisor: PageClient
) -> None:
    def statements() -> int:
        seen: list[str] = []
        with app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
        advisor.get(LIST)
        return len(seen)

    a_file(session, framework, "Atelier", advisor)
    few = statements()
    for number in range(5):
        a_file(session, framework, f"Club {number}", advisor)
    assert statements() == few


def test_pages_follow_each_other_without_gap(session: Session, framework: Framework, advisor: PageClient) -> None:
    for number in range(5):
        a_file(session, framework, f"Club {number}", advisor)
    seen = [
        line.association
        for first in (0, 2, 4)
        for line in work_list(session, advisor.account.id, Wanted(sort="name", first=first, count=2), NOW).lines
    ]
    assert seen == [f"Club {number}" for number in range(5)]
