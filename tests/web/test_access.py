"""The door: the private link and its cookie, what every answer says, and what is asked again when it cannot be kept."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from questionnaire.app import create_app
from questionnaire.extensions import place
from questionnaire.settings import Settings
from questionnaire.storage import links
from questionnaire.storage.models import Assessment, Job
from questionnaire.web.headers import masked
from tests import builders
from tests.conftest import opened
from tests.pages import PageClient, text_of

ADDRESSES = ["/", "/healthz", "/nothing-here", "/static/web.css", "/static/nothing.css", "/l/unknown", "/conseiller/"]


def profile(browser: PageClient) -> str:
    """The address of the first page of answers of this browser's assessment."""
    return f"/q/{browser.assessment_id}/profil"


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_headers(client: PageClient, address: str) -> None:
    headers = client.get(address).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("address", [each for each in ADDRESSES if not each.startswith("/static")])
def test_no_cache_keeps_a_page(client: PageClient, address: str) -> None:
    assert client.get(address).headers["Cache-Control"] == "no-store"


def test_over_tls_the_cookie_is_tied_to_the_host(settings: Settings) -> None:
    app = create_app(replace(settings, base_url="https://exemple.fr"))
    answer = app.test_client().get("/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-questionnaire=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_each_day_of_use_the_cookie_lasts_a_year_anew(respondent: PageClient) -> None:
    respondent.get(profile(respondent))
    assert "Set-Cookie" not in respondent.get(profile(respondent)).headers
    with respondent.session_transaction() as session:
        session["renewed"] = "2026-01-01"
    ((_, sent),) = SimpleCookie(respondent.get(profile(respondent)).headers["Set-Cookie"]).items()
    assert timedelta(days=364) < parsedate_to_datetime(sent["expires"]) - datetime.now(UTC) <= timedelta(days=365)
    assert respondent.get(profile(respondent)).status_code == 200


def test_a_link_is_swapped_for_a_cookie(respondent: PageClient) -> None:
    assert respondent.get(f"/q/{respondent.assessment_id}/").status_code == 200


def test_opening_a_link_writes_nothing(app: Flask, settings: Settings, assessment: Assessment) -> None:
    kept = Path(settings.database_url.removeprefix("sqlite:///"))
    before = list(sqlite3.connect(kept).iterdump())
    opened(app, assessment)
    assert list(sqlite3.connect(kept).iterdump()) == before


def test_an_unknown_link_and_an_erased_one_look_alike(
    client: PageClient, session: Session, assessment: Assessment, settings: Settings
) -> None:
    token = links.link_token(settings.secret_key, assessment)
    session.delete(assessment)
    session.commit()
    erased, unknown = client.get(f"/l/{token}"), client.get("/l/" + "a" * 43)
    assert (erased.status_code, erased.data) == (404, unknown.data)
    assert "Recevoir mon lien de nouveau" in erased.text


def test_a_replaced_link_closes_the_browsers_it_had_opened(
    respondent: PageClient, session: Session, assessment: Assessment, settings: Settings
) -> None:
    links.replace_link(session, assessment, settings.secret_key, builders.NOW)
    session.commit()
    assert respondent.get(profile(respondent)).status_code == 404


def test_a_lost_link_is_mailed_to_a_known_address(client: PageClient, session: Session, assessment: Assessment) -> None:
    assert client.submit("/retrouver", fields={"email": "CONTACT@jardins.example"}).status_code == 303
    assert [job.kind for job in session.query(Job)] == ["mail_private_link"]


def test_an_unknown_address_gets_the_same_answer(client: PageClient, session: Session) -> None:
    answer = client.submit("/retrouver", fields={"email": "nobody@exemple.fr"})
    assert (answer.status_code, answer.location) == (303, "/retrouver")
    assert session.query(Job).count() == 0


@pytest.mark.parametrize("path", ["/l/secret", "/conseiller/lien/secret"])
def test_the_log_masks_the_tokens(client: PageClient, caplog: pytest.LogCaptureFixture, path: str) -> None:
    with caplog.at_level(logging.INFO, "questionnaire.access"):
        client.get(path)
    assert len(caplog.records) == 1
    assert "secret" not in caplog.text


def test_the_log_stays_on_one_line() -> None:
    assert "\n" not in masked("/a\nb")


def posting_routes(app: Flask) -> Iterator[str]:
    """The address of each route that takes a POST, its parameters filled with something."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            yield re.sub(r"<[^>]+>", lambda match: "0" * 8 if "uuid" not in match[0] else "ID", rule.rule)


def test_no_route_writes_without_its_token(app: Flask, respondent: PageClient, settings: Settings) -> None:
    kept = Path(settings.database_url.removeprefix("sqlite:///"))
    before = list(sqlite3.connect(kept).iterdump())
    sent = {"complete": "1", "version": "0", "go": "", "association_name": "A", "email": "contact@jardins.example"}
    for address in posting_routes(app):
        respondent.post(address.replace("ID", respondent.assessment_id), data=sent)
    assert list(sqlite3.connect(kept).iterdump()) == before


def test_a_body_shorter_than_announced_is_refused(respondent: PageClient) -> None:
    answer = respondent.post(
        profile(respondent),
        data=b"complete=1",
        environ_overrides={"CONTENT_LENGTH": "500", "wsgi.input_terminated": True},
    )
    assert answer.status_code == 400


def test_a_body_too_long_is_refused(client: PageClient) -> None:
    assert client.post("/commencer", data={"association_name": "a" * 4_000_000}).status_code == 413


def test_too_many_fields_are_refused(client: PageClient) -> None:
    assert (
        client.post("/commencer", data=b"a=1&" * 5_000, content_type="application/x-www-form-urlencoded").status_code
        == 413
    )


def test_a_locked_database_gives_back_what_was_typed(
    respondent: PageClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = respondent.get(profile(respondent))
    lock = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    typed = {
        "csrf_token": token[1] if token else "",
        "complete": "1",
        "version": "0",
        "profile_success": "Un jardin partagé avec le quartier.",
    }
    answer = respondent.post(profile(respondent), data=typed)
    lock.execute("ROLLBACK")
    assert answer.status_code == 503
    assert "Un jardin partagé avec le quartier." in answer.text


def begin(app: Flask, name: str) -> TestResponse:
    """Begin an assessment from a browser that never came."""
    return PageClient(app, app.response_class).submit("/", fields={"association_name": name})


def test_a_room_of_twenty_gets_in_and_a_robot_does_not(settings: Settings) -> None:
    app = create_app(replace(settings, limits=True))
    room = [begin(app, name) for number in range(20) for name in ("", f"Club {number}")]  # each forgets the name first
    assert [answer.status_code for answer in room] == [422, 303] * 20
    refused = begin(app, "Robot")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert "Robot" in refused.text


def test_a_form_sent_twice_begins_and_counts_once(settings: Settings) -> None:
    browser = PageClient(create_app(replace(settings, limits=True)))
    browser.submit("/", fields={"association_name": "Club"})
    assert {browser.send_again().status_code for _ in range(20)} == {303}


def test_a_form_sent_again_opens_nothing_once_its_link_was_replaced(
    client: PageClient, session: Session, settings: Settings
) -> None:
    client.submit("/", fields={"association_name": "Club"})
    links.replace_link(session, session.query(Assessment).one(), settings.secret_key, builders.NOW)
    session.commit()
    assert client.send_again().status_code == 404
    assert "/q/" not in client.get("/").text


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "127.0.0.1"),
        ("unix:", "unix:"),
    ],
)
def test_limits_count_by_the_place_that_somebody_has(app: Flask, address: str, counted: str) -> None:
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": address}):
        assert place() == counted


def test_a_robot_with_a_network_of_addresses_is_one_robot(settings: Settings) -> None:
    browser = create_app(replace(settings, limits=True)).test_client()
    tried = [{"REMOTE_ADDR": f"2001:db8::{number:x}"} for number in range(31)]
    statuses = [browser.post("/reprendre", environ_overrides=each).status_code for each in tried]
    elsewhere = browser.post("/reprendre", environ_overrides={"REMOTE_ADDR": "2001:db8:0:1::1"})
    assert (statuses, elsewhere.status_code) == ([422] * 30 + [429], 422)


@pytest.mark.parametrize("way_in", ["/l/", "/suivi/", "/conseiller/lien/", "/e/"])
def test_guessing_links_is_stopped(settings: Settings, way_in: str) -> None:
    browser = create_app(replace(settings, limits=True)).test_client()
    statuses = [browser.get(f"{way_in}{number:043}").status_code for number in range(210)]
    assert set(statuses) == {404, 429}


@pytest.mark.parametrize("host", ["evil.example", "x" * 5000, "[::1", ""])
@pytest.mark.parametrize("path", ["/conseiller", "/coordination", "/conseiller//", "//evil.example/conseiller", "/"])
def test_no_address_is_built_from_what_a_request_says_of_the_host(client: PageClient, path: str, host: str) -> None:
    answer = client.get("/", headers={"Host": host}, environ_overrides={"PATH_INFO": path})
    assert answer.status_code in {200, 308, 404}
    assert answer.headers.get("Location", "http://127.0.0.1:8000/").startswith("http://127.0.0.1:8000/")


def test_links_start_with_the_address_that_was_set(respondent: PageClient) -> None:
    answer = respondent.get(f"/q/{respondent.assessment_id}/lien", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in answer.text
    assert "http://127.0.0.1:8000/l/" in answer.text


def test_an_error_page_says_what_to_do(client: PageClient) -> None:
    page = client.page("/nothing-here", status=404)
    assert "ouvrez votre lien privé" in text_of(page)
