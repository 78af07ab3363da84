"""A respondent's whole journeys in Chromium: a phone without JavaScript, a keyboard alone, each page under axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import WIDTHS, sideways, violations
from tests.browser.conftest import LiveServer, Visit

LINK = r"http://\S+/l/\S+"
OPEN_PAGES = ["/", "/retrouver", "/reprendre", "/accessibilite", "/donnees-personnelles", "/l/inconnu"]
FIRST_LOOK = ["premier-regard/department", "premier-regard/ECO-1a"]
DRAFT_PAGES = [
    *FIRST_LOOK,
    "",
    "lien",
    "code",
    "qui-repond",
    "profil",
    "theme/ECO",
    "theme/EVA",
    "verifier",
    "supprimer",
    "entretien",
]
FINISHED_PAGES = [
    "",
    "resultat",
    "resultat?deplier=oui",
    "ecoute",
    "calcul",
    "entretien",
    "et-si",
    "et-si?q_ECO-1a=4&q_STR-3b=1",
]
ACTIVE = "document.activeElement"


def begin(page: Page, name: str = "Les Jardins du Lez") -> str:
    """Begin an assessment and return the address of its page."""
    page.goto("/")
    page.fill("[name=association_name]", name)
    page.click("form[action$='/commencer'] button[value=tout]")
    return re.sub(r"lien.*", "", page.url)


def answer_page(page: Page) -> None:
    """Answer every question of the page as it stands, and save it."""
    for group in page.locator("fieldset").all():
        if group.locator("input[type=radio][value='2']").count():
            group.locator("input[type=radio][value='2']").check()
        elif group.locator("input[type=radio]").count():
            group.locator("input[type=radio]").nth(1).check()
        else:
            group.locator("input[type=checkbox]").first.check()
    if page.locator("select").count():
        page.locator("select").select_option("34")
    with page.expect_navigation():  # else the next page may come in while it is being answered
        page.get_by_role("button", name="Enregistrer et continuer").click()


def test_a_whole_questionnaire_on_a_phone_without_javascript(visit: Visit) -> None:
    page = visit(360, javascript=False)
    home = begin(page)
    page.goto(f"{home}profil")
    for _ in range(7):
        answer_page(page)
    assert page.url.endswith("/verifier")
    page.get_by_role("button", name="Terminer").click()
    assert page.url.endswith("/resultat")
    assert "En chemin" in page.inner_text("main")
    with page.expect_download(timeout=120_000) as report:
        page.get_by_role("link", name="Télécharger le rapport").first.click()
    assert report.value.path().read_bytes().startswith(b"%PDF")


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus bears these words."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate(f"{ACTIVE}.innerText || ''"):
            return
    pytest.fail(f"no way by keyboard to « {words} » on {page.url}")


def answer_by_keyboard(page: Page) -> None:
    """Go through the page with Tab, answer what has the focus with Space or an arrow, save with Enter."""
    answered: set[str] = set()
    for _ in range(300):
        page.keyboard.press("Tab")
        kind, name, words = page.evaluate(f"[{ACTIVE}.type || '', {ACTIVE}.name || '', {ACTIVE}.innerText || '']")
        if kind == "submit" and "Enregistrer et continuer" in words:
            page.keyboard.press("Enter")
            return
        if kind in {"radio", "checkbox", "select-one"} and name not in answered:
            page.keyboard.press("ArrowDown" if kind == "select-one" else "Space")
            answered.add(name)
    pytest.fail(f"no end by keyboard to {page.url}")


def test_a_whole_questionnaire_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    while page.evaluate(f"{ACTIVE}.name") != "association_name":
        page.keyboard.press("Tab")
    page.keyboard.type("Les Jardins du Lez")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lien*")
    tab_to(page, "Où en sommes-nous")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/q/[^/]+/$"))
    tab_to(page, "Tout le questionnaire")
    page.keyboard.press("Enter")
    for place in ("profil", "theme/ECO", "theme/STR", "theme/CAP", "theme/CAD", "theme/REL"):
        page.wait_for_url(f"**/{place}")
        answer_by_keyboard(page)
    page.wait_for_url(re.compile("theme/EVA|verifier"))
    if "EVA" in page.url:
        answer_by_keyboard(page)
    page.wait_for_url("**/verifier")
    tab_to(page, "Terminer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/resultat")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", OPEN_PAGES)
def test_an_open_page_is_for_everyone(visit: Visit, address: str, width: int) -> None:
    page = visit(width)
    page.goto(address)
    assert (violations(page), sideways(page)) == ([], False)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_a_draft_are_for_everyone(visit: Visit, width: int) -> None:
    page = visit(width)
    home = begin(page)
    for place in DRAFT_PAGES:
        page.goto(home + place)
        assert (place, violations(page), sideways(page)) == (place, [], False)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_with_errors_is_for_everyone(visit: Visit, width: int) -> None:
    page = visit(width)
    page.goto(f"{begin(page)}theme/ECO")
    page.locator("[name='q_ECO-2a'][value=not_applicable]").check()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.locator("#erreurs")).to_be_focused()
    assert (violations(page), sideways(page)) == ([], False)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_a_result_are_for_everyone(visit: Visit, live_server: LiveServer, width: int) -> None:
    page = visit(width)
    page.goto(re.findall(LINK, live_server.command("demo"))[-1])
    home = page.url
    for place in FINISHED_PAGES:
        page.goto(home + place)
        assert (place, violations(page), sideways(page)) == (place, [], False)


def test_the_private_link_leaves_the_address_and_nobody_is_told_of_it(visit: Visit, live_server: LiveServer) -> None:
    first, page, asked = visit(), visit(), []
    begin(first)
    address = first.locator(".private-link").inner_text()
    token = address.rpartition("/")[2]
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    page.goto(address)
    page.locator("main a").first.click()
    assert [place for place in asked if token in place] == [f"{address} "]
    page.go_back()
    page.go_back()
    assert page.url == "about:blank", "the link stands in the history"
    assert token not in (live_server.instance / "server.log").read_text()


def test_a_printed_result_shows_what_is_folded(visit: Visit, live_server: LiveServer) -> None:
    page = visit(1280, javascript=False)
    page.goto(re.findall(LINK, live_server.command("demo"))[-1])
    page.goto(f"{page.url}resultat")
    hidden = page.locator(".fold--criterion .asked__answer").first
    assert not hidden.is_visible()
    page.emulate_media(media="print")
    assert hidden.is_visible()
    assert page.locator("details:not([open])").count()


def test_a_line_of_the_plan_opens_its_action(visit: Visit, live_server: LiveServer) -> None:
    page = visit(360, javascript=False)
    page.goto(re.findall(LINK, live_server.command("demo"))[-1])
    page.goto(f"{page.url}resultat")
    page.locator(".in-short__list a").first.click()
    expect(page.locator("#action-1")).to_be_in_viewport()
    page.get_by_role("link", name="Et si cette action réussissait").click()
    expect(page.get_by_role("heading", name="Ce qui changerait")).to_be_visible()
