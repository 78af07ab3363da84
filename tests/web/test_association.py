"""The association's page: steps, link, rights."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire.core.answers import parse_answers
from questionnaire.core.loading import published
from questionnaire.storage.models import Assessment, Association, PageSave
from tests.conftest import opened
from tests.pages import PageClient, text_of
from tests.web.test_check import fill
from tests.web.test_wizard import at, save


def home(browser: PageClient) -> str:
    return text_of(browser.page(at(browser, "")))


def test_the_steps_say_where_they_stand(respondent: PageClient) -> None:
    save(respondent, "theme/ECO", q_ECO__1a="2")
    page = home(respondent)
    assert "En cours" in page
    assert "1 réponse sur 6" in page
    assert "À faire" in page


def test_a_step_says_what_is_set_aside(respondent: PageClient) -> None:
    save(respondent, "profil", profile_recent_partnerships="none")
    page = home(respondent)
    assert "1 question mise de côté." in page
    assert page.count("Aucun partenariat en cours ni récent") == 1


def test_progress_is_told_in_words(respondent: PageClient) -> None:
    fill(respondent, leave="EVA")
    assert "5 thèmes sur 6" in home(respondent)


def test_nobody_else_can_read_until_a_talk_is_asked(respondent: PageClient) -> None:
    assert "Vous seuls, par votre lien privé." in home(respondent)


def test_the_consent_is_unticked_at_first_and_can_be_withdrawn(
    respondent: PageClient, session: Session, assessment: Assessment
) -> None:
    consent = at(respondent, "consentement")
    seen = [assessment.observatory_consent_at is not None]
    for ticked in ("y", ""):
        respondent.submit(at(respondent, ""), consent, {"consent": ticked})
        session.rollback()
        session.refresh(assessment)
        seen.append(assessment.observatory_consent_at is not None)
    assert seen == [False, True, False]


def test_the_data_can_be_scored_again(respondent: PageClient) -> None:
    fill(respondent)
    kept = json.loads(respondent.get(at(respondent, "donnees.json")).data)
    answers, _ = parse_answers(json.dumps(kept["answers_file"]).encode(), published())
    assert len(answers.answers) == 34
    assert kept["association"] == {"name": "Les Jardins du Lez", "email": "contact@jardins.example"}


def test_erasing_asks_first(respondent: PageClient, session: Session) -> None:
    assert respondent.submit(at(respondent, "supprimer")).status_code == 422
    assert session.query(Association).count() == 1


def test_erasing_leaves_nothing(respondent: PageClient, session: Session) -> None:
    save(respondent, "theme/ECO", q_ECO__1a="2")
    assert respondent.submit(at(respondent, "supprimer"), fields={"sure": ["", "y"]}).status_code == 303
    assert [session.query(table).count() for table in (Association, Assessment, PageSave)] == [0, 0, 0]
    assert respondent.get(at(respondent, "")).status_code == 404


def test_the_link_has_a_card(respondent: PageClient) -> None:
    page = respondent.page(at(respondent, "lien"))
    assert [each for each in page.iter() if each.tag.endswith("svg")]
    assert "/l/" in text_of(page)


def test_a_replaced_link_opens_nothing(
    app: Any, respondent: PageClient, colleague: PageClient, session: Session, assessment: Assessment
) -> None:
    assert respondent.submit(at(respondent, "lien"), at(respondent, "lien/remplacer")).status_code == 303
    assert colleague.get(at(colleague, "")).status_code == 404
    assert respondent.get(at(respondent, "")).status_code == 200
    session.refresh(assessment)
    assert opened(app, assessment).get(at(respondent, "")).status_code == 200


def test_the_address_is_kept_to_find_the_link_again(
    respondent: PageClient, session: Session, assessment: Assessment
) -> None:
    respondent.submit(at(respondent, "lien"), at(respondent, "lien/envoyer"), {"email": "autre@jardins.example"})
    session.refresh(assessment.association)
    assert assessment.association.email == "autre@jardins.example"


def test_a_wrong_address_is_not_kept(respondent: PageClient, session: Session, assessment: Assessment) -> None:
    answer = respondent.submit(at(respondent, "lien"), at(respondent, "lien/envoyer"), {"email": "autre"})
    assert answer.status_code == 422
    session.refresh(assessment.association)
    assert assessment.association.email == "contact@jardins.example"


@pytest.mark.parametrize("act", ["consentement", "rouvrir", "supprimer", "lien/envoyer", "lien/remplacer"])
def test_nothing_is_done_without_a_token(respondent: PageClient, act: str) -> None:
    everything = {"complete": "1", "sure": "y", "email": "autre@jardins.example", "consent": "y"}
    assert respondent.post(at(respondent, act), data=everything).status_code == 422


def test_the_page_goes_from_where_it_stands_to_its_rights(respondent: PageClient) -> None:
    page = respondent.page(at(respondent, ""))
    titles = [text_of(each) for each in page.iter("h2")]
    assert titles.index("Qui peut lire") < titles.index("Revenir plus tard") < titles.index("Vos données")
    folded = [text_of(each) for each in page.iter("summary")]
    assert folded[0].startswith("Les étapes")
    assert folded[-1].startswith("Vos droits")


def test_a_finished_assessment_shows_its_documents(app: Flask, finished: Assessment) -> None:
    browser = opened(app, finished)
    links = [each.get("href") for each in browser.page(at(browser, "")).iter("a")]
    assert {at(browser, name) for name in ("essentiel.pdf", "rapport.pdf", "resultat.xlsx")} <= set(links)
