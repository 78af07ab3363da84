"""Every route of the application with who may use it, and what everybody else gets: one refusal, whatever they try.

A route that is missing from the table fails here, and so does a line whose route is gone. docs/rights.md is printed
from it (rights_page.py).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask

from questionnaire.storage.models import Assessment
from tests.pages import PageClient

ANYONE = "anyone"
LINK = "who opened the association's private link"
ADVISOR = "a signed-in advisor"
READER = "the advisor to whom the association opened it"
LOOK_READER = "the advisor to whom the association showed its first look, and nothing else"
COORDINATOR = "a signed-in coordinator, with the second factor"
ACCOUNT = "any signed-in account"

# Each column of docs/rights.md: who that is, and which lines of the table are open to them.
ROLES = {
    "Visitor": ("anybody, without any link or account", {ANYONE}),
    "Association": (LINK, {ANYONE, LINK}),
    "Advisor": ("a signed-in advisor, on what nobody shared with them", {ANYONE, ACCOUNT, ADVISOR}),
    "Reader": (
        "the advisor with whom the association shares it, or who enters its paper",
        {ANYONE, ACCOUNT, ADVISOR, READER},
    ),
    "First look": (LOOK_READER, {ANYONE, ACCOUNT, ADVISOR, LOOK_READER}),
    "Coordinator": (
        COORDINATOR + ": never an association's answers; of some regions, no release",
        {ANYONE, ACCOUNT, COORDINATOR},
    ),
}

ROUTES = {
    ("GET", "/"): ANYONE,
    ("GET", "/accessibilite"): ANYONE,
    ("GET", "/donnees-personnelles"): ANYONE,
    ("GET", "/papier.pdf"): ANYONE,
    ("GET", "/papier-grands-caracteres.pdf"): ANYONE,
    ("GET", "/papier-a-remplir.pdf"): ANYONE,
    ("GET", "/observatoire/"): ANYONE,
    ("GET", "/observatoire/<region_code>"): ANYONE,
    ("GET", "/observatoire/publications/<int:number>"): ANYONE,
    ("GET", "/observatoire/publications/<int:number>.csv"): ANYONE,
    ("GET", "/observatoire/publications/<int:number>.json"): ANYONE,
    ("GET", "/healthz"): ANYONE,
    ("GET", "/readyz"): ANYONE,
    ("GET", "/static/<path:filename>"): ANYONE,
    ("POST", "/commencer"): ANYONE,
    ("GET", "/c/<code>"): ANYONE,
    ("POST", "/c/<code>"): ANYONE,
    ("GET", "/retrouver"): ANYONE,
    ("POST", "/retrouver"): ANYONE,
    ("GET", "/l/<token>"): ANYONE,
    ("GET", "/suivi/<token>"): ANYONE,
    ("POST", "/suivi/<token>"): ANYONE,
    ("POST", "/suivi/<token>/arreter"): ANYONE,
    ("POST", "/q/<uuid:assessment_id>/suivi"): LINK,
    ("POST", "/q/<uuid:assessment_id>/suivi/arreter"): LINK,
    ("GET", "/reprendre"): ANYONE,
    ("POST", "/reprendre"): ANYONE,
    ("GET", "/q/<uuid:assessment_id>/code"): LINK,
    ("POST", "/q/<uuid:assessment_id>/code"): LINK,
    ("GET", "/q/<uuid:assessment_id>/qui-repond"): LINK,
    ("POST", "/q/<uuid:assessment_id>/qui-repond"): LINK,
    ("GET", "/e/<code>"): ANYONE,
    ("GET", "/q/<uuid:assessment_id>/"): LINK,
    ("GET", "/q/<uuid:assessment_id>/lien"): LINK,
    ("POST", "/q/<uuid:assessment_id>/lien/envoyer"): LINK,
    ("POST", "/q/<uuid:assessment_id>/lien/remplacer"): LINK,
    ("GET", "/q/<uuid:assessment_id>/contact"): LINK,
    ("POST", "/q/<uuid:assessment_id>/contact"): LINK,
    ("GET", "/q/<uuid:assessment_id>/premier-regard/"): LINK,
    ("GET", "/q/<uuid:assessment_id>/premier-regard/<question_id>"): LINK,
    ("POST", "/q/<uuid:assessment_id>/premier-regard/<question_id>"): LINK,
    ("GET", "/q/<uuid:assessment_id>/premier-regard/resultat"): LINK,
    ("GET", "/q/<uuid:assessment_id>/premier-regard/resultat.pdf"): LINK,
    ("GET", "/q/<uuid:assessment_id>/profil"): LINK,
    ("POST", "/q/<uuid:assessment_id>/profil"): LINK,
    ("GET", "/q/<uuid:assessment_id>/theme/<dimension_id>"): LINK,
    ("POST", "/q/<uuid:assessment_id>/theme/<dimension_id>"): LINK,
    ("GET", "/q/<uuid:assessment_id>/verifier"): LINK,
    ("POST", "/q/<uuid:assessment_id>/verifier"): LINK,
    ("GET", "/q/<uuid:assessment_id>/resultat"): LINK,
    ("GET", "/q/<uuid:assessment_id>/calcul"): LINK,
    ("GET", "/q/<uuid:assessment_id>/ecoute"): LINK,
    ("POST", "/q/<uuid:assessment_id>/ecoute"): LINK,
    ("GET", "/q/<uuid:assessment_id>/et-si"): LINK,
    ("GET", "/q/<uuid:assessment_id>/resultat.csv"): LINK,
    ("GET", "/q/<uuid:assessment_id>/resultat.xlsx"): LINK,
    ("GET", "/q/<uuid:assessment_id>/rapport.pdf"): LINK,
    ("GET", "/q/<uuid:assessment_id>/essentiel.pdf"): LINK,
    ("GET", "/q/<uuid:assessment_id>/rapport-relu.pdf"): LINK,
    ("GET", "/q/<uuid:assessment_id>/donnees.json"): LINK,
    ("GET", "/q/<uuid:assessment_id>/acces.json"): LINK,
    ("POST", "/q/<uuid:assessment_id>/consentement"): LINK,
    ("POST", "/q/<uuid:assessment_id>/rouvrir"): LINK,
    ("POST", "/q/<uuid:assessment_id>/saisie/arreter"): LINK,
    ("GET", "/q/<uuid:assessment_id>/supprimer"): LINK,
    ("POST", "/q/<uuid:assessment_id>/supprimer"): LINK,
    ("POST", "/q/<uuid:assessment_id>/recommencer"): LINK,
    ("GET", "/q/<uuid:assessment_id>/entretien"): LINK,
    ("POST", "/q/<uuid:assessment_id>/entretien"): LINK,
    ("POST", "/q/<uuid:assessment_id>/entretien/retirer"): LINK,
    ("GET", "/conseiller/connexion"): ANYONE,
    ("POST", "/conseiller/connexion"): ANYONE,
    ("POST", "/conseiller/connexion/lien"): ANYONE,
    ("GET", "/conseiller/connexion/lien-envoye"): ANYONE,
    ("GET", "/conseiller/lien/<token>"): ANYONE,
    ("POST", "/conseiller/lien/<token>"): ANYONE,
    ("POST", "/conseiller/deconnexion"): ANYONE,
    ("GET", "/conseiller/"): ADVISOR,
    ("GET", "/conseiller/dossiers.csv"): ADVISOR,
    ("GET", "/conseiller/dossiers.xlsx"): ADVISOR,
    ("GET", "/conseiller/saisie"): ADVISOR,
    ("POST", "/conseiller/saisie"): ADVISOR,
    ("GET", "/conseiller/saisie/<uuid:assessment_id>"): READER,
    ("POST", "/conseiller/saisie/<uuid:assessment_id>"): READER,
    ("GET", "/conseiller/saisie/<uuid:assessment_id>/lien"): READER,
    ("POST", "/conseiller/saisie/<uuid:assessment_id>/lien"): READER,
    ("GET", "/conseiller/code"): ANYONE,
    ("POST", "/conseiller/code"): ANYONE,
    ("GET", "/conseiller/mot-de-passe"): ACCOUNT,
    ("POST", "/conseiller/mot-de-passe"): ACCOUNT,
    ("GET", "/conseiller/double-verification"): ACCOUNT,
    ("POST", "/conseiller/double-verification"): ACCOUNT,
    ("POST", "/conseiller/double-verification/preparer"): ACCOUNT,
    ("POST", "/conseiller/double-verification/retirer"): ACCOUNT,
    ("GET", "/coordination/"): COORDINATOR,
    ("GET", "/coordination/inviter"): COORDINATOR,
    ("POST", "/coordination/inviter"): COORDINATOR,
    ("GET", "/coordination/conseillers/<int:user_id>/fermer"): COORDINATOR,
    ("POST", "/coordination/conseillers/<int:user_id>/fermer"): COORDINATOR,
    ("GET", "/coordination/campagnes"): COORDINATOR,
    ("GET", "/coordination/campagnes/nouvelle"): COORDINATOR,
    ("POST", "/coordination/campagnes/nouvelle"): COORDINATOR,
    ("GET", "/coordination/campagnes/<uuid:campaign_id>"): COORDINATOR,
    ("POST", "/coordination/campagnes/<uuid:campaign_id>"): COORDINATOR,
    ("GET", "/coordination/campagnes/<uuid:campaign_id>/affiche.pdf"): COORDINATOR,
    ("GET", "/coordination/campagnes/<uuid:campaign_id>/associations"): COORDINATOR,
    ("POST", "/coordination/campagnes/<uuid:campaign_id>/associations"): COORDINATOR,
    ("GET", "/coordination/campagnes/<uuid:campaign_id>/inviter"): COORDINATOR,
    ("POST", "/coordination/campagnes/<uuid:campaign_id>/inviter"): COORDINATOR,
    ("GET", "/coordination/observatoire"): COORDINATOR,
    ("GET", "/coordination/observatoire/publier"): COORDINATOR,
    ("POST", "/coordination/observatoire/publier"): COORDINATOR,
    ("GET", "/conseiller/campagnes"): ADVISOR,
    ("GET", "/conseiller/campagnes/<uuid:campaign_id>"): READER,
    ("GET", "/conseiller/campagnes/<uuid:campaign_id>/affiche.pdf"): READER,
    ("GET", "/conseiller/campagnes/<uuid:campaign_id>/telephone/<uuid:assessment_id>"): READER,
    ("POST", "/conseiller/campagnes/<uuid:campaign_id>/telephone/<uuid:assessment_id>"): READER,
    ("GET", "/coordination/dossiers"): COORDINATOR,
    ("GET", "/coordination/dossiers/<uuid:assessment_id>"): COORDINATOR,
    ("POST", "/coordination/dossiers/<uuid:assessment_id>"): COORDINATOR,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>"): READER,
    ("POST", "/conseiller/dossiers/<uuid:assessment_id>/prendre"): READER,
    ("POST", "/conseiller/dossiers/<uuid:assessment_id>/avis"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/apercu"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/valider"): READER,
    ("POST", "/conseiller/dossiers/<uuid:assessment_id>/valider"): READER,
    ("POST", "/conseiller/sans-conseiller/<uuid:assessment_id>/prendre"): READER,
    ("GET", "/q/<uuid:assessment_id>/plan"): LINK,
    ("POST", "/q/<uuid:assessment_id>/plan"): LINK,
    ("GET", "/q/<uuid:assessment_id>/plan/<uuid:action_id>"): LINK,
    ("POST", "/q/<uuid:assessment_id>/plan/<uuid:action_id>"): LINK,
    ("POST", "/q/<uuid:assessment_id>/plan/rappels"): LINK,
    ("GET", "/q/<uuid:assessment_id>/plan/agenda.ics"): LINK,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/plan"): READER,
    ("POST", "/conseiller/dossiers/<uuid:assessment_id>/plan"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/plan/<uuid:action_id>"): READER,
    ("POST", "/conseiller/dossiers/<uuid:assessment_id>/plan/<uuid:action_id>"): READER,
    ("POST", "/conseiller/dossiers/<uuid:assessment_id>/plan/rappels"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/plan/agenda.ics"): READER,
    ("GET", "/q/<uuid:assessment_id>/plan/plan.csv"): LINK,
    ("GET", "/q/<uuid:assessment_id>/plan/plan.xlsx"): LINK,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/plan/plan.csv"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/plan/plan.xlsx"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/entretien"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/entretien/<int:step>"): READER,
    ("POST", "/conseiller/dossiers/<uuid:assessment_id>/entretien/<int:step>"): READER,
    ("POST", "/conseiller/dossiers/<uuid:assessment_id>/entretien/actions"): READER,
    ("POST", "/conseiller/dossiers/<uuid:assessment_id>/entretien/actions/<uuid:action_id>"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/suite"): READER,
    ("POST", "/conseiller/dossiers/<uuid:assessment_id>/suite"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/preparer"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/rapport.pdf"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/rapport-conseiller.pdf"): READER,
    ("GET", "/conseiller/dossiers/<uuid:assessment_id>/rapport-relu.pdf"): READER,
    ("GET", "/conseiller/premiers-regards/<uuid:assessment_id>"): LOOK_READER,
    ("GET", "/conseiller/premiers-regards/<uuid:assessment_id>/premier-regard.pdf"): LOOK_READER,
}


def routes(*who: str) -> list[tuple[str, str]]:
    return [route for route, allowed in ROUTES.items() if allowed in who]


def address(rule: str, assessment_id: object) -> str:
    return (
        rule.replace("<uuid:assessment_id>", str(assessment_id))
        .replace("<dimension_id>", "ECO")
        .replace("<uuid:action_id>", str(uuid.UUID(int=1)))
        .replace("<question_id>", "ECO-1a")
        .replace("<int:user_id>", "1")
        .replace("<int:step>", "1")
        .replace("<uuid:campaign_id>", str(assessment_id))
    )


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with nothing in the way of the rights: a form without its token would be refused before them."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    return app


def existing(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        yield from ((method, rule.rule) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    assert set(existing(app)) == set(ROUTES)


def test_the_page_on_rights_is_this_table() -> None:
    from tests.web.rights_page import PAGE, page

    assert PAGE.read_text() == page(), "write it again: .venv/bin/python -m tests.web.rights_page"


def told_apart(browser: PageClient, assessment_id: uuid.UUID, tried: list[tuple[str, str]]) -> list[str]:
    """Which of these routes tell this assessment from one that does not exist, by more than the page « not found »."""
    told = []
    for method, rule in tried:
        there = browser.open(address(rule, assessment_id), method=method)
        nowhere = browser.open(address(rule, uuid.uuid4()), method=method)
        if not there.status_code == nowhere.status_code == 404 or there.data != nowhere.data:
            told.append(f"{method} {rule}: {there.status}, elsewhere {nowhere.status}")
    return told


def reached(browser: PageClient, assessment_id: object, tried: list[tuple[str, str]]) -> list[str]:
    """Which of these routes this browser does not get « not found » from."""
    return [
        f"{method} {rule}"
        for method, rule in tried
        if browser.open(address(rule, assessment_id), method=method).status_code != 404
    ]


@pytest.mark.parametrize("who", ["client", "stranger", "advisor", "coordinator"])
def test_without_its_link_an_assessment_looks_like_none(
    request: pytest.FixtureRequest, who: str, finished: Assessment
) -> None:
    assert told_apart(request.getfixturevalue(who), finished.id, routes(LINK)) == []


@pytest.mark.parametrize("who", ["other_advisor", "advisor"])
def test_an_advisor_sees_nothing_that_was_not_shared(
    request: pytest.FixtureRequest, who: str, finished: Assessment
) -> None:
    assert told_apart(request.getfixturevalue(who), finished.id, routes(READER, LOOK_READER)) == []


@pytest.mark.parametrize("who", ["client", "respondent"])
def test_who_has_no_account_is_asked_to_sign_in(request: pytest.FixtureRequest, who: str, finished: Assessment) -> None:
    browser: PageClient = request.getfixturevalue(who)
    for method, rule in routes(ACCOUNT, ADVISOR, READER, LOOK_READER, COORDINATOR):
        answer = browser.open(address(rule, finished.id), method=method)
        assert answer.status_code in {302, 303}, f"{method} {rule}"
        assert answer.headers["Location"].startswith("/conseiller/connexion"), f"{method} {rule}"


@pytest.mark.parametrize(
    ("who", "whose"), [("coordinator", (ADVISOR, READER, LOOK_READER)), ("advisor", (COORDINATOR,))]
)
def test_advisors_and_coordinators_have_no_page_in_common(
    request: pytest.FixtureRequest, who: str, whose: tuple[str, ...], finished: Assessment
) -> None:
    assert reached(request.getfixturevalue(who), finished.id, routes(*whose)) == []


@pytest.mark.parametrize(("method", "rule"), [route for route in routes(LINK) if route[0] == "GET"])
def test_who_has_the_link_gets_an_answer(method: str, rule: str, respondent: PageClient) -> None:
    answer = respondent.open(address(rule, respondent.assessment_id), method=method)
    assert answer.status_code in ({404} if "relu" in rule else {200, 202, 303})  # nobody reviewed a draft
