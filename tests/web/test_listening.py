"""The optional page after the result: what the association hears on its territory, saved, merged, shown, erased."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire.storage.models import Assessment, ListeningSave
from questionnaire.storage.talks import ask_for_talk
from tests.conftest import opened
from tests.pages import PageClient, text_of

SAID = {"profile_unmet": ["", "mobility"], "profile_unmet_words": "Plus de bus <b>après 18 h</b>."}


@pytest.fixture
def answered(app: Flask, finished: Assessment) -> PageClient:
    """Who has answered everything and finished."""
    return opened(app, finished)


def url(client: PageClient, page: str = "ecoute") -> str:
    """Return the address of one of the assessment's pages."""
    return f"/q/{client.assessment_id}/{page}"


def saves(session: Session) -> list[ListeningSave]:
    session.expire_all()
    return list(session.scalars(sa.select(ListeningSave).order_by(ListeningSave.version)))


def test_the_result_offers_the_page_and_does_not_need_it(answered: PageClient) -> None:
    page = answered.page(url(answered, "resultat"))
    assert url(answered) in {link.get("href") for link in page.iter("a")}
    assert "besoins que vous avez nommés" not in text_of(page)


def test_before_the_end_the_page_leads_back(respondent: PageClient) -> None:
    response = respondent.get(url(respondent))
    assert (response.status_code, response.location) == (303, url(respondent, ""))


def test_the_page_says_who_reads_it_and_what_not_to_write(answered: PageClient) -> None:
    text = text_of(answered.page(url(answered)))
    assert "Ne nommez personne" in text
    assert "Vous seuls lisez cette page" in text
    assert "Tout est facultatif" in text


def test_the_needs_named_bring_their_help_on_the_result(answered: PageClient) -> None:
    response = answered.submit(url(answered), fields=SAID)
    assert (response.status_code, response.location) == (303, url(answered, "resultat"))
    text = text_of(answered.page(url(answered, "resultat")))
    assert "Pour les besoins que vous avez nommés Mobilité" in text
    assert "Laboratoire de la mobilité inclusive" in text
    assert "Plus de bus <b>après 18 h</b>." in text


def test_what_was_said_is_there_again(answered: PageClient) -> None:
    answered.submit(url(answered), fields=SAID)
    assert "Plus de bus <b>après 18 h</b>." in text_of(answered.page(url(answered)))


@pytest.mark.parametrize(("fields", "open_"), [({}, None), ({"profile_seeks": ["", "digital"]}, "")])
def test_the_solutions_are_folded_until_something_is_said_there(
    answered: PageClient, fields: dict[str, object], open_: str | None
) -> None:
    answered.submit(url(answered), fields=fields)
    (fold,) = answered.page(url(answered)).iter("details")
    assert fold.get("open") == open_


def test_nothing_said_is_no_save(answered: PageClient, session: Session) -> None:
    assert answered.submit(url(answered)).status_code == 303
    assert saves(session) == []


def test_the_same_form_sent_twice_is_one_save(answered: PageClient, session: Session) -> None:
    answered.submit(url(answered), fields=SAID)
    assert answered.send_again().status_code == 303
    assert [save.version for save in saves(session)] == [1]
    assert saves(session)[0].file == "ecoute-territoire@1.0.0"


def test_a_colleague_who_changed_another_line_loses_nothing(
    app: Flask, finished: Assessment, answered: PageClient, session: Session
) -> None:
    colleague = opened(app, finished)
    answered.submit(url(answered), fields={"profile_unmet": ["", "mobility"]})
    form = colleague.page(url(answered))
    token = next(field.get("value") for field in form.iter("input") if field.get("name") == "csrf_token")
    data = {"csrf_token": token, "version": "0", "complete": "1", "profile_seeks": ["", "digital"]}
    assert colleague.post(url(answered), data=data).status_code == 303
    assert saves(session)[-1].values == {"unmet": ["mobility"], "seeks": ["digital"]}


def test_two_who_change_the_same_line_choose(answered: PageClient, session: Session) -> None:
    answered.submit(url(answered), fields={"profile_unmet_words": "Plus de bus."})
    first = {**answered.sent[1], "version": "0", "profile_unmet_words": "Plus de train."}
    response = answered.post(url(answered), data=first)
    assert response.status_code == 409
    assert "Plus de bus." in response.text
    assert "Plus de train." in response.text
    assert len(saves(session)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"profile_unmet": ["", "money"]}, "choisissez parmi les réponses proposées"),
        ({"profile_unmet_words": "a" * 601}, "600 au plus"),
        ({"profile_unmet_words": "a\u202eb"}, "change le sens de lecture"),
        ({"complete": ""}, "arrivée incomplète"),
    ],
)
def test_what_cannot_be_kept_comes_back_filled(
    answered: PageClient, session: Session, fields: dict[str, object], words: str
) -> None:
    response = answered.submit(url(answered), fields={"profile_solution_words": "Un minibus partagé.", **fields})
    assert response.status_code == 422
    assert words in response.text
    assert "Un minibus partagé." in response.text
    assert saves(session) == []


def test_an_advisor_reads_it_once_it_is_shared_and_not_before(
    answered: PageClient, advisor: PageClient, finished: Assessment, session: Session
) -> None:
    answered.submit(url(answered), fields=SAID)
    dossier = f"/conseiller/dossiers/{finished.id}"
    assert advisor.get(dossier).status_code == 404
    ask_for_talk(session, session.merge(finished), advisor.account, finished.created_at)
    session.commit()
    assert "Ce qu’elle entend du territoire" in text_of(advisor.page(dossier))
    assert "Votre accompagnateur lira aussi" in text_of(answered.page(url(answered)))


def test_the_data_to_take_away_hold_it(answered: PageClient) -> None:
    assert answered.get(url(answered, "donnees.json")).get_json()["listening"] is None
    answered.submit(url(answered), fields=SAID)
    kept = answered.get(url(answered, "donnees.json")).get_json()["listening"]
    assert kept["values"]["unmet"] == ["mobility"]
    assert kept["file"] == "ecoute-territoire@1.0.0"


def test_it_disappears_with_the_association(answered: PageClient, session: Session) -> None:
    answered.submit(url(answered), fields=SAID)
    answered.submit(url(answered, "supprimer"), fields={"sure": "y"})
    assert saves(session) == []


def test_it_is_no_answer_of_the_questionnaire(answered: PageClient, finished: Assessment, session: Session) -> None:
    before = answered.get(url(answered, "donnees.json")).get_json()
    answered.submit(url(answered), fields=SAID)
    after = answered.get(url(answered, "donnees.json")).get_json()
    assert (before["result"], before["pages"]) == (after["result"], after["pages"])
