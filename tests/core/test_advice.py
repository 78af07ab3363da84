"""The advisor's plan beside the association's: kept, set aside, put elsewhere, written; the latter never moves."""

from __future__ import annotations

import pytest

from questionnaire.core.answers import Answer, AnswerSet
from questionnaire.core.framework import Framework
from questionnaire.core.report import Report, build_report
from questionnaire.core.review import OwnAction, Review

OWN = {"a": OwnAction("Inviter le maire", "Il le propose.", ("L’appeler",))}


@pytest.fixture(scope="module")
def answers(framework: Framework) -> AnswerSet:
    return AnswerSet(
        framework.header.id,
        framework.header.version,
        profile={"recent_partnerships": "1-2"},
        answers={question.id: Answer(2) for question in framework.questions},
    )


@pytest.fixture(scope="module")
def plan(framework: Framework, answers: AnswerSet) -> list[str]:
    return [sheet.criterion.id for sheet in build_report(framework, answers).plan]


def advised(framework: Framework, answers: AnswerSet, **said: object) -> tuple[Report, list[str]]:
    report = build_report(framework, answers, Review("Camille Martin", **said))  # type: ignore[arg-type]
    assert report.review is not None
    actions = report.review.advice.actions if report.review.advice else ()
    return report, [each.criterion or each.action for each in actions]


def test_who_says_nothing_advises_no_other_plan(framework: Framework, answers: AnswerSet) -> None:
    report, _ = advised(framework, answers)
    assert report.review is not None
    assert report.review.advice is None


def test_an_action_set_aside_is_named_with_why_and_stays_in_the_association_s_plan(
    framework: Framework, answers: AnswerSet, plan: list[str]
) -> None:
    report, order = advised(framework, answers, aside={plan[0]: "Trop tôt."})
    assert report.review is not None
    assert report.review.advice is not None
    assert [why for _, why in report.review.advice.aside] == ["Trop tôt."]
    assert order == plan[1:]
    assert [sheet.criterion.id for sheet in report.plan] == plan


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({}, [0, 1, 2, "Inviter le maire"]),
        ({"a": 1}, ["Inviter le maire", 0, 1, 2]),
        ({2: 1}, [2, 0, 1, "Inviter le maire"]),
        ({0: 9}, [1, 2, "Inviter le maire", 0]),
        ({"a": 2, 2: 1}, [2, 0, "Inviter le maire", 1]),
        ({"nowhere": 1}, [0, 1, 2, "Inviter le maire"]),
    ],
)
def test_what_is_put_somewhere_comes_first_there(
    framework: Framework, answers: AnswerSet, plan: list[str], places: dict[int | str, int], expected: list[int | str]
) -> None:
    named = {plan[key] if isinstance(key, int) else key: place for key, place in places.items()}
    _, order = advised(framework, answers, own=OWN, places=named, aside=dict.fromkeys(plan[3:], "Plus tard."))
    assert order == [plan[each] if isinstance(each, int) else each for each in expected]


def test_an_opinion_stands_with_its_criterion(framework: Framework, answers: AnswerSet) -> None:
    report, _ = advised(framework, answers, opinions={"ECO-1": "missing"})
    said = {each.id: each.opinion for dimension in report.dimensions for each in dimension.criteria if each.opinion}
    assert said == {"ECO-1": "missing"}
