"""Going on from another device with a short code: once, for a quarter of an hour; refusals all look alike."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from questionnaire.storage.models import Assessment, ResumeCode
from tests.builders import NOW
from tests.pages import PageClient, text_of
from tests.web.test_wizard import at

FORM = r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}"


def code_of(browser: PageClient) -> str:
    """Ask for a code and read it on the page."""
    assert browser.submit(at(browser, "code")).status_code == 303
    return str(re.findall(FORM, text_of(browser.page(at(browser, "code"))))[0])


def typed(browser: PageClient, code: str) -> tuple[int, str]:
    sent = browser.submit("/reprendre", fields={"code": code})
    return sent.status_code, sent.headers.get("Location", "")


@pytest.mark.parametrize("spoilt", ["{0}", "  {0} ", "{0:l}", "{0:bare}"])
def test_a_code_opens_the_questionnaire_on_another_device(
    respondent: PageClient, client: PageClient, spoilt: str
) -> None:
    code = code_of(respondent)
    read = {"{0:l}": code.lower(), "{0:bare}": code.replace("-", "")}.get(spoilt, spoilt.replace("{0}", code))
    assert typed(client, read) == (303, at(respondent, ""))
    assert client.get(at(respondent, "")).status_code == 200


def test_its_page_shows_it_again_and_reading_it_uses_nothing(respondent: PageClient, client: PageClient) -> None:
    code = code_of(respondent)
    assert code in text_of(respondent.page(at(respondent, "code")))
    assert typed(client, code)[0] == 303


def test_refusals_look_alike(
    respondent: PageClient, client: PageClient, colleague: PageClient, session: Session, assessment: Assessment
) -> None:
    used = code_of(respondent)
    typed(colleague, used)
    replaced = code_of(respondent)
    dead = code_of(respondent)
    refused = {code: client.submit("/reprendre", fields={"code": code}) for code in (used, replaced, "2222-2222")}
    session.execute(update(ResumeCode).values(expires_at=NOW))
    session.commit()
    refused[dead] = client.submit("/reprendre", fields={"code": dead})
    said = {
        re.sub(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}|value=\"[^\"]*\"", "", each.text) for each in refused.values()
    }
    assert {each.status_code for each in refused.values()} == {422}
    assert len(said) == 1
    assert client.get(at(respondent, "")).status_code == 404


def test_a_replaced_link_makes_its_code_worthless(respondent: PageClient, client: PageClient) -> None:
    code = code_of(respondent)
    respondent.submit(at(respondent, "lien"), at(respondent, "lien/remplacer"))
    assert typed(client, code)[0] == 422


@pytest.mark.parametrize("code", ["", "abc", "é" * 8, "a" * 41, "\u202e2222222"])
def test_what_is_no_code_is_refused_kindly(client: PageClient, code: str) -> None:
    assert typed(client, code)[0] == 422


def test_only_a_keyed_digest_is_kept(respondent: PageClient, session: Session) -> None:
    code = code_of(respondent)
    kept = session.query(ResumeCode).one()
    assert code.replace("-", "") not in repr({name: str(getattr(kept, name)) for name in ("id", "code_sha256")})


def test_a_code_goes_with_the_association(respondent: PageClient, session: Session) -> None:
    code_of(respondent)
    respondent.submit(at(respondent, "supprimer"), fields={"sure": ["", "y"]})
    assert session.query(ResumeCode).count() == 0
