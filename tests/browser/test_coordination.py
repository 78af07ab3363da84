"""Who coordinates, in Chromium: invited, a second factor prepared, and each page of the network for everyone."""

from __future__ import annotations

import re

from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from tests.browser.axe import for_everyone
from tests.browser.conftest import LiveServer, Visit
from tests.browser.test_guide import SIGN_IN, follow, press

WHO = "coordination@reseau.example"
PUBLISHING = ["observatoire", "observatoire/publier"]
NETWORK = ["", "inviter", "dossiers", "dossiers?pile=conseiller-parti", "dossiers?recherche=zzz", "dossiers?pile=tous"]


def test_a_network_is_coordinated_behind_a_second_factor(visit: Visit, live_server: LiveServer) -> None:
    live_server.command("demo")
    page, elsewhere = visit(1280), visit(1280)
    signs_in(page, live_server)
    spare = prepares_the_second_factor(page)
    signs_in(elsewhere, live_server)
    for_everyone(elsewhere)
    elsewhere.fill("[name=code]", spare)
    press(elsewhere, "Entrer")
    expect(elsewhere.get_by_role("heading", name="Mon réseau")).to_be_visible()
    for place in (*PUBLISHING, *NETWORK):
        elsewhere.goto(f"/coordination/{place}")
        for_everyone(elsewhere)
    follow(elsewhere, "Atelier Refaire")
    for_everyone(elsewhere)
    elsewhere.goto("/coordination/")
    follow(elsewhere, "Fermer")
    for_everyone(elsewhere)


def signs_in(page: Page, server: LiveServer) -> None:
    """Come in by a link that was just mailed."""
    page.goto(re.findall(SIGN_IN, server.command("advisor", "invite", WHO, "--name", "Claude Roy", "--coordinator"))[0])
    press(page, "Me connecter")


def prepares_the_second_factor(page: Page) -> str:
    """Set the second factor up as a telephone would, and return a recovery code."""
    for_everyone(page)
    press(page, "Préparer la double vérification")
    for_everyone(page)
    secret = page.locator(".private-link").inner_text()
    page.fill("[name=code]", TOTP(key=secret).generate().token)
    press(page, "Mettre en place")
    for_everyone(page)
    spare = page.locator(".recovery-codes li").first.inner_text()
    follow(page, "C’est gardé, continuer")
    page.goto("/conseiller/double-verification")
    for_everyone(page)
    return spare
