"""The ways in and out of the advisors' room: the mailed link, the password, the end of a session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaire.storage import signin
from questionnaire.storage.accounts import SignInLink, User
from questionnaire.storage.models import Job
from tests import builders
from tests.pages import PageClient

SIGN_IN = "/conseiller/connexion"
SEND = "/conseiller/connexion/lien"
OUT = "/conseiller/deconnexion"
PASSWORD = "un jardin de garrigue"


@pytest.fixture
def user(app: Flask, session: Session) -> User:
    with app.app_context():
        user = builders.an_advisor(session, password=hash_password(PASSWORD))
    session.commit()
    return user


def link(session: Session, user: User, *, age: timedelta = timedelta(0)) -> str:
    token = signin.make_link(session, user, "sign-in", datetime.now(UTC) - age)
    session.commit()
    return f"/conseiller/lien/{token}"


def enter(browser: PageClient, password: str = PASSWORD, **fields: str) -> int:
    sent = {"email": "camille@reseau.example", "password": password, **fields}
    return browser.submit(SIGN_IN, SIGN_IN, sent).status_code


def test_a_mail_scanner_uses_nothing_up(client: PageClient, session: Session, user: User) -> None:
    url = link(session, user)
    assert [client.get(url).status_code, client.head(url).status_code, client.get(url).status_code] == [200] * 3
    assert client.get("/conseiller/").status_code == 303
    assert client.submit(url).status_code == 303
    assert client.get("/conseiller/").status_code == 200


def test_a_mailed_link_signs_in_once(app: Flask, client: PageClient, session: Session, user: User) -> None:
    url = link(session, user)
    form = client.submit(url)
    again = client.post(url, data={"complete": "1", "csrf_token": "x"})
    assert (form.status_code, again.status_code) == (303, 404)


def test_only_the_digest_of_a_link_is_kept(session: Session, user: User) -> None:
    token = link(session, user).rpartition("/")[2]
    assert session.scalars(select(SignInLink.token_sha256)).one() != token


def test_a_link_without_the_page_s_token_signs_nobody_in(client: PageClient, session: Session, user: User) -> None:
    assert client.post(link(session, user), data={"complete": "1"}).status_code in {400, 422}
    assert client.get("/conseiller/").status_code == 303


def test_a_link_ends_after_a_quarter_of_an_hour(client: PageClient, session: Session, user: User) -> None:
    assert client.get(link(session, user, age=timedelta(minutes=16))).status_code == 404


def test_known_and_unknown_addresses_get_the_same_answer(client: PageClient, session: Session, user: User) -> None:
    answers = [client.submit(SIGN_IN, SEND, {"email": email}) for email in (user.email, "personne@ailleurs.example")]
    assert answers[0].status_code == answers[1].status_code == 303
    assert answers[0].location == answers[1].location
    assert len(list(session.scalars(select(Job).where(Job.kind == "mail_sign_in")))) == 2


@pytest.mark.parametrize("action", [SEND, SIGN_IN])
def test_an_address_without_end_is_measured_before_it_is_read(client: PageClient, action: str) -> None:
    answer = client.submit(SIGN_IN, action, {"email": "a" * 5_000 + "@exemple.fr", "password": PASSWORD})
    assert (answer.status_code, "254" in answer.text) == (422, True)


def test_a_password_signs_in(client: PageClient, user: User) -> None:
    assert enter(client) == 303
    assert client.get("/conseiller/").status_code == 200


@pytest.mark.parametrize("email", ["camille@reseau.example", "personne@ailleurs.example"])
def test_a_wrong_password_says_the_same_for_everybody(client: PageClient, user: User, email: str) -> None:
    answer = client.submit(SIGN_IN, SIGN_IN, {"email": email, "password": "autre chose"})
    assert answer.status_code == 422
    assert "ne convient pas" in answer.text
    assert email in answer.text


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/conseiller/mot-de-passe", "/conseiller/mot-de-passe"),
        ("//ailleurs.example", "/conseiller/"),
        ("https://ailleurs.example/conseiller/", "/conseiller/"),
        ("/conseiller/\\ailleurs.example", "/conseiller/"),
        ("/q/1", "/conseiller/"),
    ],
)
def test_signing_in_leads_only_to_our_own_pages(client: PageClient, user: User, asked: str, led: str) -> None:
    sent = {"email": user.email, "password": PASSWORD, "next": asked}
    assert client.submit(SIGN_IN, SIGN_IN, sent).location == led


def test_a_copied_cookie_opens_nothing_after_log_out(app: Flask, client: PageClient, user: User) -> None:
    enter(client)
    kept = client.get_cookie("questionnaire")
    assert kept
    client.submit("/conseiller/", OUT)
    client.set_cookie("questionnaire", kept.value)
    assert client.get("/conseiller/").status_code == 303


def test_a_closed_account_is_out_at_the_next_request(client: PageClient, session: Session, user: User) -> None:
    enter(client)
    user.active = False
    session.commit()
    assert client.get("/conseiller/").status_code == 303


def test_signing_in_keeps_only_the_respondent_s_own_links(respondent: PageClient, user: User) -> None:
    with respondent.session_transaction() as cookie:
        cookie["planted"] = "x"
        before = cookie.get("csrf_token")
    enter(respondent)
    with respondent.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != before or before is None
    assert respondent.get(f"/q/{respondent.assessment_id}/").status_code == 200


def test_after_a_mailed_link_a_password_is_chosen_without_the_old_one(advisor: PageClient, client: PageClient) -> None:
    new = {"new_password": PASSWORD, "new_password_confirm": PASSWORD}
    page = "/conseiller/mot-de-passe"
    assert advisor.submit(page, page, new).status_code == 303
    assert advisor.get("/conseiller/").status_code == 200
    assert enter(client) == 303


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"password": "faux", "new_password": "x" * 14, "new_password_confirm": "x" * 14}, "mot de passe actuel"),
        ({"password": PASSWORD, "new_password": "court", "new_password_confirm": "court"}, "12"),
        ({"password": PASSWORD, "new_password": "x" * 14, "new_password_confirm": "y" * 14}, "identiques"),
    ],
)
def test_a_bad_new_password_comes_back_with_words(
    client: PageClient, user: User, given: dict[str, str], said: str
) -> None:
    enter(client)
    page = "/conseiller/mot-de-passe"
    answer = client.submit(page, page, given)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_new_password_ends_every_other_session(app: Flask, client: PageClient, user: User) -> None:
    other = app.test_client()
    assert isinstance(other, PageClient)
    enter(other)
    enter(client)
    page, new = "/conseiller/mot-de-passe", "une autre garrigue"
    sent = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    assert client.submit(page, page, sent).status_code == 303
    assert other.get("/conseiller/").status_code == 303
    assert client.get("/conseiller/").status_code == 200
