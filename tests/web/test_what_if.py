"""« Et si ? »: other levels in the address, what would change on the page, and nothing kept."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire.storage.models import Assessment, PageSave
from tests.conftest import opened
from tests.pages import Element, PageClient, text_of, values


@pytest.fixture
def answered(app: Flask, finished: Assessment) -> PageClient:
    """Who has answered everything at level 2, and finished."""
    return opened(app, finished)


def url(client: PageClient, query: str = "") -> str:
    return f"/q/{client.assessment_id}/et-si{query}"


def test_at_first_nothing_is_supposed(answered: PageClient) -> None:
    page = answered.page(url(answered))
    assert "Rien n’est enregistré" in text_of(page)
    assert "Ce qui changerait" not in text_of(page)


def test_a_choice_is_told_in_words_and_stays_chosen(answered: PageClient) -> None:
    page = answered.page(url(answered, "?q_ECO-1a=4&q_ECO-1b=4"))
    said = text_of(page)
    assert "2 Par moments → devient 4 Partagé" in said
    assert "L’étape ne changerait pas" in said
    assert "2 niveaux changés" in said
    chosen = next(each for each in page.iter("form") if each.get("id") == "choisir")
    assert {name: value for name, value in values(chosen).items() if value} == {"q_ECO-1a": "4", "q_ECO-1b": "4"}


def test_all_at_the_top_moves_the_stage_and_empties_the_plan(answered: PageClient) -> None:
    names = list(values(next(each for each in answered.page(url(answered)).iter("form"))))
    said = text_of(answered.page(url(answered, "?" + "&".join(f"{name}=4" for name in names))))
    assert "Avec d’autres" in said
    assert "Aucune action à proposer" in said


def test_todays_levels_change_nothing(answered: PageClient) -> None:
    assert "Ce qui changerait" not in text_of(answered.page(url(answered, "?q_ECO-1a=2")))


def test_nothing_is_kept(answered: PageClient, session: Session) -> None:
    before = session.scalar(sa.select(sa.func.count()).select_from(PageSave))
    stamp = session.scalar(sa.select(Assessment.updated_at))
    answered.page(url(answered, "?q_ECO-1a=4"))
    session.expire_all()
    assert session.scalar(sa.select(sa.func.count()).select_from(PageSave)) == before
    assert session.scalar(sa.select(Assessment.updated_at)) == stamp


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q_ECO-1a=5", "choisissez un des quatre niveaux"),
        ("q_ECO-1a=not_applicable", "choisissez un des quatre niveaux"),
        ("q_ECO-1a=%E2%80%AE4", "choisissez un des quatre niveaux"),
        ("q_RIEN-9z=3", "n’est pas posée ici"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_chosen(answered: PageClient, query: str, sentence: str) -> None:
    page = answered.page(url(answered, f"?q_STR-1a=3&{query}"), status=422)
    assert sentence in text_of(page)
    chosen = next(each for each in page.iter("form") if each.get("id") == "choisir")
    assert values(chosen)["q_STR-1a"] == "3"


def test_an_action_opens_with_what_its_success_would_bring(answered: PageClient) -> None:
    links = [each.get("href") or "" for each in answered.page(f"/q/{answered.assessment_id}/resultat").iter("a")]
    actions = [each for each in links if each.startswith("et-si?action=")]
    assert actions
    said = text_of(parsed_after(answered, url(answered).replace("et-si", actions[0])))
    assert "Ce qui changerait" in said
    assert "ne serait plus proposée" in said


def parsed_after(client: PageClient, address: str) -> Element:
    answer = client.get(address)
    assert answer.status_code == 303
    return client.page(answer.location)


def test_an_action_that_is_not_planned_says_so(answered: PageClient) -> None:
    answer = answered.get(url(answered, "?action=RIEN"))
    assert "n’est pas dans votre plan" in text_of(answered.page(answer.location))


def test_before_the_end_there_is_nothing_to_suppose(respondent: PageClient) -> None:
    assert respondent.get(url(respondent)).status_code == 303
