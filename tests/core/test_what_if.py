"""« Et si ? »: today's levels change nothing, and an action's gain is what its success would bring."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from questionnaire.core.answers import AnswerSet, parse_answers
from questionnaire.core.framework import Framework
from questionnaire.core.loading import published
from questionnaire.core.report import build_report
from questionnaire.core.scoring import score
from questionnaire.core.what_if import WhatIf, raised_levels, what_if
from tests.core.making import Values, cases, loaded, read

FRAMEWORK = published().newest("faire-alliance")
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))


def levels_of(answers: AnswerSet) -> dict[str, int]:
    return {name: each.value for name, each in answers.answers.items() if isinstance(each.value, int)}


def differences(found: WhatIf) -> list[Any]:
    return [*found.choices, *found.moves, *found.dimensions]


@given(cases())
def test_todays_levels_change_nothing(case: tuple[Values, Values]) -> None:
    framework = loaded(case[0])
    answers = read(framework, case[1])
    found = what_if(framework, answers, levels_of(answers))
    assert found.after == found.before
    assert (differences(found), found.gain or 0) == ([], 0)


@given(cases(rules_read_questions=False))
def test_an_actions_gain_is_what_its_success_brings(case: tuple[Values, Values]) -> None:
    framework = loaded(case[0])
    answers = read(framework, case[1])
    report = build_report(framework, answers)
    for sheet in (*report.plan, *report.later):
        if sheet.raised:
            assert what_if(framework, answers, raised_levels(sheet)).gain == sheet.gain


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_action_that_succeeds_raises_what_led_to_it_by_one_level_and_brings_its_gain(path: Path) -> None:
    answers, framework = parse_answers(path.read_bytes(), published())
    sheet = build_report(framework, answers).plan[-1]
    raised = raised_levels(sheet)
    assert raised == {name: levels_of(answers)[name] + 1 for name in sheet.raised}
    found = what_if(framework, answers, raised)
    assert found.gain == sheet.gain
    assert {each.question.id: each.level.level for each in found.choices} == raised


@given(cases(), st.data())
def test_what_it_says_is_the_report_of_those_answers(case: tuple[Values, Values], data: st.DataObject) -> None:
    framework = loaded(case[0])
    answers = read(framework, case[1])
    names = data.draw(st.lists(st.sampled_from([each.id for each in framework.questions]), min_size=1, unique=True))
    levels = {name: data.draw(st.integers(1, 4)) for name in names}
    assume(levels != levels_of(answers))
    found = what_if(framework, answers, levels)
    assert found.after.overall.raw_score == score(framework, answers.with_levels(levels)).overall.raw_score
    for move in found.moves:
        assert (move.before, move.after) == (place(found.before, move.sheet), place(found.after, move.sheet))


def place(report: Any, sheet: Any) -> Any:
    keys = [(each.criterion.id, each.level.level) for each in report.plan]
    later = [(each.criterion.id, each.level.level) for each in report.later]
    key = (sheet.criterion.id, sheet.level.level)
    return keys.index(key) + 1 if key in keys else "later" if key in later else "nowhere"


def everything_at(level: int, framework: Framework = FRAMEWORK) -> AnswerSet:
    document = {
        "framework": f"{framework.id}@{framework.version}",
        "answers": {each.id: level for each in framework.questions},
    }
    return read(framework, document)


def test_a_base_laid_moves_the_stage_and_the_plan() -> None:
    essential = next(each for each in FRAMEWORK.criteria if each.essential)
    low = {each.id: 1 for each in essential.questions}
    found = what_if(FRAMEWORK, everything_at(4).with_levels(low), dict.fromkeys(low, 3))
    assert [each.id for each in found.before.overall.capped_by] == [essential.id]
    assert found.after.overall.capped_by == ()
    assert [(each.sheet.criterion.id, each.before, each.after) for each in found.moves] == [
        (essential.id, 1, "nowhere")
    ]
    assert [pair[0].id for each in found.dimensions for pair in each.criteria] == [essential.id]


@pytest.mark.parametrize("chosen", [{}, {"ECO-1a": 2}])
def test_nothing_chosen_is_no_difference(chosen: dict[str, int]) -> None:
    assert differences(what_if(FRAMEWORK, everything_at(2), chosen)) == []


def test_an_unanswered_question_can_be_supposed() -> None:
    found = what_if(FRAMEWORK, AnswerSet(FRAMEWORK.id, FRAMEWORK.version), {"ECO-1a": 3})
    assert [each.level.level for each in found.choices] == [3]
    assert found.gain is None


def test_what_is_supposed_moves_actions_into_the_plan_and_out_of_it() -> None:
    found = what_if(FRAMEWORK, everything_at(2), dict.fromkeys(levels_of(everything_at(2)), 4) | {"ECO-1a": 1})
    moves = {each.sheet.criterion.id: (each.before, each.after) for each in found.moves}
    planned = [sheet.criterion.id for sheet in found.before.plan]
    assert {moves[name][1] for name in planned} == {"nowhere"}
    assert {moves[sheet.criterion.id][0] for sheet in found.before.later} == {"later"}
    assert found.gain == (found.after.overall.raw_score or 0) - (found.before.overall.raw_score or 0)


def test_a_question_set_aside_cannot_be_supposed() -> None:
    answers = replace(everything_at(2), profile={"recent_partnerships": "none"})
    assert what_if(FRAMEWORK, answers, {"EVA-1a": 4}).choices == ()


def test_a_theme_that_changes_is_shown_both_times_with_the_criteria_that_changed() -> None:
    found = what_if(FRAMEWORK, everything_at(2), {"ECO-1a": 4, "ECO-1b": 4, "ECO-2a": 2})
    (change,) = found.dimensions
    assert (change.before, change.after) == (found.before.dimensions[0], found.after.dimensions[0])
    assert [pair[0].id for pair in change.criteria] == ["ECO-1"]
    assert [each.question.text for each in found.choices] == [
        FRAMEWORK.question(name).text for name in ("ECO-1a", "ECO-1b")
    ]
