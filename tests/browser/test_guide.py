"""The advisor's guide, followed step by step in Chromium by somebody new; its pictures are taken on the way.

`script/pictures` keeps them in docs/guide/pictures/; every other run takes them too, and keeps nothing. What they show
is never compared, byte by byte or otherwise: two machines draw differently.
"""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import for_everyone
from tests.browser.conftest import LiveServer, Visit
from tests.browser.test_respondent import LINK
from tests.test_guide import HEAVIEST, named_pictures

SIGN_IN = r"http://\S+/conseiller/lien/\S+"
DESK = 1040
NOTE = "À reprendre de vive voix."
ANSWER_ALL = """() => {
  for (const fieldset of document.querySelectorAll("main fieldset")) {
    const offered = [...fieldset.querySelectorAll("input[type=radio]:not([name^=then_]), input[type=checkbox]")]
    if (!offered.some(each => each.checked)) (offered.find(each => each.value === "3") || offered[0])?.click()
  }
  for (const list of document.querySelectorAll("main select")) list.value = list.value || "34"
}"""


class Camera:
    """Takes the guide's pictures; `taken` are their names. One too heavy for the guide is refused."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: set[str] = set()

    def __call__(self, page: Page, name: str, *, top: str = "main .eyebrow", height: int = 600) -> None:
        """Take what stands below `top`, as wide as a desk."""
        page.set_viewport_size({"width": DESK, "height": height})
        page.locator(top).first.evaluate("each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 40)")
        how = {"format": "webp", "quality": 60}
        picture = base64.b64decode(page.context.new_cdp_session(page).send("Page.captureScreenshot", how)["data"])
        assert len(picture) <= HEAVIEST, f"{name}: {len(picture)} bytes"
        (self.folder / f"{name}.webp").write_bytes(picture)
        self.taken.add(name)


@pytest.fixture
def camera(tmp_path: Path) -> Camera:
    """A camera whose pictures are kept where GUIDE_PICTURES says, else nowhere."""
    return Camera(Path(os.environ.get("GUIDE_PICTURES") or tmp_path))


def follow(page: Page, name: str) -> None:
    """Follow a link of the page, as the guide says it."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    """Press a button of the page, as the guide says it."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


def tab_to(page: Page, which: str, words: str = "") -> None:
    """Press Tab until the focus is on such an element, with these words."""
    reached = (
        "([which, words]) => document.activeElement.matches(which) && document.activeElement.innerText.includes(words)"
    )
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate(reached, [which, words]):
            return
    pytest.fail(f"no way by keyboard to {which} {words} on {page.url}")


def enter(page: Page, name: str) -> None:
    """Go to a button or a link with Tab, and press Enter."""
    tab_to(page, "main a, main button", name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.timeout(1200)  # one long way: half a minute alone, some minutes on a busy machine
def test_the_guide_is_followed_from_the_invitation_to_the_second_time(
    visit: Visit, live_server: LiveServer, camera: Camera
) -> None:
    advisor, association = visit(DESK), visit()
    code = comes_in(advisor, live_server)
    association.goto(re.findall(LINK, live_server.command("demo"))[1])
    home, name = association.url, association.locator(".eyebrow").inner_text()
    asks_for_a_talk(association, code)
    opens_the_file(advisor, name, camera)
    dossier = advisor.url
    prepares(advisor, camera)
    press(advisor, "Prendre en charge")
    for_everyone(advisor)
    sends_back(advisor, camera)
    completes(association, home)
    advisor.goto(dossier)
    reviews(advisor, camera)
    gets_the_review(association, home)
    leads_the_talk(advisor, camera)
    keeps_the_plan(advisor, camera)
    follows_up(advisor, dossier, camera)
    begins_again(association, home, code)
    advisor.goto("/conseiller/")
    follow(advisor, name)
    sees_what_changed(advisor, camera)
    assert camera.taken == set(named_pictures())


def comes_in(page: Page, server: LiveServer) -> str:
    """Be invited, sign in, and return the code to give to associations."""
    said = server.command("advisor", "invite", "nadia@reseau.example", "--name", "Nadia Benali")
    page.goto("/conseiller/connexion")
    for_everyone(page)
    page.goto(re.findall(SIGN_IN, said)[0])
    for_everyone(page)
    press(page, "Me connecter")
    for_everyone(page)
    return page.locator(".code").inner_text()


def asks_for_a_talk(page: Page, code: str) -> None:
    """The association gives the code, and shares."""
    follow(page, "Demander un entretien")
    page.fill("[name=code]", code)
    press(page, "Continuer")
    press(page, "Partager et demander l’entretien")


def opens_the_file(page: Page, name: str, camera: Camera) -> None:
    """Find the file in the list, and open it."""
    page.goto("/conseiller/")
    camera(page, "liste", height=760)
    for_everyone(page)
    follow(page, name)
    expect(page.get_by_role("button", name="Prendre en charge")).to_be_visible()
    camera(page, "dossier")


def prepares(page: Page, camera: Camera) -> None:
    """Read the page that prepares the talk, and come back."""
    follow(page, "Préparer l’entretien en dix minutes")
    camera(page, "preparer", top="#questions", height=640)
    for_everyone(page)
    follow(page, "Revenir au dossier")


def sends_back(page: Page, camera: Camera) -> None:
    """Send the file back with a question."""
    follow(page, "La suite du dossier")
    page.get_by_text("Renvoyer avec des questions").first.click()
    page.locator("form:has([value=send_back]) textarea").fill("Qui sont vos partenaires depuis le printemps ?")
    camera(page, "suite", height=760)
    for_everyone(page)
    press(page, "Renvoyer avec des questions")


def completes(page: Page, home: str) -> None:
    """The association reads the question and finishes again."""
    page.goto(home)
    expect(page.get_by_role("main")).to_contain_text("Qui sont vos partenaires")
    follow(page, "Relire et terminer")
    press(page, "Terminer et voir le résultat")


def reviews(page: Page, camera: Camera) -> None:
    """Write each part of a review and validate it, by keyboard alone; a level first lacks the reason that it needs."""
    tab_to(page, "summary", "Proposer un autre niveau")
    page.keyboard.press("Enter")
    tab_to(page, "[name^=level]")
    page.keyboard.press("ArrowDown")
    camera(page, "avis", top=".criterion h3", height=760)
    tab_to(page, "[name^=opinion]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name^=comment]")
    page.keyboard.type("Un vrai point d’appui pour la suite.")
    tab_to(page, "summary", "Ajouter une action à vous (1)")
    page.keyboard.press("Enter")
    tab_to(page, "[name^=own_title]")
    page.keyboard.type("Inviter la mairie au prochain conseil.")
    tab_to(page, "[name^=own_why]")
    page.keyboard.type("Elle découvre votre projet par la presse.")
    camera(page, "conseils", top="#conseils", height=640)
    tab_to(page, "[name=private_note]")
    page.keyboard.type(NOTE)
    enter(page, "Enregistrer et relire avant de valider")
    expect(page.locator("#erreurs")).to_be_focused()
    for_everyone(page)
    assert page.locator("[name=private_note]").input_value() == NOTE
    tab_to(page, "#erreurs a")
    page.keyboard.press("Enter")
    page.keyboard.type("La note date de quatre ans.")
    enter(page, "Enregistrer et voir l’aperçu")
    expect(page.get_by_role("main")).to_contain_text("La note date de quatre ans.")
    for_everyone(page)
    enter(page, "Relire avant de valider")
    camera(page, "relire", height=640)
    for_everyone(page)
    assert NOTE not in page.inner_text("main")
    enter(page, "Valider l’avis")
    for_everyone(page)


def gets_the_review(page: Page, home: str) -> None:
    """The association finds the way to the reviewed report on its page, and reads the review on the result's.

    The file itself is made and handed over in test_downloads.py.
    """
    page.goto(home)
    for_everyone(page)
    expect(page.get_by_role("link", name="Télécharger le rapport relu").first).to_be_visible()
    page.get_by_role("link", name="Voir le résultat").click()
    expect(page.locator("main")).to_contain_text("La note date de quatre ans.")
    page.goto(home)


def leads_the_talk(page: Page, camera: Camera) -> None:
    """Go through the five moments by keyboard, dates aside: nothing private is on the screen, and the plan fills."""
    enter(page, "Mener l’entretien, à l’écran")
    for field, words in (
        ("surprises", "Nous faisons déjà beaucoup avec l’école."),
        ("build_on", "La confiance des bénévoles."),
        ("doubts", "Demander à la mairie ce qu’elle attend."),
    ):
        assert NOTE not in page.content()
        tab_to(page, f"[name={field}]")
        page.keyboard.type(words)
        for_everyone(page)
        if field == "surprises":
            camera(page, "entretien", top="main", height=760)
        enter(page, "Enregistrer et continuer")
    for _ in range(2):
        tab_to(page, "[name=proposed]")
        page.keyboard.press("Space")
    enter(page, "Ajouter au plan")
    tab_to(page, "[name$=owner]")
    page.keyboard.type("Lina, au bureau")
    page.locator("[name$=due_on]").first.fill("2027-03-31")
    enter(page, "Enregistrer")
    for_everyone(page)
    camera(page, "convenir", top="main h1", height=760)
    enter(page, "Continuer")
    page.fill("[name=next_on]", "2027-04-15")
    for_everyone(page)
    enter(page, "Enregistrer et finir")


def keeps_the_plan(page: Page, camera: Camera) -> None:
    """Read the plan that the talk filled, and say how far its first action is."""
    expect(page.get_by_role("main")).to_contain_text("15 avril 2027")
    follow(page, "Modifier")
    page.locator("[name=progress][value=doing]").check()
    for_everyone(page)
    press(page, "Enregistrer")
    camera(page, "plan", top=".agreed", height=520)
    for_everyone(page)


def follows_up(page: Page, dossier: str, camera: Camera) -> None:
    """Open the follow-up once the plan is agreed."""
    page.goto(dossier)
    follow(page, "La suite du dossier")
    page.get_by_text("Ouvrir le suivi").first.click()
    press(page, "Ouvrir le suivi")
    camera(page, "etapes", top="main h2:last-of-type", height=520)


def begins_again(page: Page, home: str, code: str) -> None:
    """The association does it a second time, and asks for a talk again."""
    page.goto(home)
    page.get_by_text("Refaire le point").click()
    press(page, "Recommencer une nouvelle fois")
    again = re.sub(r"lien.*", "", page.url)
    page.goto(f"{again}profil")
    while not page.url.endswith("/verifier"):
        page.evaluate(ANSWER_ALL)
        press(page, "Enregistrer et continuer")
    press(page, "Terminer et voir le résultat")
    page.goto(again)
    asks_for_a_talk(page, code)


def sees_what_changed(page: Page, camera: Camera) -> None:
    """Read what changed since the time before."""
    follow(page, "Préparer l’entretien en dix minutes")
    camera(page, "depuis", top="#depuis", height=560)
    for_everyone(page)
