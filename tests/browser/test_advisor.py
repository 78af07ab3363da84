"""An advisor in Chromium who enters a questionnaire that was filled in on paper."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.axe import for_everyone
from tests.browser.conftest import LiveServer, Visit

SIGN_IN = r"http://\S+/conseiller/lien/\S+"


def test_an_advisor_enters_a_paper_by_keyboard(visit: Visit, live_server: LiveServer) -> None:
    page = visit(1280, javascript=False)
    page.goto(re.findall(SIGN_IN, live_server.command("demo"))[0])
    page.locator("main button").first.click()
    page.goto("/conseiller/saisie")
    page.fill("#association_name", "Les Amis du four à pain")
    page.check("#agreed")
    page.get_by_role("button", name="Commencer").click()
    page.locator(".entry__key").first.focus()
    for key in "12?":
        page.keyboard.type(key)
        page.keyboard.press("Tab")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(page.locator("#erreurs")).to_contain_text("Question 4")
    page.locator(".entry__key").nth(3).fill("3")
    page.keyboard.press("Enter")
    typed = [page.locator(".entry__key").nth(at).input_value() for at in range(4)]
    assert typed == ["1", "2", "?", "3"]


def test_the_pages_of_a_paper_are_for_everyone(visit: Visit, live_server: LiveServer) -> None:
    page = visit(1280)
    page.goto(re.findall(SIGN_IN, live_server.command("demo"))[0])
    page.locator("main button").first.click()
    page.goto("/conseiller/saisie")
    for_everyone(page)
    page.fill("#association_name", "Les Amis du four à pain")
    page.check("#agreed")
    page.get_by_role("button", name="Commencer").click()
    for_everyone(page)
    page.locator("[name='q_ECO-2a']").fill("n")
    page.locator("[name='q_ECO-1a']").fill("7")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    for_everyone(page)
    sheet = page.url
    page.get_by_role("link", name="Le lien de l’association").click()
    for_everyone(page)
    association, link = visit(), re.findall(r"http\S+/l/[\w-]+", page.inner_text("main"))[0]
    page.goto(sheet)
    page.locator("[name='q_ECO-1a']").fill("3")
    association.goto(link)
    for_everyone(association)
    association.get_by_role("button", name="Arrêter la saisie").click()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("dl.typed")).to_contain_text("Sur quoi repose votre connaissance")
    for_everyone(page)
