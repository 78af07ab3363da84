"""The result: on screen, explained, as PDF; and the reviewed one beside it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire.storage import reviews, talks
from questionnaire.storage.models import Assessment, Edition
from questionnaire.storage.review_draft import Draft
from questionnaire.storage.talks import ask_for_talk
from tests import builders
from tests.conftest import opened
from tests.pages import PageClient, text_of


@pytest.fixture
def answered(app: Flask, finished: Assessment) -> PageClient:
    """Who has answered everything and finished."""
    return opened(app, finished)


@pytest.fixture
def reviewed(session: Session, finished: Assessment) -> Edition:
    """A review of the finished assessment, validated and sent."""
    advisor = builders.an_advisor(session)
    talk = talks.ask_for_talk(session, finished, advisor, builders.NOW)
    review = reviews.begin_review(session, talk, advisor.id)
    draft = Draft(
        comments={"ECO": "Vous savez plus que vous n’écrivez."}, proposals={"ECO-1a": (4, "Relu chaque année.")}
    )
    base = reviews.draft_of(session, review).fingerprints()
    reviews.save_review(session, review, draft, version=review.version, base=base)
    reviews.validate_review(session, review, advisor.id, builders.NOW)
    edition = reviews.keep_edition(session, review, "<p>tel qu’envoyé</p>", builders.NOW)
    session.commit()
    return edition


def url(client: PageClient, page: str) -> str:
    """Return the address of one of the assessment's pages."""
    return f"/q/{client.assessment_id}/{page}"


def test_the_result_says_where_the_association_stands_in_words(answered: PageClient) -> None:
    text = text_of(answered.page(url(answered, "resultat")))
    assert "En chemin" in text
    assert "ne le partage avec personne" in text


def test_the_result_leads_to_the_pdf_the_explanation_and_a_talk(answered: PageClient) -> None:
    links = {link.get("href") for link in answered.page(url(answered, "resultat")).iter("a")}
    assert {url(answered, each) for each in ("rapport.pdf", "essentiel.pdf", "calcul", "entretien")} <= links


def test_details_fold_and_unfold_without_javascript(answered: PageClient) -> None:
    folded, unfolded = [answered.page(url(answered, page)) for page in ("resultat", "resultat?deplier=oui")]
    assert {each.get("open") for each in folded.iter("details")} == {None}
    assert {each.get("open") for each in unfolded.iter("details")} == {""}
    assert text_of(folded).replace("Tout déplier", "") == text_of(unfolded).replace("Tout replier", "")


def test_the_result_names_who_can_help_in_the_associations_own_region(answered: PageClient) -> None:
    text = text_of(answered.page(url(answered, "resultat")))
    assert "Dans votre région : Occitanie" in text
    assert "solidaire d’Occitanie (CRESS)" in text
    assert "solidaire de Bretagne (CRESS)" not in text


def test_before_the_end_there_is_no_result(respondent: PageClient) -> None:
    for page in ("resultat", "calcul", "resultat.csv"):
        response = respondent.get(url(respondent, page))
        assert (response.status_code, response.location) == (303, url(respondent, ""))


def test_every_number_opens_to_what_made_it(answered: PageClient) -> None:
    text = text_of(answered.page(url(answered, "calcul")))
    assert "33,3" in text
    assert "ECO-1a" in text


@pytest.mark.parametrize("page", ["resultat", "calcul", "rapport.pdf", "essentiel.pdf", "rapport-relu.pdf"])
def test_a_stranger_sees_nothing(stranger: PageClient, finished: Assessment, page: str) -> None:
    assert stranger.get(f"/q/{finished.id}/{page}").status_code == 404


@pytest.mark.parametrize(("name", "begins"), [("resultat.csv", b"\xef\xbb\xbf"), ("resultat.xlsx", b"PK")])
def test_the_numbers_leave_as_a_spreadsheet(answered: PageClient, name: str, begins: bytes) -> None:
    assert url(answered, name) in answered.get(url(answered, "calcul")).text
    answer = answered.get(url(answered, name))
    assert answer.data.startswith(begins)
    suffix = name.rpartition(".")[2]
    named = f"faire-alliance-resultat-les-jardins-du-lez-2026-11-23.{suffix}"
    assert named in answer.headers["Content-Disposition"]


def test_without_a_review_there_is_no_reviewed_report(answered: PageClient) -> None:
    assert answered.get(url(answered, "rapport-relu.pdf")).status_code == 404


def test_a_review_stands_beside_the_answers(answered: PageClient, reviewed: Edition) -> None:
    text = text_of(answered.page(url(answered, "resultat")))
    assert "L’avis de Camille Martin" in text
    assert "Relu chaque année." in text
    assert "Vous savez plus que vous n’écrivez." in text


def test_the_data_to_take_away_hold_the_result_and_the_review(answered: PageClient, reviewed: Edition) -> None:
    kept = answered.get(url(answered, "donnees.json")).get_json()
    assert kept["result"]["overall"]["stage"] == "En chemin"
    assert kept["review"]["proposals"] == {"ECO-1a": {"level": 4, "reason": "Relu chaque année."}}


def test_the_data_to_take_away_say_who_may_read(answered: PageClient, finished: Assessment, session: Session) -> None:
    ask_for_talk(session, finished, builders.an_advisor(session), builders.NOW)
    session.commit()
    assert answered.get(url(answered, "donnees.json")).get_json()["talk"]["advisor"] == "Camille Martin"
