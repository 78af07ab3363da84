"""The pencil and the program agree: the tables printed on paper lead to the very stage and score."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from questionnaire.core.answers import parse_answers
from questionnaire.core.by_hand import HandMethod, HandResult, hand_method, work_out
from questionnaire.core.framework import Framework
from questionnaire.core.loading import published
from questionnaire.core.scoring import Scorecard, score
from tests.core.making import Values, cases, loaded, read

FRAMEWORK = published().newest("faire-alliance")
METHOD = hand_method(FRAMEWORK)
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))


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


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_pencil_finds_what_the_program_says_of_an_example(path: Path) -> None:
    scorecard = score(FRAMEWORK, parse_answers(path.read_bytes(), FRAMEWORK)[0])
    method = hand_method(FRAMEWORK)
    found = by_hand(scorecard, FRAMEWORK, method)
    assert (found.stage, found.score) == (scorecard.overall.stage, scorecard.overall.score)
    assert found.total == sum(found.dimensions.values())
    for dimension in scorecard.dimensions:
        assert found.dimensions.get(dimension.id, 0) * 100 == (dimension.raw_score or 0) * method.full
        for criterion in dimension.criteria:
            assert found.criteria.get(criterion.id, 0) * 100 == (criterion.score or 0) * method.most


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


@pytest.mark.parametrize(("unknown", "certain"), [(1, True), (2, False)])
def test_more_than_half_unknown_gives_no_stage(unknown: int, certain: bool) -> None:
    found = work_out(FRAMEWORK, METHOD, {FRAMEWORK.questions[0].id: 4}, unknown)
    assert [part is not None for part in (found.total, found.score, found.stage)] == [certain] * 3
    assert found.criteria == {FRAMEWORK.criteria[0].id: METHOD.most}
    assert found.dimensions == {FRAMEWORK.dimensions[0].id: METHOD.full}


def test_nothing_answered_gives_nothing() -> None:
    assert work_out(FRAMEWORK, METHOD, {}, 0) == HandResult({}, {}, None, None, None)


def test_every_number_to_write_is_whole() -> None:
    method = hand_method(FRAMEWORK)
    assert (method.worth, method.most) == ({1: (0, 2, 4, 6), 2: (0, 1, 2, 3)}, 6)
    assert (method.factors, method.full) == ({1: 60, 2: 30, 3: 20, 4: 15, 5: 12}, 360)
    assert [(row.dimensions, row.most) for row in method.rows] == [(count, 360 * count) for count in (6, 5, 4, 3, 2, 1)]
    assert method.rows[0].least == (0, 540, 1080, 1620)
    assert method.stages == tuple(stage.label for stage in FRAMEWORK.stages)
    assert (method.weak, method.cap) == (1, FRAMEWORK.scoring.essential_cap)
