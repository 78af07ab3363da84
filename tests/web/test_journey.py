"""The page of a file's next steps: sent back with questions, handed over, followed, closed; each read by both sides."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from questionnaire.storage.models import Assessment, Job, TalkMove, TalkRequest
from tests.pages import PageClient

WHY = "Quelle preuve pour les besoins du territoire ?"


@pytest.fixture
def returned(taken: str, advisor: PageClient) -> str:
    advisor.submit(f"{taken}/valider", f"{taken}/valider")
    return taken


def step(advisor: PageClient, dossier: str, name: str, **fields: str) -> int:
    """Make one step; say how it ended."""
    return attempt(advisor, dossier, name, **fields).status_code


def attempt(advisor: PageClient, dossier: str, name: str, **fields: str) -> TestResponse:
    """Make one step from the page, as its form does."""
    token = advisor.page(f"{dossier}/suite").find(".//input[@name='csrf_token']")
    assert token is not None
    sent = {"csrf_token": token.get("value"), "move": name, "complete": "1", **fields}
    return advisor.post(f"{dossier}/suite", data=sent)


def state(session: Session) -> str:
    session.rollback()  # the next read sees what requests committed
    return session.scalars(select(TalkRequest)).one().state


def test_sent_back_the_association_reads_the_questions_and_can_answer(
    sharing: PageClient, taken: str, advisor: PageClient, finished: Assessment, session: Session
) -> None:
    assert step(advisor, taken, "send_back", why=WHY) == 303
    home = f"/q/{finished.id}/"
    assert WHY in sharing.get(home).text
    assert "Thème" in sharing.get(f"{home}theme/ECO").text
    assert sharing.submit(f"{home}verifier", f"{home}verifier").status_code == 303
    assert state(session) == "in_review"
    assert WHY not in sharing.get(home).text
    kinds = {job.kind for job in session.scalars(select(Job))}
    assert {"mail_sent_back", "mail_resent"} <= kinds


def test_what_was_written_before_sending_back_is_kept(taken: str, advisor: PageClient) -> None:
    advisor.submit(taken, f"{taken}/avis", {"comment_ECO": "Un vrai point d’appui."})
    step(advisor, taken, "send_back", why=WHY)
    assert "Un vrai point d’appui." in advisor.get(taken).text


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("send_back", {"why": "  "}, "Écrivez pourquoi"),
        ("send_back", {"why": "x" * 2001}, "Pourquoi"),
        ("send_back", {"why": "a\x00b"}, "Pourquoi"),
        ("hand_over", {"why": WHY}, "Choisissez à qui"),
        ("hand_over", {"why": WHY, "colleague": "999"}, "Choisissez à qui"),
        ("join", {"colleague": "²"}, "Choisissez à qui"),
        ("send_back", {"why": WHY, "complete": ""}, "incomplète"),
    ],
)
def test_a_step_that_lacks_something_comes_back_filled(
    advisor: PageClient, taken: str, session: Session, name: str, fields: dict[str, str], said: str
) -> None:
    token = advisor.page(f"{taken}/suite").find(".//input[@name='csrf_token']")
    assert token is not None
    answer = advisor.post(
        f"{taken}/suite", data={"csrf_token": token.get("value"), "move": name, "complete": "1", **fields}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert fields.get("why", "").strip("\x00 ")[:20].replace("\x00", "") in answer.text.replace("\x00", "")
    assert state(session) == "in_review"


@pytest.mark.parametrize("name", ["follow", "reopen", "ask", "withdraw", "", "n’importe"])
def test_a_step_that_does_not_start_here_is_not_made(
    advisor: PageClient, taken: str, session: Session, name: str
) -> None:
    assert step(advisor, taken, name, why=WHY) in {409, 422}
    assert state(session) == "in_review"


def test_handed_over_the_new_one_reads_and_the_old_one_no_more(
    sharing: PageClient, taken: str, advisor: PageClient, other_advisor: PageClient, finished: Assessment
) -> None:
    assert step(advisor, taken, "hand_over", why=WHY, colleague=str(other_advisor.account.id)) == 303
    assert other_advisor.get(taken).status_code == 200
    assert advisor.get(taken).status_code == 404
    assert WHY in sharing.get(f"/q/{finished.id}/entretien").text


def test_a_colleague_writes_in_the_same_review_and_does_not_validate(
    taken: str, advisor: PageClient, other_advisor: PageClient, session: Session
) -> None:
    step(advisor, taken, "join", colleague=str(other_advisor.account.id))
    other_advisor.submit(taken, f"{taken}/avis", {"comment_ECO": "Vu à deux."})
    assert "Vu à deux." in advisor.get(taken).text
    other_advisor.submit(f"{taken}/valider", f"{taken}/valider")
    assert state(session) == "in_review"
    assert step(other_advisor, taken, "leave") == 303
    assert other_advisor.get(taken).status_code == 404


def test_followed_closed_and_opened_again(returned: str, advisor: PageClient, session: Session) -> None:
    for name, then in (("follow", "followed"), ("close", "closed"), ("reopen", "followed")):
        assert step(advisor, returned, name, why="Parce que.") == 303
        assert state(session) == then


def test_a_new_review_is_begun_beside_the_one_that_was_sent(returned: str, advisor: PageClient) -> None:
    assert step(advisor, returned, "review_again", why="De nouvelles pièces.") == 303
    assert advisor.submit(returned, f"{returned}/avis", {"comment_ECO": "Relu."}).status_code == 303


def test_the_association_reads_every_step_and_takes_them_with_its_data(
    sharing: PageClient, returned: str, finished: Assessment, session: Session
) -> None:
    shown = sharing.get(f"/q/{finished.id}/entretien").text
    assert all(
        words in shown for words in ("a demandé un entretien", "a pris le dossier en charge", "a rendu son avis")
    )
    steps = sharing.get(f"/q/{finished.id}/donnees.json").get_json()["talk"]["steps"]
    assert [each["step"] for each in steps] == ["ask", "take", "validate"]
    sharing.submit(f"/q/{finished.id}/supprimer", f"/q/{finished.id}/supprimer", {"sure": "y"})
    assert session.scalar(select(TalkMove)) is None
