"""The talk, led from a screen that the association sees: what it shows, what it keeps, what it must never show."""

from __future__ import annotations

from datetime import date

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaire.core.report_talk import MOMENTS
from questionnaire.storage.models import Assessment
from questionnaire.storage.plan_models import PlanAction, TalkNotes
from tests.pages import PageClient, values
from tests.web.test_journey import step as move

STEPS = range(1, len(MOMENTS) + 1)
OWN = "Inviter le maire au conseil."
SURPRISE = "Personne ne savait que la mairie nous lit."


@pytest.fixture
def talk(taken: str) -> str:
    """The address of the talk, on a file that the advisor took on."""
    return f"{taken}/entretien"


def test_an_hour_goes_from_moment_to_moment(advisor: PageClient, talk: str) -> None:
    assert sum(each.minutes for each in MOMENTS) == 60
    for step, moment in enumerate(MOMENTS, 1):
        page = advisor.get(f"{talk}/{step}").text
        assert f"<h1>{moment.title}</h1>" in page
        assert page.count('aria-current="step"') == 1
    assert advisor.get(talk).headers["Location"] == f"{talk}/1"
    for outside in (0, 6):
        assert advisor.get(f"{talk}/{outside}").status_code == 404


def test_the_file_and_its_preparation_lead_to_it(advisor: PageClient, taken: str, talk: str) -> None:
    for page in (taken, f"{taken}/preparer"):
        assert f'href="{talk}"' in advisor.get(page).text


def test_what_is_said_is_kept_and_both_sides_read_it_again(
    advisor: PageClient, sharing: PageClient, finished: Assessment, talk: str
) -> None:
    said = {1: {"surprises": SURPRISE}, 2: {"build_on": "Notre permanence."}, 3: {"doubts": "Le bail."}}
    for step, words in (said | {5: {"next_on": "2027-12-31", "next_with": "À la mairie, avec Lina"}}).items():
        answer = advisor.submit(f"{talk}/{step}", f"{talk}/{step}", words)
        assert answer.status_code == 303
        goes_to = f"{talk}/{step + 1}" if step < 5 else talk.replace("entretien", "plan")
        assert answer.headers["Location"] == goes_to
    for page in (advisor.get(talk.replace("entretien", "plan")), sharing.get(f"/q/{finished.id}/plan")):
        for each in (SURPRISE, "Notre permanence.", "Le bail.", "31 décembre 2027", "À la mairie, avec Lina"):
            assert each in page.text
    assert SURPRISE in advisor.get(f"{talk}/1").text
    events = Calendar.from_ical(sharing.get(f"/q/{finished.id}/plan/agenda.ics").text).walk("VEVENT")
    assert [each.decoded("dtstart") for each in events] == [date(2027, 12, 31)]


def test_actions_are_agreed_and_given_to_somebody(advisor: PageClient, talk: str, session: Session) -> None:
    assert advisor.submit(f"{talk}/4", f"{talk}/actions", {"own": OWN}).status_code == 303
    action = session.scalars(select(PlanAction)).one()
    who = f"{talk}/actions/{action.id}"
    assert advisor.submit(f"{talk}/4", who, {"owner": "Lina", "due_on": "31/12/2027"}).status_code == 303
    session.rollback()  # the next read sees what requests committed
    assert (action.action, action.owner, action.due_on) == (OWN, "Lina", date(2027, 12, 31))
    last = advisor.get(f"{talk}/5").text
    for words in (OWN, "Lina", "31 décembre 2027"):
        assert words in last


@pytest.mark.parametrize(
    ("step", "action", "fields", "said"),
    [
        (1, "/1", {"surprises": "x" * 4001}, "Ce que nous retenons"),
        (5, "/5", {"next_on": "demain", "next_with": SURPRISE}, "Écrivez la date"),
        (3, "/3", {"doubts": SURPRISE, "complete": ""}, "incomplète"),
        (4, "/actions", {"own": "x" * 301}, "Une autre action"),
    ],
)
def test_what_does_not_fit_comes_back_filled(
    advisor: PageClient, talk: str, step: int, action: str, fields: dict[str, str], said: str
) -> None:
    answer = advisor.submit(f"{talk}/{step}", talk + action, fields)
    assert answer.status_code == 422
    assert said in answer.text
    for words in fields.values():
        assert words in answer.text


def test_a_wrong_date_comes_back_beside_its_action(advisor: PageClient, talk: str, session: Session) -> None:
    advisor.submit(f"{talk}/4", f"{talk}/actions", {"own": OWN})
    who = f"{talk}/actions/{session.scalars(select(PlanAction)).one().id}"
    answer = advisor.submit(f"{talk}/4", who, {"owner": "Lina", "due_on": "un jour"})
    assert answer.status_code == 422
    assert "un jour" in answer.text
    assert "Lina" in answer.text


def test_two_who_write_the_same_see_both(
    advisor: PageClient, other_advisor: PageClient, taken: str, talk: str, session: Session
) -> None:
    """A colleague brought in writes while the advisor does: what is written twice is shown, the rest is merged."""
    move(advisor, taken, "join", colleague=str(other_advisor.account.id))
    old = form_of(other_advisor, f"{talk}/5")
    advisor.submit(f"{talk}/5", f"{talk}/5", {"next_with": "À la mairie"})
    assert other_advisor.post(f"{talk}/5", data=old | {"next_on": "31/12/2027"}).status_code == 303
    answer = other_advisor.post(f"{talk}/5", data=old | {"next_with": "Au café"})
    assert answer.status_code == 409
    for words in ("À la mairie", "Au café"):
        assert words in answer.text
    session.rollback()  # the next read sees what requests committed
    kept = session.scalars(select(TalkNotes)).one()
    assert (kept.next_with, kept.next_on) == ("À la mairie", date(2027, 12, 31))


def test_the_same_action_given_twice_shows_who_has_it(
    advisor: PageClient, sharing: PageClient, finished: Assessment, talk: str, session: Session
) -> None:
    advisor.submit(f"{talk}/4", f"{talk}/actions", {"own": OWN})
    action = session.scalars(select(PlanAction)).one().id
    old = form_of(advisor, f"{talk}/4", f"{talk}/actions/{action}")
    plan = f"/q/{finished.id}/plan/{action}"
    sharing.submit(plan, plan, {"owner": "Lina"})
    answer = advisor.post(f"{talk}/actions/{action}", data=old | {"owner": "Mehdi"})
    assert answer.status_code == 409
    for words in ("Lina", "Mehdi"):
        assert words in answer.text


@pytest.mark.parametrize("was", ["", "[1", '["a"]', '{"next_on": "hier"}', '{"surprises": 3}'])
def test_a_page_that_says_nonsense_of_what_it_showed_overwrites_nothing(
    advisor: PageClient, talk: str, was: str
) -> None:
    assert advisor.submit(f"{talk}/5", f"{talk}/5", {"was": was, "next_with": "Au café"}).status_code in {303, 409}


def test_nothing_private_is_projected(advisor: PageClient, taken: str, talk: str) -> None:
    """The association looks at this screen: no note, comment, opinion or proposal of a review that is not sent."""
    form = form_of(advisor, taken, f"{taken}/avis")
    secrets = {name: f"canari-{number}" for number, name in enumerate(form) if name.startswith(("comment", "private"))}
    assert "private_note" in secrets
    assert len(secrets) > 1
    assert advisor.post(f"{taken}/avis", data=form | secrets).status_code == 303
    assert "canari-" in advisor.get(taken).text
    for step in STEPS:
        assert "canari-" not in advisor.get(f"{talk}/{step}").text


def test_nobody_else_leads_it(sharing: PageClient, other_advisor: PageClient, talk: str, finished: Assessment) -> None:
    for browser in (sharing, other_advisor):
        assert browser.get(f"{talk}/1").status_code in {303, 404}


def form_of(browser: PageClient, page: str, action: str = "") -> dict[str, object]:
    """Return what the form of this page that goes to `action` holds."""
    return values(next(form for form in browser.page(page).iter("form") if form.get("action") == (action or page)))
