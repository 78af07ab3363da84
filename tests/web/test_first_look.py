"""The first look: one question at a time, on the same answers as the whole; then words, and never a score."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pypdf
import pytest
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.extensions import jobs
from questionnaire.storage import assessments
from questionnaire.storage.models import Assessment
from tests.builders import NOW
from tests.pages import PageClient, text_of
from tests.web.test_check import fill
from tests.web.test_wizard import at, field

Look = Callable[..., None]
PROFILE_PAGE = assessments.PROFILE
LOOK = "premier-regard/"
PROFILE = {"employees": "3-9", "recent_partnerships": "1-2", "objective": "funding", "tax_receipts": "no"}
ASKED = ["ECO-1a", "ECO-3b", "ECO-4a", "STR-1a", "STR-3a", "CAP-1a", "CAD-1a", "CAD-3a", "REL-2a", "EVA-3a"]
NUMBERS = r"sur 100|/\s*100|%|[0-9],[0-9]"


def answer(browser: PageClient, question: str, value: Any, **more: Any) -> Any:
    name = f"q_{question}" if question in ASKED or "-" in question else f"profile_{question}"
    return browser.submit(at(browser, LOOK + question), fields={name: value, **more})


@pytest.fixture
def look(session: Session, framework: Framework, assessment: Assessment) -> Callable[..., None]:
    """Answer the whole first look as if each screen had been sent: `look("3", tax_receipts="yes")`."""

    def answered(level: int | str = 2, **profile: str) -> None:
        assessments.save_page(session, assessment, PROFILE_PAGE, 0, {"department": "34"} | PROFILE | profile, NOW)
        asked = [*ASKED, "CAD-2a"] if "yes" in profile.values() else ASKED
        for dimension in framework.dimensions:
            values = {question: {"value": level} for question in asked if question.startswith(dimension.id)}
            assessments.save_page(session, assessment, dimension.id, 0, values, NOW)
        session.commit()

    return answered


def result(browser: PageClient) -> ElementTree.Element:
    return browser.page(at(browser, LOOK + "resultat"))


def test_it_begins_with_the_first_question(respondent: PageClient) -> None:
    assert respondent.get(at(respondent, LOOK)).headers["Location"] == at(respondent, LOOK + "department")


def test_each_answer_leads_to_the_next(respondent: PageClient) -> None:
    assert answer(respondent, "department", "34").headers["Location"] == at(respondent, LOOK + "employees")
    assert answer(respondent, "tax_receipts", "no").headers["Location"] == at(respondent, LOOK + "ECO-1a")


@pytest.mark.parametrize(
    ("question", "go", "where"),
    [
        ("employees", "previous", LOOK + "department"),
        ("department", "previous", ""),
        ("employees", "list", ""),
        ("employees", "https://ailleurs.example", LOOK + "recent_partnerships"),
    ],
)
def test_every_button_saves_and_leads_where_it_says(respondent: PageClient, question: str, go: str, where: str) -> None:
    code = "34" if question == "department" else "3-9"
    assert answer(respondent, question, code, go=go).headers["Location"] == at(respondent, where)
    assert field(respondent, LOOK + question, f"profile_{question}") == [code]


def test_one_screen_asks_one_question(respondent: PageClient) -> None:
    page = respondent.page(at(respondent, LOOK + "ECO-3b"))
    names = {each.get("name") for each in page.iter() if (each.get("name") or "").startswith("q_")}
    assert names == {"q_ECO-3b"}
    assert "7 sur 15" in text_of(page)


def test_what_is_answered_here_stands_in_the_whole_and_back(respondent: PageClient) -> None:
    answer(respondent, "ECO-1a", "3", **{"evidence_ECO-1a": "Note de 2026"})
    assert field(respondent, "theme/ECO", "q_ECO-1a") == ["3"]
    assert field(respondent, "theme/ECO", "evidence_ECO-1a") == ["Note de 2026"]
    respondent.submit(at(respondent, "theme/ECO"), fields={"q_ECO-3b": "1", "comment_ECO-2a": "Plus tard"})
    assert field(respondent, LOOK + "ECO-3b", "q_ECO-3b") == ["1"]
    answer(respondent, "ECO-4a", "2")
    assert field(respondent, "theme/ECO", "comment_ECO-2a") == ["Plus tard"]


def test_an_old_screen_sent_late_loses_nothing_of_others(respondent: PageClient, colleague: PageClient) -> None:
    respondent.page(at(respondent, LOOK + "ECO-1a"))
    late = {"version": "0", "complete": "1", "q_ECO-1a": "4"}
    colleague.submit(at(colleague, "theme/ECO"), fields={"q_ECO-2a": "2"})
    answer(respondent, "ECO-1a", "4", **late)
    assert [field(colleague, "theme/ECO", name) for name in ("q_ECO-1a", "q_ECO-2a")] == [["4"], ["2"]]


def test_the_same_question_answered_twice_shows_both(respondent: PageClient, colleague: PageClient) -> None:
    answer(colleague, "ECO-1a", "2")
    both = answer(respondent, "ECO-1a", "4", version="0")
    assert both.status_code == 409
    assert "Quelqu’un a répondu en même temps" in both.text


@pytest.mark.parametrize(
    ("question", "fields", "words"),
    [
        ("department", {"profile_department": "20"}, "choisissez un département de la liste"),
        ("ECO-1a", {"q_ECO-1a": "5"}, "Question 6 : choisissez"),
        ("ECO-1a", {"comment_ECO-1a": "a\u202eb"}, "Question 6, remarques"),
        ("ECO-1a", {"complete": ""}, "arrivée incomplète"),
        ("ECO-1a", {"csrf_token": "x"}, "Par sécurité"),
    ],
)
def test_what_cannot_be_kept_comes_back_filled(
    respondent: PageClient, question: str, fields: dict[str, str], words: str
) -> None:
    kept = {"evidence_ECO-1a": "Gardez-moi"} if question == "ECO-1a" else {}
    sent = respondent.submit(at(respondent, LOOK + question), fields={**kept, **fields})
    assert sent.status_code == 422
    assert words in sent.text.replace("\u202f", " ")
    assert all(word in sent.text for word in kept.values())


def test_a_question_left_aside_is_asked_again_at_the_end(respondent: PageClient, look: Look) -> None:
    look()
    answer(respondent, "recent_partnerships", "none")
    last = respondent.submit(at(respondent, LOOK + "STR-2a"))
    assert last.headers["Location"] == at(respondent, LOOK + "CAD-5a")
    assert "Il reste 3 questions sans réponse" in text_of(respondent.page(last.headers["Location"]))


def test_a_question_not_asked_any_more_leads_on_and_still_saves(respondent: PageClient) -> None:
    answer(respondent, "REL-2a", "3", **{"comment_REL-2a": "Trois fois"})
    answer(respondent, "recent_partnerships", "none")
    assert respondent.get(at(respondent, LOOK + "REL-2a")).headers["Location"] == at(respondent, LOOK + "department")
    late = respondent.sent[1] | {"version": "1", "q_REL-2a": "2"}
    assert respondent.post(at(respondent, LOOK + "REL-2a"), data=late).status_code == 303
    answer(respondent, "recent_partnerships", "1-2")
    assert field(respondent, "theme/REL", "q_REL-2a") == ["2"]


@pytest.mark.parametrize("question", ["RIEN", "ECO-2a", "success"])
def test_a_question_that_the_first_look_never_asks_is_not_found(respondent: PageClient, question: str) -> None:
    assert respondent.get(at(respondent, LOOK + question)).status_code == 404


def test_it_ends_in_words(respondent: PageClient, look: Look) -> None:
    look(3)
    said = text_of(result(respondent))
    for words in ("Vos points forts", "Vos réponses, en mots", "Pas encore vu", "Continuer (24 questions"):
        assert words in said, words
    assert "environ 30 minutes" in said


@pytest.mark.parametrize("level", ["1", "2", "3", "4", "unknown"])
def test_it_shows_no_score_no_stage_no_chart(
    respondent: PageClient, look: Look, framework: Framework, level: str
) -> None:
    look(int(level) if level.isdigit() else level, tax_receipts="yes")
    page = result(respondent)
    main = next(page.iter("main"))
    said = text_of(main)
    assert not re.search(NUMBERS, said)
    assert not [stage.label for stage in framework.stages if stage.label in said]
    assert not [each for each in main.iter() if "radar" in (each.get("class") or "")]


def test_its_pdf_is_one_page_without_score(respondent: PageClient, look: Look, framework: Framework) -> None:
    look(3, tax_receipts="yes")
    page = at(respondent, LOOK + "resultat.pdf")
    assert respondent.get(page).status_code == 202
    with respondent.application.app_context():
        jobs().run_due()
    sent = respondent.get(page)
    pages = pypdf.PdfReader(io.BytesIO(sent.data)).pages
    said = pages[0].extract_text()
    assert len(pages) == 1
    assert not re.search(NUMBERS, said)
    assert not [stage.label for stage in framework.stages if stage.label in said]


def test_the_rest_keeps_every_answer(respondent: PageClient, look: Look) -> None:
    look()
    kept = json.loads(respondent.get(at(respondent, "donnees.json")).data)["answers_file"]
    assert sorted(kept["answers"]) == sorted(ASKED)
    assert field(respondent, "theme/REL", "q_REL-2a") == ["2"]


def test_once_finished_it_gives_way_to_the_result(respondent: PageClient) -> None:
    fill(respondent)
    respondent.submit(at(respondent, "verifier"))
    assert respondent.get(at(respondent, LOOK)).status_code == 303
    assert respondent.get(at(respondent, LOOK + "resultat")).headers["Location"] == at(respondent, "")


@pytest.mark.parametrize("place", ["", "ECO-1a", "resultat", "resultat.pdf"])
def test_a_stranger_finds_nothing(stranger: PageClient, respondent: PageClient, place: str) -> None:
    assert stranger.get(at(respondent, LOOK + place)).status_code == 404
