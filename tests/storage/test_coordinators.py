"""Accounts from the operator's door: appointed, closed at once, a lost telephone forgotten. On both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from questionnaire.operations import inviting
from questionnaire.operations.opening import CannotOpen, open_application
from questionnaire.settings import Settings
from questionnaire.storage import coordinators, second_factor, signin
from questionnaire.storage.accounts import account_with, active_advisors
from tests import builders

EMAIL = "alix@reseau.example"


def test_who_is_appointed_follows_no_association_any_more(session: Session) -> None:
    user = builders.an_advisor(session, EMAIL)
    coordinators.appoint(session, user, ("76", "11", "76"))
    assert (user.coordinates, coordinators.regions_of(session, user)) == (True, ("11", "76"))
    assert active_advisors(session) == []
    coordinators.appoint(session, user)
    assert coordinators.regions_of(session, user) == ()


def test_a_closed_account_has_no_session_and_no_role(session: Session) -> None:
    user, now = builders.a_coordinator(session, EMAIL, ("76",)), datetime.now(UTC)
    opened = signin.open_session(session, user, now)
    coordinators.close_account(session, user, now)
    user.active = True
    assert signin.session_user(session, opened.id, now) is None
    assert (user.coordinates, coordinators.regions_of(session, user)) == (False, ())


def test_another_key_gives_other_codes(session: Session) -> None:
    factor = second_factor.begin_factor(session, builders.an_advisor(session, EMAIL))
    now = datetime.now(UTC)
    code = second_factor.totp(b"one", factor).generate(now).token
    assert not second_factor.accept_code(session, b"another", factor, code, now)
    assert second_factor.accept_code(session, b"one", factor, code, now)
    assert not second_factor.accept_code(session, b"one", factor, code, now)


@pytest.fixture
def operator(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line on a data folder of its own."""
    monkeypatch.setenv("QUESTIONNAIRE_INSTANCE", str(settings.instance))


@pytest.mark.usefixtures("operator")
def test_the_operator_appoints_closes_and_opens_again() -> None:
    assert "/conseiller/lien/" in inviting.invite(EMAIL, "Alix", coordinator=True, regions=["76"])
    assert "compte fermé" in inviting.disable(EMAIL)
    assert "double vérification retirée" in inviting.forget_second_factor(EMAIL)
    inviting.invite(EMAIL, "")
    from questionnaire.extensions import db

    with open_application().app_context():
        user = account_with(db.session, EMAIL)
        assert user is not None
        assert (user.active, user.coordinates) == (True, False)


@pytest.mark.usefixtures("operator")
def test_the_operator_is_told_what_does_not_fit() -> None:
    with pytest.raises(CannotOpen, match=r"Région inconnue.: 99.*11 Île-de-France"):
        inviting.invite(EMAIL, "", coordinator=True, regions=["99"])
    with pytest.raises(CannotOpen, match="va avec --coordinator"):
        inviting.invite(EMAIL, "", regions=["76"])
    with pytest.raises(CannotOpen, match="Aucun compte"):
        inviting.disable("personne@ailleurs.example")
