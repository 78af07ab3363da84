"""The observatory's pages: what was published, and nothing else; and where who coordinates publishes it."""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire import publishing
from questionnaire.core.framework import Framework
from questionnaire.core.loading import published
from questionnaire.extensions import jobs
from questionnaire.settings import Settings
from questionnaire.storage import observatory, outbox
from questionnaire.storage.observatory_models import ObservatoryRelease
from tests import builders, observed
from tests.builders import NOW
from tests.conftest import coordinating
from tests.pages import PageClient, text_of

PUBLISHING = "/coordination/observatoire"


@pytest.fixture
def kept(session: Session, framework: Framework) -> ObservatoryRelease:
    """The release of a network of two regions."""
    observed.a_network(session, framework, builders.an_advisor(session), 60)
    made = publishing.keep(session, publishing.prepare(session, published()), by=None, now=NOW)
    session.commit()
    return made


@pytest.fixture
def one(session: Session, framework: Framework) -> ObservatoryRelease:
    """A release of the themes alone, of all and of Occitanie, as if one had been published."""
    observed.a_release(session, framework, 1)
    session.commit()
    return observatory.releases(session)[0]


def words(client: PageClient, url: str) -> str:
    return text_of(client.page(url))


def test_before_the_first_release_the_page_says_so(client: PageClient) -> None:
    assert "Rien n’est encore publié" in words(client, "/observatoire/")
    assert "Rien n’est encore publié" in words(client, "/observatoire/76")


def test_the_newest_release_is_read_in_words_then_in_tables(client: PageClient, kept: ObservatoryRelease) -> None:
    said = words(client, "/observatoire/")
    assert "Environ 60 associations comptent ici" in said
    assert "La fragilité qu’elles rencontrent le plus" in said
    assert "règles de confidentialité inspirées de la statistique publique" in said
    assert "5 % ou moins" in said


def test_a_region_has_a_page_of_its_own(client: PageClient, one: ObservatoryRelease) -> None:
    assert "Observatoire : Occitanie" in words(client, "/observatoire/76")
    assert "Rien n’est publié pour cette région" in words(client, "/observatoire/53")


@pytest.mark.parametrize("path", ["99", "publications/2", "publications/0.csv", f"publications/{2**40}.json"])
def test_what_was_never_published_is_not_found(client: PageClient, one: ObservatoryRelease, path: str) -> None:
    assert client.get(f"/observatoire/{path}").status_code == 404


def test_the_files_hold_the_very_release(client: PageClient, one: ObservatoryRelease) -> None:
    assert client.get("/observatoire/publications/1.json").data == one.content.encode()
    table = client.get("/observatoire/publications/1.csv").data.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(table), delimiter=";"))) == len(json.loads(one.content)["figures"]) + 1


def test_a_cache_may_keep_them_and_no_cookie_is_set(client: PageClient, one: ObservatoryRelease) -> None:
    for path in ("", "76", "publications/1", "publications/1.csv", "publications/1.json"):
        answer = client.get(f"/observatoire/{path}")
        assert (answer.cache_control.public, answer.headers.getlist("Set-Cookie")) == (True, [])


def test_a_message_to_somebody_is_kept_by_no_cache(app: Flask, client: PageClient) -> None:
    with client.session_transaction() as session:
        session["_flashes"] = [("success", "Tout est supprimé.")]
    answer = client.get("/observatoire/")
    assert ("Tout est supprimé" in answer.text, answer.headers["Cache-Control"]) == (True, "no-store")


@pytest.mark.parametrize("path", ["", "publications/1.csv"])
def test_no_cache_keeps_what_somebodys_cookie_leaves_with(
    advisor: PageClient, one: ObservatoryRelease, path: str
) -> None:
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}  # noted in the session by Flask-Login, which sends its cookie anew
    answer = advisor.get(f"/observatoire/{path}", environ_overrides=elsewhere)
    assert answer.headers.getlist("Set-Cookie")
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_coordinates_publishes_without_a_preview(
    app: Flask, coordinator: PageClient, session: Session, framework: Framework
) -> None:
    observed.a_network(session, framework, builders.an_advisor(session), 24)
    session.commit()
    assert "environ 25" in words(coordinator, PUBLISHING)
    assert coordinator.submit(f"{PUBLISHING}/publier", f"{PUBLISHING}/publier").status_code == 303
    coordinator.send_again()
    assert "Une publication se prépare" in words(coordinator, PUBLISHING)
    with app.app_context():
        jobs().run_due()
    assert "Publication n° 1" in words(coordinator, PUBLISHING)
    assert [each.published_by for each in observatory.releases(session)] == [coordinator.account.id]


def test_who_coordinates_some_regions_sees_how_it_stands_and_does_not_publish(
    app: Flask, session: Session, settings: Settings, framework: Framework
) -> None:
    observed.a_network(session, framework, builders.an_advisor(session), 24)
    regional = coordinating(app, session, settings, ("76",))
    assert "qui coordonne tout le réseau la fait" in words(regional, PUBLISHING)
    assert regional.get(f"{PUBLISHING}/publier").status_code == 404
    assert regional.post(f"{PUBLISHING}/publier", data={"complete": "1"}).status_code == 404
    assert not outbox.waiting(session, outbox.PUBLISH)


def test_below_eleven_nothing_is_published(coordinator: PageClient, session: Session, framework: Framework) -> None:
    observed.a_network(session, framework, builders.an_advisor(session), 10)
    session.commit()
    assert "moins de 11" in words(coordinator, PUBLISHING)
    answer = coordinator.submit(f"{PUBLISHING}/publier", f"{PUBLISHING}/publier")
    assert (answer.status_code, "Moins de 11 associations" in answer.text) == (422, True)


def test_why_nothing_new_was_published_is_told(
    app: Flask, coordinator: PageClient, session: Session, framework: Framework, kept: ObservatoryRelease
) -> None:
    coordinator.submit(f"{PUBLISHING}/publier", f"{PUBLISHING}/publier")
    with app.app_context():
        jobs().run_due()
    assert "Aucun chiffre nouveau" in words(coordinator, PUBLISHING)
