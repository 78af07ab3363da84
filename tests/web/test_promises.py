"""The pages of promises say what the code does: durations, contacts, one cookie; the grid claims nothing unmeasured."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from questionnaire.app import create_app
from questionnaire.settings import Network, Settings
from questionnaire.storage.retention import PERIODS, WARNING
from questionnaire.web.promises import grid, in_words
from tests.pages import Element, PageClient, text_of

ROOT = Path(__file__).resolve().parents[2]


def rows(page: Element) -> list[list[str]]:
    return [[text_of(cell) for cell in row if cell.tag in {"th", "td"}] for row in page.iter("tr")]


def documented() -> list[list[str]]:
    section = (ROOT / "docs/rgpd.md").read_text().split("## Durées de conservation")[1].split("\n## ")[0]
    lines = re.findall(r"^\| (.*) \|$", section, re.MULTILINE)
    return [" ".join(line.split()).split(" | ") for line in lines if "---" not in line]


def test_the_page_and_the_file_for_the_controller_have_the_same_table(client: PageClient) -> None:
    shown = rows(client.page("/donnees-personnelles"))
    assert shown == documented()
    assert len(shown) == 1 + len(PERIODS)


@pytest.mark.parametrize("name", sorted(PERIODS))
def test_each_duration_that_is_applied_is_told(client: PageClient, name: str) -> None:
    assert in_words(PERIODS[name]) in [row[1].split(" sans")[0].split(" après")[0] for row in documented()]
    assert in_words(WARNING) in text_of(client.page("/donnees-personnelles"))


def test_a_duration_changed_in_the_code_alone_would_be_caught(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PERIODS, "draft", 2 * PERIODS["draft"])
    assert rows(client.page("/donnees-personnelles")) != documented()


def test_the_page_names_who_answers_for_the_data(settings: Settings) -> None:
    names = ("Réseau du Lez", "", "aide@lez.example", "Le Lez, 34000", "dpo@lez.example", "intérêt légitime", "France")
    network = Network(*names)
    app = create_app(replace(settings, network=network))
    page = app.test_client().get("/donnees-personnelles").text
    assert all(value in page for value in names)


def test_the_only_cookie_is_the_session_s(app: Flask, client: PageClient, respondent: PageClient) -> None:
    for browser, pages in ((client, ("/", "/donnees-personnelles", "/conseiller/connexion")), (respondent, ("/",))):
        for page in pages:
            browser.get(page)
        names = {cookie.key for cookie in browser._cookies.values()}  # type: ignore[union-attr]
        assert names <= {app.config["SESSION_COOKIE_NAME"]}


def test_reading_the_first_page_sets_no_lasting_mark(client: PageClient) -> None:
    cookies = [cookie for name, cookie in client.get("/donnees-personnelles").headers if name == "Set-Cookie"]
    assert cookies == []


def test_the_grid_has_each_of_the_106_criteria_once() -> None:
    counts = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
    expected = [f"{theme}.{number}" for theme, last in enumerate(counts, 1) for number in range(1, last + 1)]
    assert [criterion.number for theme in grid() for criterion in theme.criteria] == expected
    assert len(expected) == 106


def test_what_is_said_to_be_measured_names_its_test() -> None:
    measured = [criterion for theme in grid() for criterion in theme.criteria if criterion.state == "respecté"]
    assert measured
    assert [each.number for each in measured if not (ROOT / each.how).is_file()] == []


def test_the_accessibility_page_claims_nothing_before_an_audit(client: PageClient) -> None:
    page = text_of(client.page("/accessibilite"))
    assert "Ce site est non conforme" in page
    assert "totalement conforme" not in page
    assert "106 critères" in page
