"""An advisor enters a paper: whose answers they are, who may write until when, and nothing typed that gets lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.extensions import jobs
from questionnaire.settings import Settings
from questionnaire.storage import erasure, journey, links
from questionnaire.storage.models import Assessment, AuditEvent, PageSave, PaperEntry, TalkRequest
from tests import builders
from tests.conftest import opened
from tests.pages import PageClient, parsed, text_of, values

NEW = "/conseiller/saisie"


@pytest.fixture
def paper(advisor: PageClient, session: Session) -> str:
    """The address of a paper that the advisor has begun to enter."""
    answer = advisor.submit(NEW, NEW, {"association_name": "Les Jardins du Lez", "agreed": "y"})
    assert answer.status_code == 303
    return answer.location


@pytest.fixture
def entered(paper: str, session: Session) -> Assessment:
    """The association's assessment."""
    return session.scalars(sa.select(Assessment)).one()


@pytest.fixture
def association(app: Flask, entered: Assessment) -> PageClient:
    """The association, who opened the link that was handed over."""
    return opened(app, entered)


def everything(framework: Framework, key: str = "2") -> dict[str, Any]:
    profile = builders.complete_pages(framework)["profile"]
    return {f"profile_{name}": value for name, value in profile.items()} | {
        f"q_{each.id}": key for each in framework.questions
    }


def standing(session: Session, page: str) -> dict[str, Any]:
    session.rollback()
    saves = session.scalars(sa.select(PageSave).where(PageSave.page == page).order_by(PageSave.version))
    return [each.values for each in saves][-1]


def test_what_a_page_of_keys_keeps_is_what_the_association_would_have_chosen(
    advisor: PageClient, paper: str, session: Session
) -> None:
    keys = {"q_ECO-1a": "3", "q_ECO-1b": "?", "q_ECO-2a": "N", "reason_ECO-2a": "Sans objet.", "q_ECO-3a": ""}
    fields = {**keys, "evidence_ECO-1a": "Un compte rendu", "profile_department": "34"}
    assert advisor.submit(paper, paper, fields).status_code == 303
    assert standing(session, "profile")["department"] == "34"
    assert standing(session, "ECO") == {
        "ECO-1a": {"value": 3, "evidence": "Un compte rendu"},
        "ECO-1b": {"value": "unknown"},
        "ECO-2a": {"value": "not_applicable", "reason": "Sans objet."},
    }


def test_pages_without_a_key_are_not_saved(advisor: PageClient, paper: str, session: Session) -> None:
    advisor.submit(paper, paper, {"q_ECO-1a": "3"})
    assert "EVA" not in session.scalars(sa.select(PageSave.page)).all()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("q_ECO-1a", "5", "Question 1\u202f: tapez"),
        ("q_ECO-1a", "n", "Question 1\u202f: tapez"),
        ("q_ECO-1a", "22", "Question 1\u202f: tapez"),
        ("q_ECO-2a", "n", "dites en une phrase"),
        ("evidence_ECO-1b", "a" * 4001, "trop long"),
        ("profile_department", "00", "choisissez un département"),
        ("complete", "", "arrivée incomplète"),
        ("csrf_token", "x", "Par sécurité"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_all_that_was_typed(
    advisor: PageClient, paper: str, session: Session, field: str, typed: str, sentence: str
) -> None:
    answer = advisor.submit(paper, paper, {"q_STR-1a": "4", "comment_REL-1a": "À voir.", field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "À voir." in answer.text
    assert re.search(r'name="q_STR-1a" value="4"', answer.text)
    assert session.scalar(sa.select(sa.func.count()).select_from(PageSave)) == 0


def test_a_wrong_key_stays_in_its_place(advisor: PageClient, paper: str) -> None:
    assert re.search(r'name="q_ECO-1a" value="7"', advisor.submit(paper, paper, {"q_ECO-1a": "7"}).text)


def test_finished_it_becomes_a_talk_and_the_right_to_write_ends(
    advisor: PageClient, paper: str, entered: Assessment, framework: Framework, session: Session
) -> None:
    answer = advisor.submit(paper, paper, everything(framework) | {"then": "finish"})
    assert answer.location == f"{paper}/lien"
    session.rollback()
    assert (session.get_one(Assessment, entered.id).state, session.scalars(sa.select(TalkRequest)).one().state) == (
        "finished",
        "sent",
    )
    assert advisor.get(paper).location == f"{paper}/lien"
    steps = journey.history(session, entered.id)
    assert [(step.name, step.who) for step in steps] == [("paper", "Camille Martin")]
    late = advisor.send_again()
    assert late.status_code == 409
    assert "rien de ce que vous venez de taper" in late.text
    assert "Les Jardins du Lez" in text_of(advisor.page("/conseiller/"))


def test_what_is_missing_is_named_by_its_number_and_keeps_it_open(
    advisor: PageClient, paper: str, framework: Framework, session: Session
) -> None:
    answer = advisor.submit(paper, paper, everything(framework) | {"q_ECO-1b": "", "then": "finish"})
    assert "Sans réponse : 2." in text_of(advisor.page(answer.location))
    assert session.scalars(sa.select(PaperEntry)).one().ended_at is None


def test_the_association_sees_who_enters_its_paper_and_stops_it(
    advisor: PageClient, association: PageClient, paper: str, session: Session
) -> None:
    home = f"/q/{association.assessment_id}/"
    assert "en cours de saisie par Camille Martin" in text_of(association.page(home))
    association.submit(home, f"{home}saisie/arreter")
    assert advisor.get(paper).status_code == advisor.get(f"{paper}/lien").status_code == 404
    assert "par Camille Martin" in text_of(association.page(home))
    session.rollback()
    names = session.scalars(sa.select(AuditEvent.name)).all()
    assert {"paper_entry_begun", "paper_entry_ended"} <= set(names)


def test_the_association_finishing_ends_the_entry_without_sharing(
    advisor: PageClient,
    association: PageClient,
    paper: str,
    entered: Assessment,
    framework: Framework,
    session: Session,
) -> None:
    advisor.submit(paper, paper, everything(framework))
    check = f"/q/{entered.id}/verifier"
    assert association.submit(check, check).status_code == 303
    assert advisor.get(paper).status_code == 404
    assert session.scalar(sa.select(TalkRequest)) is None


def test_stopped_meanwhile_every_word_comes_back_and_nothing_that_is_kept(
    advisor: PageClient, association: PageClient, paper: str, entered: Assessment, session: Session
) -> None:
    theme = f"/q/{entered.id}/theme/EVA"
    association.submit(theme, theme, {"comment_EVA-1a": "Ce que l’association garde."})
    association.submit(f"/q/{entered.id}/", f"/q/{entered.id}/saisie/arreter")
    typed = {
        "q_ECO-1a": "4",
        "evidence_ECO-1a": "<b>Un relevé",
        "profile_objective": "visibility",
        "q_OLD-1": "vieux",
    }
    back = advisor.post(paper, data=typed)
    assert back.status_code == 404
    given = [text_of(each) for each in parsed(back.data).iter("dd")]
    assert given == ["Être mieux connu et associer d’autres acteurs", "4", "<b>Un relevé", "vieux"]
    assert "1. Sur quoi repose" in back.text
    assert [kept for kept in ("que l’association garde", "Jardins") if kept in back.text] == []
    assert "ECO" not in session.scalars(sa.select(PageSave.page)).all()


def test_nobody_else_enters_it(
    other_advisor: PageClient, client: PageClient, association: PageClient, paper: str
) -> None:
    assert other_advisor.get(paper).status_code == other_advisor.post(paper).status_code == 404
    assert client.get(paper).location.startswith("/conseiller/connexion")
    assert association.get(paper).location.startswith("/conseiller/connexion")


def test_both_change_the_same_answer_and_choose(
    advisor: PageClient, association: PageClient, paper: str, entered: Assessment, session: Session
) -> None:
    advisor.page(paper)
    theme = f"/q/{entered.id}/theme/ECO"
    form = next(each for each in advisor.page(paper).iter("form") if each.get("class") == "entry")
    typed = {**values(form), "q_ECO-1a": "4", "q_STR-1a": "3"}
    association.submit(theme, theme, {"q_ECO-1a": "2"})
    both = advisor.post(paper, data=typed)
    assert both.status_code == 409
    assert "2 Par moments" in both.text
    assert "4 Partagé" in both.text
    chosen = values(next(each for each in parsed(both.data).iter("form") if len(list(each.iter("fieldset")))))
    assert advisor.post(paper, data=chosen).status_code == 303
    assert standing(session, "ECO")["ECO-1a"] == {"value": 4}
    assert standing(session, "STR")["STR-1a"] == {"value": 3}


def test_a_double_click_begins_one_paper(advisor: PageClient, paper: str, session: Session) -> None:
    assert advisor.send_again().location == paper
    assert session.scalar(sa.select(sa.func.count(PaperEntry.assessment_id))) == 1


def test_without_the_associations_agreement_nothing_begins(advisor: PageClient, session: Session) -> None:
    answer = advisor.submit(NEW, NEW, {"association_name": "Les Jardins du Lez"})
    assert answer.status_code == 422
    assert session.scalar(sa.select(Assessment)) is None


def test_its_link_is_handed_over_until_the_association_replaces_it(
    advisor: PageClient, paper: str, entered: Assessment, settings: Settings, session: Session
) -> None:
    assert links.link_token(settings.secret_key, entered) in advisor.get(f"{paper}/lien").text
    links.replace_link(session, entered, settings.secret_key, builders.NOW)
    session.commit()
    assert "elle seule l’a désormais" in advisor.get(f"{paper}/lien").text
    assert "/l/" not in advisor.get(f"{paper}/lien").text


def test_its_link_is_mailed_once_to_the_association(
    advisor: PageClient, paper: str, settings: Settings, session: Session
) -> None:
    place = f"{paper}/lien"
    assert advisor.submit(place, place, {"email": "marie"}).status_code == 422
    assert advisor.submit(place, place, {"email": "marie@jardins.example"}).status_code == 303
    advisor.sent[1]["email"] = "camille@reseau.example"
    assert advisor.send_again().status_code == 422
    with advisor.application.app_context():
        jobs().run_due()
    letters = [path.read_text() for path in Path(settings.instance, "mails").iterdir()]
    assert [("marie@" in each, "camille@" in each) for each in letters if "/l/" in each] == [(True, False)]


def test_it_is_in_the_associations_data_and_goes_with_it(
    association: PageClient, entered: Assessment, session: Session
) -> None:
    kept = association.get(f"/q/{entered.id}/donnees.json").get_json()["paper_entry"]
    assert (kept["advisor"], kept["ended_at"]) == ("Camille Martin", None)
    erasure.erase(session, session.get_one(Assessment, entered.id), builders.NOW, actor="respondent")
    session.commit()
    assert session.scalar(sa.select(PaperEntry)) is None
