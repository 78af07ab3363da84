"""A first look shown to an advisor: this page and its PDF, read as long as the right stands, and nothing else, ever."""

from __future__ import annotations

import io

import pypdf
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.extensions import jobs
from questionnaire.storage import assessments, entries
from questionnaire.storage.models import Assessment, Job, TalkRequest
from tests.builders import NOW
from tests.pages import PageClient, text_of
from tests.web.test_check import fill
from tests.web.test_first_look import ASKED, PROFILE
from tests.web.test_routes import READER, reached, routes
from tests.web.test_wizard import at

SECRET = "Un mot que personne ne doit lire"


@pytest.fixture
def looked(session: Session, framework: Framework, assessment: Assessment) -> None:
    """The first look, answered whole, with words that are not part of it."""
    profile = {"department": "34", "success": SECRET, "general_interest": "no", **PROFILE, "tax_receipts": "yes"}
    assessments.save_page(session, assessment, assessments.PROFILE, 0, profile, NOW)
    for dimension in framework.dimensions:
        asked = [each for each in [*ASKED, "CAD-2a"] if each.startswith(dimension.id)]
        values = {each: {"value": 3, "evidence": SECRET, "comment": SECRET} for each in asked}
        assessments.save_page(session, assessment, dimension.id, 0, values, NOW)
    session.commit()


@pytest.fixture
def shown(respondent: PageClient, advisor: PageClient, looked: None) -> str:
    """The page of the first look, once the association has shown it."""
    assert show(respondent, advisor) == 303
    return f"/conseiller/premiers-regards/{respondent.assessment_id}"


def show(association: PageClient, advisor: PageClient) -> int:
    page = at(association, "entretien")
    return association.submit(f"{page}?code={advisor.account.code}", page).status_code


def finish(association: PageClient) -> None:
    fill(association)
    assert association.submit(at(association, "verifier")).status_code == 303


def talks_of(session: Session) -> list[tuple[str, bool]]:
    session.rollback()
    rows = session.scalars(select(TalkRequest).order_by(TalkRequest.requested_at))
    return [(each.scope, each.withdrawn_at is None) for each in rows]


def test_before_it_is_shown_the_page_says_who_would_read_and_what(
    respondent: PageClient, advisor: PageClient, looked: None, session: Session
) -> None:
    said = text_of(respondent.page(f"{at(respondent, 'entretien')}?code={advisor.account.code}"))
    for words in ("Camille Martin", "vos autres réponses, même si vous continuez", "vos preuves, vos remarques"):
        assert words in said
    assert talks_of(session) == []


def test_the_advisor_finds_it_in_the_list_and_reads_it(shown: str, advisor: PageClient, session: Session) -> None:
    listed = advisor.page("/conseiller/")
    assert "Premier regard" in text_of(next(listed.iter("tbody")))
    assert shown in [each.get("href") for each in listed.iter("a")]
    said = text_of(advisor.page(shown))
    assert "Vos réponses, en mots" in said
    assert "Les Jardins du Lez" in said
    assert len(list(session.scalars(select(Job).where(Job.kind == "mail_first_look_shown")))) == 1


def test_neither_the_page_nor_its_pdf_holds_anything_else(shown: str, advisor: PageClient) -> None:
    pdf = f"{shown}/premier-regard.pdf"
    assert advisor.get(pdf).status_code == 202
    with advisor.application.app_context():
        jobs().run_due()
    printed = pypdf.PdfReader(io.BytesIO(advisor.get(pdf).data)).pages[0].extract_text()
    for said in (advisor.get(shown).text, printed):
        assert SECRET not in " ".join(said.split())
        assert "intérêt général" not in said  # an alert that a later answer of the profile raises


def test_the_association_s_own_page_counts_what_it_answered_since(shown: str, respondent: PageClient) -> None:
    assert "intérêt général" in respondent.get(at(respondent, "premier-regard/resultat")).text


def test_it_opens_no_other_page(app: Flask, shown: str, advisor: PageClient) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    assert reached(advisor, shown.rpartition("/")[2], routes(READER)) == []


def test_it_opens_no_other_page_once_everything_is_finished(
    app: Flask, shown: str, respondent: PageClient, advisor: PageClient
) -> None:
    finish(respondent)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    assert reached(advisor, respondent.assessment_id, routes(READER)) == []


def test_it_does_not_give_back_a_paper_whose_entry_is_over(
    shown: str, advisor: PageClient, assessment: Assessment, session: Session
) -> None:
    entries.begin_entry(session, session.get_one(Assessment, assessment.id), advisor.account, NOW)
    entries.end_entry(session, assessment.id, NOW, actor="respondent")
    session.commit()
    assert advisor.get(f"/conseiller/saisie/{assessment.id}/lien").status_code == 404
    assert advisor.get(f"/conseiller/saisie/{assessment.id}").status_code == 404


def test_who_coordinates_neither_sees_it_nor_entrusts_it(shown: str, coordinator: PageClient) -> None:
    assert "Les Jardins du Lez" not in coordinator.get("/coordination/dossiers?pile=tous").text
    assert coordinator.get(f"/coordination/dossiers/{shown.rpartition('/')[2]}").status_code == 404


def test_another_advisor_reads_nothing(shown: str, other_advisor: PageClient) -> None:
    assert other_advisor.get(shown).status_code == other_advisor.get(f"{shown}/premier-regard.pdf").status_code == 404


def test_each_reading_is_told_to_the_association(shown: str, respondent: PageClient, advisor: PageClient) -> None:
    assert "Personne pour l’instant" in respondent.get(at(respondent, "entretien")).text
    advisor.get(f"{shown}/premier-regard.pdf")
    assert "Personne pour l’instant" not in respondent.get(at(respondent, "entretien")).text


def test_stopping_shuts_it_at_once(shown: str, respondent: PageClient, advisor: PageClient) -> None:
    respondent.submit(at(respondent, "entretien"), at(respondent, "entretien/retirer"))
    assert advisor.get(shown).status_code == advisor.get(f"{shown}/premier-regard.pdf").status_code == 404
    assert "Les Jardins du Lez" not in advisor.get("/conseiller/").text


def test_finishing_shares_nothing_more_until_it_is_asked(
    shown: str, respondent: PageClient, advisor: PageClient, session: Session
) -> None:
    finish(respondent)
    assert talks_of(session) == [("first_look", True)]
    assert SECRET not in advisor.get(shown).text
    assert "rien de plus n’est montré" in respondent.get(at(respondent, "entretien")).text
    assert show(respondent, advisor) == 303
    assert talks_of(session) == [("first_look", False), ("whole", True)]
    assert advisor.get(shown).status_code == 404
    assert advisor.get(f"/conseiller/dossiers/{respondent.assessment_id}").status_code == 200


def test_a_page_shown_for_the_first_look_never_shares_the_whole(
    respondent: PageClient, advisor: PageClient, looked: None, session: Session
) -> None:
    page = at(respondent, "entretien")
    respondent.submit(f"{page}?code={advisor.account.code}", page, {"code": "personne"})
    old = respondent.sent[1] | {"code": advisor.account.code}
    finish(respondent)
    assert respondent.post(page, data=old).status_code == 303
    assert talks_of(session) == []


def test_a_first_look_is_shown_to_somebody_named_only(
    respondent: PageClient, advisor: PageClient, looked: None, session: Session
) -> None:
    page = at(respondent, "entretien")
    assert respondent.get(f"{page}?code=reseau").status_code == 422
    assert respondent.submit(f"{page}?code={advisor.account.code}", page, {"code": "reseau"}).status_code == 422
    assert talks_of(session) == []


def test_reopening_after_it_was_shown_is_the_association_s_to_do(
    shown: str, respondent: PageClient, session: Session
) -> None:
    finish(respondent)
    assert respondent.submit(at(respondent, ""), at(respondent, "rouvrir")).status_code == 303
    assert talks_of(session) == [("first_look", True)]
