"""Reading all answers again, finishing once, and reopening."""

import pytest
from sqlalchemy.orm import Session

from questionnaire.core.loading import published
from questionnaire.storage.models import Assessment
from tests.builders import complete_pages
from tests.pages import PageClient, text_of
from tests.web.test_wizard import at, save


def fill(browser: PageClient, leave: str = "") -> None:
    """Answer everything over the web, but for the question or the page named."""
    from questionnaire.web.pages import pages_of

    framework = published().newest("faire-alliance")
    pages = pages_of(framework)
    for name, values in complete_pages(framework).items():
        kept = {key: value for key, value in values.items() if leave not in (key, name)}
        place = "profil" if name == "profile" else f"theme/{name}"
        browser.submit(at(browser, place), fields=pages[name].data(kept))


def test_what_is_missing_comes_first(respondent: PageClient) -> None:
    fill(respondent, leave="ECO-1b")
    page = text_of(respondent.page(at(respondent, "verifier")))
    assert "Il reste une question" in page
    assert "Sans réponse" in page


def test_each_answer_has_its_way_back(respondent: PageClient) -> None:
    fill(respondent)
    links = [link for link in respondent.page(at(respondent, "verifier")).iter("a") if "Modifier" in text_of(link)]
    assert len(links) == 14 + 34
    assert all("retour=verifier#" in link.get("href", "") for link in links)


@pytest.mark.parametrize(
    ("leave", "lands"),
    [("profile", "profil?retour=verifier#profile_department"), ("STR-1a", "theme/STR?retour=verifier#q_STR-1a")],
)
def test_finishing_too_early_leads_to_the_first_gap(respondent: PageClient, leave: str, lands: str) -> None:
    fill(respondent, leave)
    answer = respondent.submit(at(respondent, "verifier"))
    assert answer.headers["Location"] == at(respondent, lands)
    assert "sans réponse" in respondent.get(answer.headers["Location"]).text


def test_finishing_shows_the_result_and_shares_nothing(
    respondent: PageClient, session: Session, assessment: Assessment
) -> None:
    fill(respondent)
    answer = respondent.submit(at(respondent, "verifier"))
    assert (answer.status_code, answer.headers["Location"]) == (303, at(respondent, "resultat"))
    session.refresh(assessment)
    assert (assessment.state, assessment.finish_count) == ("finished", 1)


def test_finishing_twice_finishes_once(respondent: PageClient, session: Session, assessment: Assessment) -> None:
    fill(respondent)
    first = respondent.submit(at(respondent, "verifier"))
    again = respondent.send_again()
    session.refresh(assessment)
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert assessment.finish_count == 1


@pytest.mark.parametrize("place", ["profil", "theme/ECO", "verifier"])
def test_once_finished_the_pages_lead_home(respondent: PageClient, place: str) -> None:
    fill(respondent)
    respondent.submit(at(respondent, "verifier"))
    answer = respondent.get(at(respondent, place))
    assert (answer.status_code, answer.headers["Location"]) == (303, at(respondent, ""))
    assert "rouvrez-les" in respondent.get(at(respondent, "")).text


def test_answers_are_reopened_and_finished_again(
    respondent: PageClient, session: Session, assessment: Assessment
) -> None:
    fill(respondent)
    respondent.submit(at(respondent, "verifier"))
    respondent.submit(at(respondent, ""), at(respondent, "rouvrir"))
    assert save(respondent, "theme/ECO", q_ECO__1a="4").status_code == 303
    respondent.submit(at(respondent, "verifier"))
    session.refresh(assessment)
    assert assessment.finish_count == 2


def test_a_stale_token_finishes_nothing(respondent: PageClient, session: Session, assessment: Assessment) -> None:
    fill(respondent)
    assert respondent.submit(at(respondent, "verifier"), fields={"csrf_token": "x"}).status_code == 422
    session.refresh(assessment)
    assert assessment.state == "draft"
