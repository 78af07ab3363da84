"""The page where an association asks an advisor for a talk: who would read what, yes, who read, no more."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaire.storage.models import Assessment, AuditEvent, Job, TalkRequest
from tests.conftest import opened
from tests.pages import PageClient


@pytest.fixture
def association(app: Flask, finished: Assessment) -> PageClient:
    return opened(app, finished)


def page(assessment: Assessment) -> str:
    return f"/q/{assessment.id}/entretien"


def share(association: PageClient, assessment: Assessment, advisor: PageClient) -> int:
    url = page(assessment)
    return association.submit(f"{url}?code={advisor.account.code}", url).status_code


def test_typing_a_code_shows_who_would_read_and_shares_nothing(
    association: PageClient, finished: Assessment, advisor: PageClient, session: Session
) -> None:
    shown = association.get(f"{page(finished)}?code={advisor.account.code.lower().replace('-', ' ')}").text
    assert "Camille Martin" in shown
    assert "Réseau d’essai" in shown
    assert session.scalar(select(TalkRequest)) is None


@pytest.mark.parametrize("code", ["", "ZZZZ", "\x00", "é" * 300, "%"])
def test_a_code_of_nobody_comes_back_with_words(association: PageClient, finished: Assessment, code: str) -> None:
    assert association.get(page(finished), query_string={"code": code}).status_code == 422


def test_saying_yes_shares_once_and_tells_the_advisor(
    association: PageClient, finished: Assessment, advisor: PageClient, session: Session
) -> None:
    assert share(association, finished, advisor) == 303
    association.post(page(finished), data=association.sent[1])
    assert len(list(session.scalars(select(TalkRequest)))) == 1
    assert len(list(session.scalars(select(Job).where(Job.kind == "mail_talk_requested")))) == 1
    assert advisor.get(f"/conseiller/dossiers/{finished.id}").status_code == 200


def test_without_the_page_s_token_nothing_is_shared(
    association: PageClient, finished: Assessment, advisor: PageClient, session: Session
) -> None:
    data = {"code": advisor.account.code, "scope": "whole", "complete": "1"}
    assert association.post(page(finished), data=data).status_code == 422
    assert session.scalar(select(TalkRequest)) is None


def test_a_draft_cannot_be_shared_yet(
    respondent: PageClient, assessment: Assessment, advisor: PageClient, session: Session
) -> None:
    shown = respondent.get(f"{page(assessment)}?code={advisor.account.code}")
    assert "Terminez d’abord" in shown.text
    for scope in ("whole", "first_look"):
        respondent.post(page(assessment), data={"code": advisor.account.code, "scope": scope, "complete": "1"})
    assert session.scalar(select(TalkRequest)) is None


def test_the_association_sees_who_read_its_answers_and_when(
    association: PageClient, finished: Assessment, advisor: PageClient, session: Session
) -> None:
    share(association, finished, advisor)
    assert "Personne pour l’instant" in association.get(page(finished)).text
    advisor.get(f"/conseiller/dossiers/{finished.id}")
    advisor.get(f"/conseiller/dossiers/{finished.id}")
    assert "Personne pour l’instant" not in association.get(page(finished)).text
    assert len(list(session.scalars(select(AuditEvent).where(AuditEvent.name == "assessment_read")))) == 1


def test_stopping_the_sharing_shuts_every_page_at_once(
    association: PageClient, finished: Assessment, advisor: PageClient
) -> None:
    share(association, finished, advisor)
    dossier = f"/conseiller/dossiers/{finished.id}"
    advisor.submit(dossier, f"{dossier}/prendre")
    assert association.submit(page(finished), f"{page(finished)}/retirer").status_code == 303
    refused = [advisor.get(dossier), advisor.get(f"{dossier}/rapport.pdf"), advisor.post(f"{dossier}/avis")]
    assert {answer.status_code for answer in refused} == {404}
    assert "Les Jardins du Lez" not in advisor.get("/conseiller/").text


def test_an_advisor_s_link_remembers_the_code_and_shares_nothing(
    association: PageClient, finished: Assessment, advisor: PageClient, session: Session
) -> None:
    assert "Camille Martin" in association.get(f"/e/{advisor.account.code}").text
    assert session.scalar(select(TalkRequest)) is None
    assert "Camille Martin" in association.get(page(finished)).text


def test_the_link_of_nobody_says_what_to_do(client: PageClient) -> None:
    assert client.get("/e/ZZZZ-ZZ").status_code == 404
