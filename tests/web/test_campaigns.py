"""Campaigns: opened, joined by their link, filled from a file, invited, by telephone; never an answer seen."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.settings import Settings
from questionnaire.storage import assessments, campaigns, retention
from questionnaire.storage.installation_models import PastCount
from questionnaire.storage.models import Assessment, Campaign, Job
from questionnaire.storage.portfolio_models import Imported
from tests import builders
from tests.conftest import coordinating, opened
from tests.pages import PageClient
from tests.web.test_contact import mails

BEGIN = "/c/LEZ-2027"
CANARY = "Canari-7391"
FILE = """Nom;Mail;RNA;SIREN;Département
Les Amis du Lez;amis@lez.example;W343012345;;34
École ouverte;ecole@lez.example;;732829320;1
"""


@pytest.fixture
def campaign(session: Session, coordinator: PageClient, advisor: PageClient) -> Campaign:
    """A campaign that is open, followed by the advisor."""
    today = datetime.now(UTC).date()
    campaign = Campaign(
        name="Vallée du Lez", code="LEZ-2027", starts_on=today - timedelta(3), ends_on=today + timedelta(3)
    )
    campaign.introduction, campaign.opened_by = "Avec la communauté de communes.", coordinator.account.id
    campaigns.change(session, campaign, {}, [advisor.account.id])
    session.commit()
    return campaign


def page(campaign: Campaign, rest: str = "") -> str:
    return f"/coordination/campagnes/{campaign.id}{rest}"


def send(browser: PageClient, campaign: Campaign, content: bytes) -> Any:
    url = page(campaign, "/associations")
    return browser.submit(url, url, {"file": (io.BytesIO(content), "associations.csv")})


def listed(session: Session, campaign: Campaign) -> list[Assessment]:
    session.rollback()
    query = select(Assessment).join(Imported).where(Assessment.campaign_id == campaign.id)
    return sorted(session.scalars(query), key=lambda each: each.association.name)


def test_a_campaign_is_opened_and_changed(coordinator: PageClient, advisor: PageClient, session: Session) -> None:
    new = "/coordination/campagnes/nouvelle"
    typed = {"name": "Lez", "code": "lez-1", "starts_on": "2027-01-01", "ends_on": "2027-02-01", "introduction": ""}
    made = coordinator.submit(new, new, {**typed, "advisors": [str(advisor.account.id)]})
    assert made.status_code == 303
    assert "/c/LEZ-1" in coordinator.get(made.location).text
    assert coordinator.submit(made.location, made.location, {"name": "Autre"}).status_code == 303
    assert session.scalars(select(Campaign.name)).all() == ["Autre"]
    assert "Autre" in advisor.get("/conseiller/campagnes").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "é"}, "de 3 à 20 lettres"),
        ({"code": "LEZ-2027"}, "déjà ce code"),
        ({"starts_on": "2027-03-01"}, "finit avant d’avoir commencé"),
        ({"ends_on": ""}, "Choisissez le dernier jour"),
        ({"name": ""}, "Écrivez le nom"),
    ],
)
def test_a_bad_campaign_comes_back_with_words(
    coordinator: PageClient, campaign: Campaign, typed: dict[str, str], said: str
) -> None:
    new = "/coordination/campagnes/nouvelle"
    whole = {"name": "Lez", "code": "LEZ-1", "starts_on": "2027-01-01", "ends_on": "2027-02-01"}
    answer = coordinator.submit(new, new, whole | typed)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_what_its_link_begins_belongs_to_it(client: PageClient, session: Session, campaign: Campaign) -> None:
    assert "communauté de communes" in client.get(BEGIN.lower()).text
    assert client.submit(BEGIN, BEGIN, {"association_name": "Les Jardins du Lez"}).status_code == 303
    assert session.scalars(select(Assessment.campaign_id)).all() == [campaign.id]


@pytest.mark.parametrize(("days", "said"), [(-10, "s’est terminée"), (10, "commence le")])
def test_its_link_is_kind_before_and_after(
    client: PageClient, session: Session, campaign: Campaign, days: int, said: str
) -> None:
    client.submit(BEGIN, BEGIN, {"association_name": ""})
    campaign.starts_on += timedelta(days)
    campaign.ends_on += timedelta(days)
    session.commit()
    assert said in client.get(BEGIN).text
    assert client.post(BEGIN, data={**client.sent[1], "association_name": "Trop tard"}).status_code == 422
    assert session.scalar(select(func.count(Assessment.id))) == 0


def test_what_was_typed_too_late_can_begin_outside_it(client: PageClient, session: Session, campaign: Campaign) -> None:
    client.submit(BEGIN, BEGIN, {"association_name": ""})
    campaign.ends_on = campaign.starts_on
    session.commit()
    late = client.post(BEGIN, data={**client.sent[1], "association_name": "Trop tard"})
    assert 'value="Trop tard"' in late.text
    assert 'action="/commencer"' in late.text


def test_its_code_stays_once_posters_carry_it(coordinator: PageClient, campaign: Campaign) -> None:
    answer = coordinator.submit(page(campaign), page(campaign), {"code": "AUTRE"})
    assert (answer.status_code, "Le code ne change plus" in answer.text) == (422, True)


@pytest.mark.parametrize("code", ["RIEN", "%00", "LEZ%002027"])
def test_an_unknown_code_is_no_page(client: PageClient, code: str) -> None:
    assert client.get(f"/c/{code}").status_code == 404


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_file_fills_the_list(
    coordinator: PageClient, session: Session, campaign: Campaign, encoding: str, delimiter: str
) -> None:
    answer = send(coordinator, campaign, FILE.replace(";", delimiter).replace("\n", "\r\n").encode(encoding))
    assert answer.status_code == 303
    first, second = listed(session, campaign)
    assert (first.association.name, first.association.rna, first.department) == ("Les Amis du Lez", "W343012345", "34")
    assert (second.association.name, second.association.siren, second.department) == (
        "École ouverte",
        "732829320",
        "01",
    )


def test_the_same_file_twice_adds_nobody_twice(coordinator: PageClient, session: Session, campaign: Campaign) -> None:
    send(coordinator, campaign, FILE.encode())
    send(coordinator, campaign, FILE.encode())
    assert "Déjà dans la liste\u202f: 2" in coordinator.get(page(campaign, "/associations")).text
    assert len(listed(session, campaign)) == 2


def test_one_bad_line_imports_nothing_and_every_fault_is_said(
    coordinator: PageClient, session: Session, campaign: Campaign
) -> None:
    bad = "nom;mail;siren;departement\nBonne;a@b.example;;\n;pas-un-mail;12;999\nDouble;A@B.example;;\n"
    answer = send(coordinator, campaign, bad.encode())
    assert answer.status_code == 422
    for said in ("Ligne 3", "le nom de l’association manque", "pas-un-mail", "SIREN", "999", "déjà ligne 2"):
        assert said in answer.text
    assert listed(session, campaign) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choisissez le fichier"),
        (b"\x89PNG\x00\x01", "pas un CSV"),
        (b"colonne;autre\na;b\n", "doit nommer les colonnes"),
        (b"nom;mail\n", "aucune association"),
        (b"nom;mail\n" + b"a;a@b.example\n" * 2001, "2000 au plus"),
        (b'nom;mail\n"jamais ferm', "jamais refermé"),
        (b"nom;mail\n\x81a;a@b.example\n", "Ligne 2"),
    ],
)
def test_what_is_no_such_file_is_said(coordinator: PageClient, campaign: Campaign, content: bytes, said: str) -> None:
    answer = send(coordinator, campaign, content)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_everybody_not_invited_yet_receives_the_message_once(
    app: Flask, coordinator: PageClient, session: Session, settings: Settings, campaign: Campaign
) -> None:
    send(coordinator, campaign, FILE.encode())
    url = page(campaign, "/inviter")
    assert coordinator.submit(url, url, {"text": ""}).status_code == 422
    for _ in range(2):
        assert coordinator.submit(url, url, {"text": "Alix vous écrit."}).status_code == 303
    assert session.scalar(select(func.count(Job.id)).where(Job.kind == "mail_campaign")) == 2
    sent = "".join(mails(app, settings))
    assert sent.count("Alix vous écrit.") == 2
    assert "/l/" in sent


def test_who_has_not_finished_is_written_to_again_if_asked(
    app: Flask, coordinator: PageClient, session: Session, settings: Settings, campaign: Campaign
) -> None:
    send(coordinator, campaign, FILE.encode())
    url = page(campaign, "/inviter")
    coordinator.submit(url, url, {"text": "Première lettre."})
    done = listed(session, campaign)[0]
    done.state, done.finished_at = "finished", builders.NOW
    session.commit()
    coordinator.submit(url, url, {"text": "Seconde lettre.", "again": "y"})
    sent = "".join(mails(app, settings))
    assert (sent.count("Première lettre."), sent.count("Seconde lettre.")) == (1, 1)


def test_nobody_is_invited_to_what_is_over(coordinator: PageClient, session: Session, campaign: Campaign) -> None:
    send(coordinator, campaign, FILE.encode())
    campaign.ends_on = campaign.starts_on
    session.commit()
    url = page(campaign, "/inviter")
    answer = coordinator.submit(url, url, {"text": "Venez."})
    assert (answer.status_code, "Cette campagne est finie" in answer.text, "Venez." in answer.text) == (422, True, True)


def test_the_list_says_how_far_each_is_and_nothing_more(
    app: Flask, coordinator: PageClient, advisor: PageClient, session: Session, campaign: Campaign
) -> None:
    send(coordinator, campaign, FILE.encode())
    begun = listed(session, campaign)[0]
    assessments.save_page(session, begun, "ECO", 0, {"ECO-1a": {"value": 1, "comment": CANARY}}, builders.NOW)
    session.commit()
    for browser, url in (
        (coordinator, page(campaign, "/associations")),
        (advisor, f"/conseiller/campagnes/{campaign.id}"),
    ):
        shown = browser.get(f"{url}?etat=commence").text
        assert "Les Amis du Lez" in shown
        assert "École ouverte" not in shown
        assert "École ouverte" in browser.get(f"{url}?recherche=ecole@").text
        assert CANARY not in shown + browser.get(url).text


def test_an_advisor_fills_in_by_telephone_who_has_not_begun(
    app: Flask,
    coordinator: PageClient,
    advisor: PageClient,
    session: Session,
    settings: Settings,
    campaign: Campaign,
) -> None:
    send(coordinator, campaign, FILE.encode())
    first, second = listed(session, campaign)
    url = f"/conseiller/campagnes/{campaign.id}/telephone/{first.id}"
    assert advisor.submit(url, url).status_code == 422
    assert advisor.submit(url, url, {"agreed": "y"}).location == f"/conseiller/saisie/{first.id}"
    assert advisor.get(f"/conseiller/saisie/{first.id}").status_code == 200
    theirs = opened(app, first).get(f"/q/{first.id}/").text
    assert "Camille Martin" in theirs
    assert "par téléphone" in theirs
    assert any("amis@lez.example" in each and "/l/" in each for each in mails(app, settings))
    session.rollback()  # what the requests wrote is seen from here
    assessments.save_page(session, second, "ECO", 0, {"ECO-1a": {"value": 1}}, builders.NOW)
    session.commit()
    assert advisor.get(f"/conseiller/campagnes/{campaign.id}/telephone/{second.id}").status_code == 404


def test_a_follower_removed_is_out_at_the_next_request(
    coordinator: PageClient, advisor: PageClient, campaign: Campaign
) -> None:
    url = f"/conseiller/campagnes/{campaign.id}"
    assert advisor.get(url).status_code == 200
    coordinator.submit(page(campaign), page(campaign), {"advisors": [""]})
    assert advisor.get(url).status_code == 404


def test_who_coordinates_a_region_sees_their_own_campaigns(
    app: Flask, session: Session, settings: Settings, campaign: Campaign
) -> None:
    browser = coordinating(app, session, settings, ("76",))
    assert browser.get(page(campaign)).status_code == 404
    assert "Vallée du Lez" not in browser.get("/coordination/campagnes").text


def test_the_poster_is_a_page_with_its_link(coordinator: PageClient, campaign: Campaign) -> None:
    drawn = coordinator.get(page(campaign, "/affiche.pdf"))
    assert (drawn.status_code, drawn.mimetype, drawn.data[:5]) == (200, "application/pdf", b"%PDF-")


def test_an_association_never_written_to_is_erased_without_a_letter(
    coordinator: PageClient, session: Session, campaign: Campaign, framework: Framework
) -> None:
    send(coordinator, campaign, FILE.encode())
    later = listed(session, campaign)[0].created_at + retention.PERIODS["draft"]
    retention.warn(session, later)
    assert retention.erase_some(session, later + retention.WARNING) == 2
    assert session.scalar(select(func.count()).select_from(Imported)) == 0
    assert session.scalar(select(func.count(Job.id)).where(Job.kind == "mail_before_erasing")) == 0
    assert session.scalar(select(func.count()).select_from(PastCount)) == 0


def test_a_campaign_is_forgotten_three_years_after_its_end(session: Session, campaign: Campaign) -> None:
    after = datetime.now(UTC) + retention.PERIODS["campaign"] + timedelta(days=5)
    retention.forget(session, after)
    assert session.scalar(select(func.count(Campaign.id))) == 0
