"""What the first look asks, and what it says: words only, from the questions it asks alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from questionnaire.core.answers import Answer, AnswerSet, Association
from questionnaire.core.first_look import possible_steps, steps
from questionnaire.core.first_look_report import FirstLook, build_first_look, on_its_own
from questionnaire.core.framework import Framework
from questionnaire.core.progress import PROFILE, progress
from questionnaire.core.report_model import Named

PROFILE_ASKED = ["department", "employees", "recent_partnerships", "objective", "tax_receipts"]
ALWAYS = ["ECO-1a", "ECO-3b", "ECO-4a", "STR-1a", "STR-3a", "CAP-1a", "CAD-1a"]
WITH = [*ALWAYS, "CAD-3a", "REL-2a", "EVA-3a"]
WITHOUT = [*ALWAYS, "CAD-5a", "REL-1a", "STR-2a"]
PARTNERS = {"department": "34", "employees": "3-9", "recent_partnerships": "1-2", "objective": "funding"}


def answers(levels: Mapping[str, Any] | None = None, /, **profile: str) -> AnswerSet:
    given = {name: Answer(level) for name, level in (levels or {}).items()}
    return AnswerSet("faire-alliance", "1.0.0", profile=profile, answers=given)


def asked(framework: Framework, answer_set: AnswerSet) -> list[str]:
    return [step.question for step in steps(framework, answer_set)]


@pytest.mark.parametrize(
    ("profile", "questions"),
    [
        ({}, WITH),
        ({"recent_partnerships": "1-2"}, WITH),
        ({"recent_partnerships": "none"}, WITHOUT),
        ({"tax_receipts": "yes"}, [*WITH, "CAD-2a"]),
        ({"tax_receipts": "unknown"}, WITH),
        ({"recent_partnerships": "none", "tax_receipts": "yes"}, [*WITHOUT, "CAD-2a"]),
    ],
)
def test_it_asks_five_questions_of_the_profile_then_those_that_apply(
    framework: Framework, profile: dict[str, str], questions: list[str]
) -> None:
    assert asked(framework, answers(**profile)) == [*PROFILE_ASKED, *questions]


def test_a_question_whose_stand_in_is_set_aside_too_is_not_asked(framework: Framework) -> None:
    first = framework.first_look.model_copy(
        update={"questions": (framework.first_look.questions[7].model_copy(update={"instead": "EVA-1a"}),)}
    )
    narrowed = framework.model_copy(update={"first_look": first})
    assert asked(narrowed, answers(recent_partnerships="none")) == PROFILE_ASKED


def test_each_step_knows_its_page_and_its_answer(framework: Framework) -> None:
    found = {step.question: step for step in steps(framework, answers({"CAD-1a": "unknown"}, department="34"))}
    assert (found["department"].page, found["department"].answered) == (PROFILE, True)
    assert (found["CAD-1a"].page, found["CAD-1a"].answered) == ("CAD", True)
    assert (found["REL-2a"].page, found["REL-2a"].answered) == ("REL", False)


def test_there_is_no_place_for_a_score_or_a_stage() -> None:
    assert not {"overall", "dimensions", "thresholds", "result_json"} & {each.name for each in fields(FirstLook)}


def test_it_says_the_answers_in_the_order_asked(framework: Framework) -> None:
    levels = dict.fromkeys(reversed(WITH), 2)
    said = build_first_look(framework, answers(levels, **PARTNERS)).answers
    assert [point.question.id for point in said] == WITH


def test_what_was_answered_elsewhere_changes_nothing(framework: Framework) -> None:
    few = answers(dict.fromkeys(WITH, 2), **PARTNERS)
    more = answers(dict.fromkeys(WITH, 2) | {"CAP-2a": 1, "ECO-2a": 4}, **PARTNERS)
    first, again = build_first_look(framework, few), build_first_look(framework, more)
    assert first == again


def test_it_proposes_the_first_two_actions_of_the_plan(framework: Framework) -> None:
    found = build_first_look(framework, answers(dict.fromkeys(WITH, 1), **PARTNERS))
    assert len(found.actions) == framework.first_look.max_actions == 2


def test_strengths_or_footholds_stand(framework: Framework) -> None:
    strong = build_first_look(framework, answers({"ECO-1a": 4, "STR-1a": 3}, **PARTNERS))
    assert [each.criterion.id for each in strong.strengths] == ["ECO-1", "STR-1"]
    timid = build_first_look(framework, answers(dict.fromkeys(WITH, 1) | {"ECO-1a": 2}, **PARTNERS))
    assert ([each.criterion.id for each in timid.footholds], timid.strengths) == (["ECO-1"], ())


def test_an_alert_brings_its_action_first(framework: Framework) -> None:
    found = build_first_look(framework, answers({"CAD-2a": 1, "ECO-1a": 1}, **PARTNERS, tax_receipts="yes"))
    assert [alert.criterion.id for alert in found.alerts] == ["CAD-2"]
    assert found.actions[0].criterion.id == "CAD-2"


def test_what_was_not_asked_is_not_seen_yet(framework: Framework) -> None:
    found = build_first_look(framework, answers(dict.fromkeys(WITH, 2) | {"CAP-2a": 4}, **PARTNERS))
    assert sum(each.questions for each in found.not_seen) == 24
    assert {each.dimension for each in found.not_seen} == {each.title for each in framework.dimensions}


def test_unknown_is_an_answer_and_not_unseen(framework: Framework) -> None:
    found = build_first_look(framework, answers(dict.fromkeys(WITH, "unknown"), **PARTNERS))
    assert (len(found.answers), found.actions) == (10, ())


@pytest.mark.parametrize(
    ("profile", "questions", "left", "minutes"),
    [
        (PARTNERS, WITH, 24, 30),
        (PARTNERS | {"recent_partnerships": "none"}, WITHOUT, 13, 20),
        ({}, [], 34, 45),
    ],
)
def test_what_is_left_is_counted_with_its_time(
    framework: Framework, profile: dict[str, str], questions: list[str], left: int, minutes: int
) -> None:
    given = profile | {"tax_receipts": "no"} if profile else {}
    found = progress(framework, answers(dict.fromkeys(questions, 2), **given))
    assert (found.questions_left, found.minutes_left) == (left, minutes)


def test_whatever_the_answers_only_these_questions_may_be_asked(framework: Framework) -> None:
    found = possible_steps(framework)
    assert {name for name, page in found.items() if page == PROFILE} == set(PROFILE_ASKED)
    assert set(found) == {*PROFILE_ASKED, *WITH, *WITHOUT, "CAD-2a"}
    assert (found["ECO-1a"], found["CAD-5a"]) == ("ECO", "CAD")


def test_on_its_own_it_holds_nothing_of_the_rest(framework: Framework) -> None:
    given = answers({"ECO-1a": 2, "EVA-1a": 4}, **PARTNERS, budget="under-10k")
    own = on_its_own(framework, given)
    assert (own.answers, own.profile) == ({"ECO-1a": Answer(2)}, PARTNERS)
    assert (own.framework_id, own.framework_version) == ("faire-alliance", "1.0.0")


def test_it_says_who_answered_what_and_when(framework: Framework) -> None:
    given = replace(
        answers({"ECO-1a": 2}, **PARTNERS, budget="under-10k"),
        association=Association("Les Jardins"),
        date=date(2026, 11, 23),
    )
    found = build_first_look(framework, given)
    assert (found.framework.id, found.who.name, found.date) == ("faire-alliance", "Les Jardins", date(2026, 11, 23))
    assert {line.id for line in found.profile} == set(PROFILE_ASKED)
    (point,) = found.answers
    criterion, dimension = framework.criterion("ECO-1"), framework.dimension("ECO")
    assert point.criterion == Named("ECO-1", criterion.title, "ECO", dimension.title)
