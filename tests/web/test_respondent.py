"""Who saved what, and when: a first name or a role, only if it was given."""

from __future__ import annotations

import json

import pytest

from tests.pages import PageClient, text_of
from tests.web.test_wizard import at, save

NAMES = "Lina, trésorière"


def called(browser: PageClient, name: str) -> int:
    return browser.submit(at(browser, "qui-repond"), fields={"name": name}).status_code


def steps(browser: PageClient) -> str:
    return text_of(browser.page(at(browser, "")))


def test_the_list_says_who_saved_what_and_when(respondent: PageClient, colleague: PageClient) -> None:
    called(respondent, NAMES)
    save(respondent, "theme/ECO", q_ECO__1a="2")
    assert f"Enregistré par {NAMES}, " in steps(colleague)
    assert "Vous répondez ici comme" not in steps(colleague)


def test_without_a_name_only_the_moment_is_said(respondent: PageClient) -> None:
    save(respondent, "theme/ECO", q_ECO__1a="2")
    assert "Enregistré, " in steps(respondent)
    assert "Enregistré par" not in steps(respondent)


def test_each_screen_of_the_first_look_bears_it_too(respondent: PageClient) -> None:
    called(respondent, "Sam")
    respondent.submit(at(respondent, "premier-regard/ECO-1a"), fields={"q_ECO-1a": "2"})
    assert "Enregistré par Sam" in steps(respondent)


def test_it_can_be_taken_back(respondent: PageClient) -> None:
    called(respondent, NAMES)
    called(respondent, "")
    save(respondent, "theme/ECO", q_ECO__1a="2")
    assert "Enregistré par" not in steps(respondent)


@pytest.mark.parametrize("name", ["a" * 61, "a\u202eb", "a\x00b"])
def test_what_cannot_be_kept_is_refused(respondent: PageClient, name: str) -> None:
    assert called(respondent, name) == 422


def test_all_names_are_in_the_data(respondent: PageClient, colleague: PageClient) -> None:
    called(respondent, NAMES)
    save(respondent, "theme/ECO", q_ECO__1a="2")
    called(colleague, "Sam")
    save(colleague, "theme/ECO", q_ECO__1a="3")
    kept = json.loads(respondent.get(at(respondent, "donnees.json")).data)
    assert [each["saved_by"] for each in kept["saves"]] == [NAMES, "Sam"]
    assert kept["pages"]["ECO"]["saved_by"] == "Sam"
