"""The first look in Chromium: a phone without JavaScript, a keyboard alone, its result for everyone, at 200 % too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.axe import WIDTHS, sideways, violations
from tests.browser.conftest import Visit
from tests.browser.test_respondent import answer_by_keyboard, tab_to

TWICE_AS_LARGE = 180  # a phone of 360 px at 200 %


def begin(page: Page) -> None:
    """Begin with a first look and stand before its first question."""
    page.goto("/")
    page.fill("[name=association_name]", "Les Jardins du Lez")
    page.click("button[value=regard]")
    page.get_by_role("link", name="C’est gardé, commencer").click()


def answer_all(page: Page) -> None:
    """Answer each question as it comes, until the end."""
    while not page.url.endswith("/resultat"):
        if page.locator("main select").count():
            page.select_option("main select", "34")
        else:
            page.locator("main input[type=radio]").nth(1).check()
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer et continuer").click()


def test_a_first_look_on_a_phone_without_javascript(visit: Visit) -> None:
    page = visit(360, javascript=False)
    begin(page)
    answer_all(page)
    said = page.inner_text("main")
    assert "Vos réponses, en mots" in said
    page.get_by_role("link", name=re.compile("Continuer")).click()
    assert "5 réponses sur 14" in (page.text_content("main") or "")


def test_a_first_look_by_keyboard_alone(page: Page) -> None:
    begin(page)
    while not page.url.endswith("/resultat"):
        with page.expect_navigation(timeout=30_000):  # until it is loaded: before, nothing has the focus
            answer_by_keyboard(page)
    tab_to(page, "Continuer (")


@pytest.mark.parametrize("width", [*WIDTHS, TWICE_AS_LARGE])
def test_its_result_is_for_everyone(visit: Visit, width: int) -> None:
    page = visit(width)
    begin(page)
    assert (violations(page), sideways(page)) == ([], False)
    answer_all(page)
    assert (violations(page), sideways(page)) == ([], False)
