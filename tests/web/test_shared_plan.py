"""The plan that both sides keep: agreed, written by both without loss, put in calendars, recalled to mind."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaire.storage import shared_plan
from questionnaire.storage.models import Assessment, Job
from questionnaire.storage.plan_models import PlanAction
from tests.builders import NOW
from tests.pages import PageClient, values

OWN = "Inviter le maire au conseil."


@pytest.fixture
def plan(finished: Assessment) -> str:
    return f"/q/{finished.id}/plan"


@pytest.fixture
def theirs(finished: Assessment) -> str:
    return f"/conseiller/dossiers/{finished.id}/plan"


@pytest.fixture
def action(sharing: PageClient, plan: str, session: Session) -> str:
    """The address of an action that the association wrote, from its side, after `/plan`."""
    assert sharing.submit(plan, plan, {"own": OWN}).status_code == 303
    return f"/{session.scalars(select(PlanAction)).one().id}"


def test_both_sides_read_what_one_agreed(
    sharing: PageClient, advisor: PageClient, plan: str, theirs: str, action: str
) -> None:
    assert OWN in sharing.get(plan).text
    assert OWN in advisor.get(theirs).text


def test_proposed_actions_are_added_once(sharing: PageClient, plan: str, session: Session) -> None:
    boxes = [each for each in sharing.page(plan).iter("input") if each.get("name") == "proposed" and each.get("value")]
    first = str(boxes[0].get("value"))
    for _ in range(2):
        sharing.submit(plan, plan, {"proposed": first})
    kept = session.scalars(select(PlanAction)).one()
    assert kept.criterion == first
    assert [job.kind for job in session.scalars(select(Job).where(Job.kind == "plan_look_back"))] == [
        "plan_look_back"
    ] * 2


def test_what_two_people_changed_in_different_fields_is_kept(
    sharing: PageClient, advisor: PageClient, plan: str, theirs: str, action: str, session: Session
) -> None:
    old = form_of(advisor, theirs + action)
    sharing.submit(plan + action, plan + action, {"owner": "Lina"})
    answer = advisor.post(theirs + action, data=old | {"due_on": "31/12/2027", "progress": "doing"})
    assert answer.status_code == 303
    session.rollback()  # the next read sees what requests committed
    kept = session.scalars(select(PlanAction)).one()
    assert (kept.owner, kept.progress, str(kept.due_on), kept.updated_by) == (
        "Lina", "doing", "2027-12-31", "Camille Martin",
    )  # fmt: skip


def test_the_same_field_changed_twice_shows_both(
    sharing: PageClient, advisor: PageClient, plan: str, theirs: str, action: str
) -> None:
    old = form_of(advisor, theirs + action)
    sharing.submit(plan + action, plan + action, {"owner": "Lina"})
    answer = advisor.post(theirs + action, data=old | {"owner": "Mehdi"})
    assert answer.status_code == 409
    assert "Lina" in answer.text
    assert "Mehdi" in answer.text
    assert "Lina" in sharing.get(plan).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"due_on": "31/13/2027"}, "Écrivez la date"),
        ({"progress": "dropped"}, "pourquoi cette action est abandonnée"),
        ({"progress": "perdu"}, "Choisissez l’une des réponses"),
        ({"action": " "}, "Écrivez l’action"),
        ({"notes": "x" * 4001}, "Notes"),
        ({"complete": ""}, "incomplète"),
    ],
)
def test_what_does_not_fit_comes_back_filled(
    sharing: PageClient, plan: str, action: str, fields: dict[str, str], said: str
) -> None:
    answer = sharing.submit(plan + action, plan + action, {"owner": "Lina Benali", **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert "Lina Benali" in answer.text


def test_a_page_that_says_nonsense_of_what_it_showed_overwrites_nothing(
    sharing: PageClient, plan: str, action: str
) -> None:
    answer = sharing.submit(plan + action, plan + action, {"was": "[1", "owner": "Lina"})
    assert answer.status_code == 303


def test_a_plan_has_an_end(sharing: PageClient, plan: str, session: Session, finished: Assessment) -> None:
    shared_plan.agree(session, finished.id, [(None, f"Action {n}") for n in range(shared_plan.MOST)], "", NOW)
    session.commit()
    answer = sharing.submit(plan, plan, {"own": OWN})
    assert answer.status_code == 422
    assert OWN in answer.text


def test_dates_go_into_a_calendar(sharing: PageClient, plan: str, action: str) -> None:
    sharing.submit(plan + action, plan + action, {"due_on": "2027-12-31"})
    answer = sharing.get(f"{plan}/agenda.ics")
    events = Calendar.from_ical(answer.text).walk("VEVENT")
    assert [each.decoded("dtstart") for each in events] == [date(2027, 12, 31)]
    sharing.submit(plan + action, plan + action, {"progress": "done"})
    assert "VEVENT" not in sharing.get(f"{plan}/agenda.ics").text


def test_the_plan_leaves_whole_as_a_table_for_both_sides_and_no_word_is_run(
    sharing: PageClient, advisor: PageClient, plan: str, theirs: str, action: str
) -> None:
    hostile = {"owner": "=2+5", "due_on": "2027-12-31", "progress": "dropped", "why": "Plus de local"}
    sharing.submit(plan + action, plan + action, hostile | {"notes": "Une ligne\n@SUM(A1)"})
    sharing.submit(plan, plan, {"own": "Une autre"})
    for browser, address in ((sharing, plan), (advisor, theirs)):
        text = browser.get(f"{address}/plan.csv").data.decode("utf-8-sig")
        head, first, second = csv.reader(io.StringIO(text), delimiter=";")
        assert first[:5] == [OWN, "'=2+5", "2027-12-31", "Abandonné", "Plus de local"]
        assert first[5] == "Une ligne\n'@SUM(A1)"
        assert (second[0], len(head)) == ("Une autre", len(second))
        book = zipfile.ZipFile(io.BytesIO(browser.get(f"{address}/plan.xlsx").data))
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert b"@SUM(A1)" in book.read("xl/sharedStrings.xml")


def test_a_date_is_recalled_once_to_both_and_never_to_who_stopped_it(
    sharing: PageClient, plan: str, action: str, session: Session, finished: Assessment
) -> None:
    kept = session.scalars(select(PlanAction)).one()
    kept.due_on = NOW.date() + timedelta(days=5)
    session.commit()
    assert (shared_plan.remind_of_dates(session, NOW), shared_plan.remind_of_dates(session, NOW)) == (1, 0)
    assert {"mail_plan_due", "mail_plan_due_advisor"} <= set(kinds(session))
    session.rollback()
    sharing.submit(plan, f"{plan}/rappels", {"rappels": "non"})
    shared_plan.remind_of_dates(session, NOW)
    assert "mail_plan_due" not in kinds(session)
    assert "mail_plan_due_advisor" in kinds(session)


def test_before_the_end_and_after_withdrawal_there_is_no_plan(
    sharing: PageClient, respondent: PageClient, advisor: PageClient, finished: Assessment, theirs: str
) -> None:
    assert respondent.get(f"/q/{respondent.assessment_id}/plan").status_code == 303
    sharing.submit(f"/q/{finished.id}/entretien", f"/q/{finished.id}/entretien/retirer")
    assert advisor.get(theirs).status_code == 404


def kinds(session: Session) -> list[str]:
    return [job.kind for job in session.scalars(select(Job))]


def form_of(browser: PageClient, url: str) -> dict[str, object]:
    return values(next(form for form in browser.page(url).iter("form") if form.get("action") == url))
