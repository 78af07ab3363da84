"""The coordinator's pages: who advises, who is in charge of which file. A canary in every answer shows none leaves."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.settings import Settings
from questionnaire.storage import assessments, coordinators, talks
from questionnaire.storage.accounts import User
from questionnaire.storage.models import Assessment, AuditEvent, Job, TalkMove, TalkRequest
from tests import builders
from tests.conftest import coordinating, opened, signed_in
from tests.pages import PageClient

HOME = "/coordination/"
FILES = "/coordination/dossiers"
INVITE = "/coordination/inviter"
CANARY = "Canari-7391"
WHY = "Camille quitte le réseau."


@dataclass(frozen=True)
class World:
    """A file that waits, with a canary in its answers, and an advisor who could take it."""

    assessment: Assessment
    advisor: PageClient

    @property
    def page(self) -> str:
        return f"{FILES}/{self.assessment.id}"


@pytest.fixture
def world(app: Flask, session: Session, framework: Framework, settings: Settings) -> World:
    assessment = builders.a_filled_assessment(session, framework, level=1, secret_key=settings.secret_key)
    values = {"ECO-1a": {"value": 2, "comment": CANARY, "evidence": CANARY}}
    assessments.save_page(session, assessment, "ECO", 1, values, builders.NOW)
    assessments.finish(session, assessment, framework, builders.NOW)
    talks.ask_for_talk(session, assessment, None, builders.NOW)
    session.commit()
    return World(assessment, signed_in(app, session, "camille@reseau.example"))


def entrust(coordinator: PageClient, world: World, to: User, why: str = "") -> int:
    return coordinator.submit(world.page, world.page, {"advisor": str(to.id), "why": why}).status_code


def talk_of(session: Session, world: World) -> TalkRequest:
    session.rollback()
    talk = talks.current_talk(session, world.assessment.id)
    assert talk
    session.refresh(talk)
    return talk


def test_no_page_shows_an_answer(coordinator: PageClient, world: World) -> None:
    pages = [HOME, INVITE, FILES, f"{FILES}?pile=tous", world.page, "/conseiller/double-verification"]
    entrust(coordinator, world, world.advisor.account)
    pages.append(f"/coordination/conseillers/{world.advisor.account.id}/fermer")
    for page in pages:
        shown = coordinator.get(page)
        assert shown.status_code == 200
        assert CANARY not in shown.text
    assert CANARY in world.advisor.get(f"/conseiller/dossiers/{world.assessment.id}").text


def test_a_coordinator_opens_no_dossier_even_of_their_own_before(app: Flask, session: Session, world: World) -> None:
    dossier = f"/conseiller/dossiers/{world.assessment.id}"
    world.advisor.submit(
        "/conseiller/?liste=sans-conseiller", f"/conseiller/sans-conseiller/{world.assessment.id}/prendre"
    )
    assert world.advisor.get(dossier).status_code == 200
    coordinators.appoint(session, session.get_one(User, world.advisor.account.id))
    session.commit()
    assert world.advisor.get(dossier).status_code == 404


def test_a_waiting_file_goes_to_an_advisor(coordinator: PageClient, session: Session, world: World) -> None:
    assert "Les Jardins du Lez" in coordinator.get(FILES).text
    assert entrust(coordinator, world, world.advisor.account) == 303
    assert talk_of(session, world).advisor_id == world.advisor.account.id
    assert "Rien ici" in coordinator.get(FILES).text
    kinds = set(session.scalars(select(Job.kind)))
    assert {"mail_talk_given", "mail_readers_changed"} <= kinds
    assert world.advisor.get(f"/conseiller/dossiers/{world.assessment.id}").status_code == 200


def test_the_association_reads_who_entrusted_it(
    app: Flask, coordinator: PageClient, session: Session, world: World
) -> None:
    entrust(coordinator, world, world.advisor.account)
    move = session.scalars(select(TalkMove).where(TalkMove.name == "assign")).one()
    assert (move.actor, move.account_id) == ("coordinator", coordinator.account.id)
    page = opened(app, world.assessment).get(f"/q/{world.assessment.id}/entretien").text
    assert "a confié le dossier à" in page


def test_handing_over_needs_a_reason_and_keeps_what_was_typed(
    coordinator: PageClient, other_advisor: PageClient, session: Session, world: World
) -> None:
    entrust(coordinator, world, world.advisor.account)
    assert entrust(coordinator, world, other_advisor.account) == 422
    assert entrust(coordinator, world, other_advisor.account, WHY) == 303
    assert talk_of(session, world).advisor_id == other_advisor.account.id
    assert world.advisor.get(f"/conseiller/dossiers/{world.assessment.id}").status_code == 404


@pytest.mark.parametrize("to", ["", "999", "x", "coordinator"])
def test_a_file_goes_to_advisors_only(coordinator: PageClient, session: Session, world: World, to: str) -> None:
    to = str(coordinator.account.id) if to == "coordinator" else to
    assert coordinator.submit(world.page, world.page, {"advisor": to}).status_code == 422
    assert talk_of(session, world).advisor_id is None


def test_a_withdrawn_file_is_no_longer_there(coordinator: PageClient, session: Session, world: World) -> None:
    talks.withdraw_talk(session, world.assessment.id, builders.NOW)
    session.commit()
    assert coordinator.get(world.page).status_code == 404


def test_a_closed_account_is_out_at_the_next_request_and_its_files_wait(
    coordinator: PageClient, other_advisor: PageClient, session: Session, world: World
) -> None:
    entrust(coordinator, world, world.advisor.account)
    url = f"/coordination/conseillers/{world.advisor.account.id}/fermer"
    assert coordinator.submit(url, url).status_code == 303
    assert world.advisor.get(f"/conseiller/dossiers/{world.assessment.id}").status_code == 303
    assert "Les Jardins du Lez" in coordinator.get(f"{FILES}?pile=conseiller-parti").text
    assert entrust(coordinator, world, other_advisor.account, WHY) == 303
    events = session.scalars(select(AuditEvent.name).where(AuditEvent.actor == f"coordinator:{coordinator.account.id}"))
    assert {"account_closed", "talk_entrusted"} <= set(events)


def test_a_withdrawn_role_ends_at_the_next_request(coordinator: PageClient, session: Session) -> None:
    assert coordinator.get(HOME).status_code == 200
    session.get_one(User, coordinator.account.id).roles.clear()
    session.commit()
    assert coordinator.get(HOME).status_code == 404


def test_a_coordinator_s_account_is_not_closed_from_here(coordinator: PageClient) -> None:
    assert coordinator.get(f"/coordination/conseillers/{coordinator.account.id}/fermer").status_code == 404


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**400])
def test_a_number_of_no_account_is_no_page(coordinator: PageClient, number: int) -> None:
    assert coordinator.get(f"/coordination/conseillers/{number}/fermer").status_code == 404


def test_an_invitation_opens_an_account_and_sends_a_link(coordinator: PageClient, session: Session) -> None:
    sent = {"name": "Sacha Noir", "email": "Sacha@Reseau.example"}
    assert coordinator.submit(INVITE, INVITE, sent).status_code == 303
    user = session.scalars(select(User).where(User.email == "sacha@reseau.example")).one()
    assert session.scalars(select(Job.payload).where(Job.kind == "mail_invitation")).one() == {"user_id": user.id}
    assert "Sacha Noir" in coordinator.get(HOME).text


def test_an_invitation_opens_a_closed_account_again(
    coordinator: PageClient, session: Session, advisor: PageClient
) -> None:
    url = f"/coordination/conseillers/{advisor.account.id}/fermer"
    coordinator.submit(url, url)
    coordinator.submit(INVITE, INVITE, {"name": "Camille", "email": advisor.account.email})
    session.rollback()
    assert session.get_one(User, advisor.account.id, populate_existing=True).active


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "", "email": "sacha@reseau.example"}, "Écrivez son nom"),
        ({"name": "Sacha", "email": "sacha"}, "Écrivez son adresse mail"),
        ({"name": "Sacha", "email": "coordination@reseau.example"}, "déjà celle d’un compte de coordination"),
    ],
)
def test_a_bad_invitation_comes_back_with_words(coordinator: PageClient, fields: dict[str, str], said: str) -> None:
    answer = coordinator.submit(INVITE, INVITE, fields)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(("region", "seen"), [("76", True), ("11", False)])
def test_who_coordinates_a_region_sees_its_files_only(
    app: Flask, session: Session, settings: Settings, world: World, region: str, seen: bool
) -> None:
    browser = coordinating(app, session, settings, (region,))
    assert ("Les Jardins du Lez" in browser.get(FILES).text) is seen
    assert browser.get(world.page).status_code == (200 if seen else 404)


def test_looking_at_a_file_is_no_visit_of_the_association(
    coordinator: PageClient, session: Session, world: World
) -> None:
    coordinator.get(world.page)
    session.rollback()
    assert session.get_one(Assessment, world.assessment.id, populate_existing=True).visited_at is None
