"""The second factor: set up with a telephone, asked for at each sign-in, accepted once, replaced by recovery codes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire.settings import Settings
from questionnaire.storage import second_factor, signin
from questionnaire.storage.accounts import User
from tests import builders
from tests.conftest import signed_in
from tests.pages import PageClient

SETTINGS = "/conseiller/double-verification"
BEGIN = f"{SETTINGS}/preparer"
REMOVE = f"{SETTINGS}/retirer"
CODE = "/conseiller/code"
LATER = timedelta(seconds=30)


def code_of(session: Session, settings: Settings, user: User, after: timedelta = timedelta(0)) -> str:
    """What the telephone shows, `after` a while."""
    session.rollback()
    factor = second_factor.factor_of(session, user)
    assert factor
    code: str = second_factor.totp(settings.secret_key, factor).generate(datetime.now(UTC) + after).token
    session.rollback()  # the test holds no snapshot while browsers write
    return code


def set_up(browser: PageClient, session: Session, settings: Settings) -> list[str]:
    """Set the second factor of this account up; return its recovery codes."""
    assert browser.submit(SETTINGS, BEGIN).status_code == 303
    shown = browser.submit(SETTINGS, SETTINGS, {"code": code_of(session, settings, browser.account)})
    assert shown.status_code == 200
    return re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</li>", shown.text)


def enter(app: Flask, session: Session, user: User) -> PageClient:
    """Another browser, that came by a mailed link and gave no code yet."""
    session.rollback()
    token = signin.make_link(session, user, "sign-in", datetime.now(UTC))
    session.commit()
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    browser.account = user
    assert browser.submit(f"/conseiller/lien/{token}").status_code == 303
    return browser


def test_a_link_alone_opens_nothing_once_there_is_a_second_factor(
    app: Flask, advisor: PageClient, session: Session, settings: Settings
) -> None:
    set_up(advisor, session, settings)
    browser = enter(app, session, advisor.account)
    assert browser.get("/conseiller/").location.startswith("/conseiller/connexion")
    assert browser.get("/conseiller/connexion").location == CODE
    later = code_of(session, settings, advisor.account, LATER)
    assert browser.submit(CODE, fields={"code": later}).location == "/conseiller/"
    assert browser.get("/conseiller/").status_code == 200


def test_the_browser_that_set_it_up_goes_on(advisor: PageClient, session: Session, settings: Settings) -> None:
    set_up(advisor, session, settings)
    assert advisor.get("/conseiller/").status_code == 200


def test_other_open_browsers_are_asked_for_the_code(
    app: Flask, advisor: PageClient, session: Session, settings: Settings
) -> None:
    other = enter(app, session, advisor.account)
    assert other.get("/conseiller/").status_code == 200
    set_up(advisor, session, settings)
    assert other.get("/conseiller/").status_code == 303


def test_a_code_is_accepted_once(app: Flask, advisor: PageClient, session: Session, settings: Settings) -> None:
    set_up(advisor, session, settings)
    code = code_of(session, settings, advisor.account, LATER)
    first, second = (enter(app, session, advisor.account) for _ in range(2))
    assert first.submit(CODE, fields={"code": code}).status_code == 303
    refused = second.submit(CODE, fields={"code": code})
    assert refused.status_code == 422
    assert "ne convient pas" in refused.text


@pytest.mark.parametrize("code", ["", "000000", "12345", "ABCD-EFGH-JKMN", "²²²²²²", "x" * 4000])
def test_a_wrong_code_opens_nothing(
    app: Flask, advisor: PageClient, session: Session, settings: Settings, code: str
) -> None:
    set_up(advisor, session, settings)
    browser = enter(app, session, advisor.account)
    assert browser.submit(CODE, fields={"code": code}).status_code == 422
    assert browser.get("/conseiller/").status_code == 303


def test_a_recovery_code_opens_once(app: Flask, advisor: PageClient, session: Session, settings: Settings) -> None:
    codes = set_up(advisor, session, settings)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    first, second = (enter(app, session, advisor.account) for _ in range(2))
    assert first.submit(CODE, fields={"code": codes[0].lower()}).status_code == 303
    assert second.submit(CODE, fields={"code": codes[0]}).status_code == 422
    assert "9 codes de secours" in first.get(SETTINGS).text


def test_recovery_codes_are_shown_once_and_kept_as_digests(
    advisor: PageClient, session: Session, settings: Settings
) -> None:
    codes = set_up(advisor, session, settings)
    assert codes[0] not in advisor.get(SETTINGS).text
    session.rollback()
    kept = session.connection().exec_driver_sql("SELECT code_sha256 FROM recovery_code").scalars().all()
    assert not {code.replace("-", "") for code in codes} & set(kept)


def test_new_recovery_codes_end_the_old_ones(
    app: Flask, advisor: PageClient, session: Session, settings: Settings
) -> None:
    old = set_up(advisor, session, settings)
    again = code_of(session, settings, advisor.account, LATER)
    assert advisor.submit(SETTINGS, SETTINGS, {"code": again}).status_code == 200
    assert enter(app, session, advisor.account).submit(CODE, fields={"code": old[1]}).status_code == 422


def test_a_secret_is_not_shown_again(advisor: PageClient, session: Session, settings: Settings) -> None:
    set_up(advisor, session, settings)
    factor = second_factor.factor_of(session, advisor.account)
    assert factor
    assert second_factor.totp(settings.secret_key, factor).pretty_key(sep=" ") not in advisor.get(SETTINGS).text


def test_an_advisor_may_take_it_away_with_a_code(advisor: PageClient, session: Session, settings: Settings) -> None:
    codes = set_up(advisor, session, settings)
    page = advisor.submit(SETTINGS, SETTINGS, {"code": "000000"})
    assert page.status_code == 422
    _, fields = advisor.sent
    assert advisor.post(REMOVE, data={**fields, "code": codes[0]}).status_code == 303
    assert "Préparer" in advisor.get(SETTINGS).text


def test_who_coordinates_may_not_take_it_away(coordinator: PageClient) -> None:
    coordinator.submit(SETTINGS, SETTINGS, {"code": "000000"})
    _, fields = coordinator.sent
    assert coordinator.post(REMOVE, data=fields).status_code == 422
    assert coordinator.get("/coordination/").status_code == 200


def test_no_page_of_coordination_opens_without_it(app: Flask, session: Session) -> None:
    user = builders.a_coordinator(session, "neuve@reseau.example")
    browser = signed_in(app, session, user.email, user)
    for page in ("/coordination/", "/coordination/dossiers", "/coordination/inviter"):
        assert browser.get(page).location == SETTINGS


def test_a_new_password_keeps_this_browser_in(advisor: PageClient, session: Session, settings: Settings) -> None:
    set_up(advisor, session, settings)
    page, new = "/conseiller/mot-de-passe", "un jardin de garrigue"
    assert advisor.submit(page, page, {"new_password": new, "new_password_confirm": new}).status_code == 303
    assert advisor.get("/conseiller/").status_code == 200
