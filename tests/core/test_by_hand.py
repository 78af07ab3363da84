"""The pencil and the program agree: the tables printed on paper lead to the very stage and score."""

from __future__ import annotations

import pytest
from hypothesis import given

from questionnaire.core.by_hand import HandMethod, HandResult, hand_method, work_out
from questionnaire.core.framework import Framework
from questionnaire.core.loading import published
from questionnaire.core.scoring import Scorecard, score
from tests.core.making import Values, cases, loaded, read

FRAMEWORK = published().newest("faire-alliance")
METHOD = hand_method(FRAMEWORK)


def by_hand(scorecard: Scorecard, framework: Framework = FRAMEWORK, method: HandMethod = METHOD) -> HandResult:
    """Follow the page with the answers that a reader has before them: what rules set aside is crossed out."""
    questions = [each for dimension in scorecard.dimensions for one in dimension.criteria for each in one.questions]
    levels = {each.id: each.level for each in questions if each.level is not None}
    return work_out(framework, method, levels, sum(each.unknown for each in questions))


@given(cases())
def test_the_pencil_finds_the_same_stage_and_score(case: tuple[Values, Values]) -> None:
    framework = loaded(case[0])
    scorecard = score(framework, read(framework, case[1]))
    found = by_hand(scorecard, framework, hand_method(framework))
    assert found.stage == scorecard.overall.stage
    assert found.score == scorecard.overall.score


@given(cases())
def test_the_pencil_finds_the_same_dimensions(case: tuple[Values, Values]) -> None:
    framework = loaded(case[0])
    scorecard = score(framework, read(framework, case[1]))
    method = hand_method(framework)
    found = by_hand(scorecard, framework, method).dimensions
    scores = {each.id: each.raw_score for each in scorecard.dimensions if each.raw_score is not None}
    assert {name: points * 100 == scores[name] * method.full for name, points in found.items()} == dict.fromkeys(
        scores, True
    )


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_the_same_level_everywhere_needs_no_sum(level: int) -> None:
    found = work_out(FRAMEWORK, METHOD, {question.id: level for question in FRAMEWORK.questions}, 0)
    assert found.total == len(FRAMEWORK.dimensions) * METHOD.full * (level - 1) // 3


def test_an_essential_criterion_at_its_lowest_holds_the_stage_back() -> None:
    essential = next(criterion for criterion in FRAMEWORK.criteria if criterion.essential)
    levels = {question.id: 4 for question in FRAMEWORK.questions}
    assert work_out(FRAMEWORK, METHOD, levels, 0).stage == METHOD.stages[-1]
    weak = levels | {question.id: 1 for question in essential.questions}
    assert work_out(FRAMEWORK, METHOD, weak, 0).stage == METHOD.cap


def test_too_much_unknown_gives_no_stage() -> None:
    found = work_out(FRAMEWORK, METHOD, {FRAMEWORK.questions[0].id: 4}, 2)
    assert (found.total, found.score, found.stage) == (None, None, None)


def test_every_number_to_write_is_whole() -> None:
    assert METHOD.worth == {1: (0, 2, 4, 6), 2: (0, 1, 2, 3)}
    assert METHOD.factors == {1: 60, 2: 30, 3: 20, 4: 15, 5: 12}
    assert METHOD.rows[0].least == (0, 540, 1080, 1620)
