"""Opinions and the advised plan on a dossier's page: written, checked, previewed, sent, asked back; nothing is lost."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from questionnaire.core.framework import Framework
from questionnaire.storage.models import Assessment, Edition, Review
from tests.conftest import opened
from tests.pages import PageClient, values

OWN = {
    "own_title_a": "Inviter la mairie à la fête",
    "own_why_a": "Elle le demande depuis un an.",
    "own_steps_a": "Appeler\nFixer la date",
    "place_a": "1",
}
OPINIONS = {"opinion_ECO-1": "missing", "opinion_ECO-2": "agree"}


@pytest.fixture
def first(advisor: PageClient, taken: str) -> str:
    """The criterion of the plan's first action."""
    fields = values(next(f for f in advisor.page(taken).iter("form") if f.get("action") == f"{taken}/avis"))
    return next(name.removeprefix("place_") for name in fields if name.startswith("place_"))


def write(advisor: PageClient, taken: str, **fields: str) -> TestResponse:
    return advisor.submit(taken, f"{taken}/avis", fields)


def test_what_was_chosen_and_written_is_shown_again_and_not_sent(
    app: Flask, advisor: PageClient, taken: str, first: str, finished: Assessment
) -> None:
    aside = {f"kept_{first}": "no", f"aside_{first}": "Ce n’est pas le moment."}
    assert write(advisor, taken, **OPINIONS, **OWN, **aside).status_code == 303
    fields = values(next(f for f in advisor.page(taken).iter("form") if f.get("action") == f"{taken}/avis"))
    expected = {**OPINIONS, **OWN, **aside}
    assert {name: str(fields[name]).strip().replace("\r\n", "\n") for name in expected} == expected
    assert OWN["own_title_a"] not in opened(app, finished).get(f"/q/{finished.id}/resultat").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kept_{}": "no"}, "Dites pourquoi vous écartez"),
        ({"aside_{}": "Parce que."}, "écartez-la, ou effacez la raison"),
        ({"own_title_a": "Une action"}, "Dites pourquoi vous proposez"),
        ({"own_why_a": "Parce que."}, "en une phrase"),
        ({"place_a": "99"}, "Choisissez une des places"),
        ({"kept_{}": "peut-être"}, "Choisissez de garder"),
        ({"opinion_ECO-1": "non"}, "Choisissez un des avis"),
        ({"own_title_a": "x" * 301, "own_why_a": "y"}, "Votre action 1"),
    ],
)
def test_what_lacks_a_reason_comes_back_filled(
    advisor: PageClient, taken: str, first: str, fields: dict[str, str], said: str
) -> None:
    named = {name.format(first): value for name, value in fields.items()}
    answer = write(advisor, taken, **named, private_note="à garder")
    assert answer.status_code == 422
    assert said in answer.text
    assert "à garder" in answer.text


def test_the_preview_is_the_report_as_it_would_be_sent_and_keeps_nothing(
    advisor: PageClient, taken: str, session: Session
) -> None:
    write(advisor, taken, **OPINIONS, **OWN, private_note="canari-de-la-note")
    shown = advisor.get(f"{taken}/apercu").text
    assert all(word in shown for word in ("Rien n’est envoyé", OWN["own_title_a"], "Fixer la date", "élément manquant"))
    assert "canari-de-la-note" not in shown
    assert session.scalars(select(Edition)).all() == []


def test_what_is_sent_holds_the_advised_plan_beside_the_association_s(
    advisor: PageClient, taken: str, session: Session, first: str, framework: Framework
) -> None:
    write(advisor, taken, **OPINIONS, **OWN, **{f"kept_{first}": "no", f"aside_{first}": "Plus tard."})
    assert advisor.submit(f"{taken}/valider", f"{taken}/valider").status_code == 303
    sent = session.scalars(select(Edition)).one().html
    action = framework.criterion(first).recommendations[2].action
    assert sent.count(action) > 1
    assert all(word in sent for word in ("Plus tard.", OWN["own_title_a"], "Le plan que conseille"))
    shown = advisor.get(taken).text
    assert OWN["own_title_a"] in shown
    assert "ne se modifie plus" in shown


def test_missing_elements_are_proposed_as_questions_to_send_back(
    advisor: PageClient, taken: str, framework: Framework
) -> None:
    write(advisor, taken, **OPINIONS)
    shown = advisor.get(f"{taken}/suite").text
    assert framework.criterion("ECO-1").advisor_question in shown
    assert framework.criterion("ECO-2").advisor_question not in shown


def test_two_advisors_who_write_the_same_action_see_both(advisor: PageClient, taken: str, session: Session) -> None:
    old = values(next(f for f in advisor.page(taken).iter("form") if f.get("action") == f"{taken}/avis"))
    write(advisor, taken, **OWN)
    answer = advisor.post(f"{taken}/avis", data={**old, "own_title_a": "Une autre", "own_why_a": "Autrement."})
    assert answer.status_code == 409
    assert "Inviter la mairie" in answer.text
    assert "Une autre" in answer.text
    assert session.scalars(select(Review)).one().advice["own"]["a"][0] == OWN["own_title_a"]


def test_what_was_advised_is_handed_over_to_the_association(
    app: Flask, advisor: PageClient, taken: str, finished: Assessment
) -> None:
    write(advisor, taken, **OPINIONS, **OWN)
    advisor.submit(f"{taken}/valider", f"{taken}/valider")
    handed = json.loads(opened(app, finished).get(f"/q/{finished.id}/donnees.json").data)
    assert handed["review"]["own_actions"]["a"]["title"] == OWN["own_title_a"]
    assert handed["review"]["opinions"]["ECO-1"] == "missing"
