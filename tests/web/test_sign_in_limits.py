"""Guessing a password ends soon for one account, known or not, and never shuts its owner out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from questionnaire.settings import Settings
from questionnaire.storage import second_factor, signin
from tests import builders
from tests.pages import PageClient

SIGN_IN = "/conseiller/connexion"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The same installation with its limits on."""
    return replace(settings, limits=True)


@pytest.mark.parametrize("email", ["camille@reseau.example", "personne@ailleurs.example"])
def test_the_eleventh_try_is_not_even_looked_at(client: PageClient, session: Session, email: str) -> None:
    user = builders.an_advisor(session)
    url = f"/conseiller/lien/{signin.make_link(session, user, 'sign-in', datetime.now(UTC))}"
    session.commit()
    tries = [
        client.submit(SIGN_IN, SIGN_IN, {"email": email.upper(), "password": f"essai {number}"}) for number in range(11)
    ]
    assert [answer.status_code for answer in tries] == [422] * 10 + [429]
    assert client.submit(url).status_code == 303


def test_the_sixth_code_is_not_even_looked_at(client: PageClient, session: Session, settings: Settings) -> None:
    user = builders.an_advisor(session)
    factor = second_factor.begin_factor(session, user)
    second_factor.confirm_factor(session, factor, datetime.now(UTC))
    url = f"/conseiller/lien/{signin.make_link(session, user, 'sign-in', datetime.now(UTC))}"
    session.commit()
    client.submit(url)
    tries = [client.submit("/conseiller/code", fields={"code": "000000"}).text for _ in range(5)]
    right = second_factor.totp(settings.secret_key, factor).generate().token
    refused = client.submit("/conseiller/code", fields={"code": right})
    assert not any("Trop d’essais" in text for text in tries)
    assert (refused.status_code, "Trop d’essais" in refused.text) == (422, True)
