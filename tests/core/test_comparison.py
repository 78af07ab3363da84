"""Two times side by side: only what was asked both times counts, and nothing small or new is told as a fall."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.core.answer_set import Answer, AnswerSet
from questionnaire.core.comparison import LastTime, Moved, _trend, compare
from questionnaire.core.framework import Framework
from questionnaire.core.loading import parse_framework, published
from questionnaire.core.loading.territory_files import FOLDER
from questionnaire.core.report_lines import LevelWord
from questionnaire.core.scoring import score

FRAMEWORK = published().newest("faire-alliance")
NAMES = [question.id for question in FRAMEWORK.questions]
levels = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([1, 2, 3, 4, "unknown"]))


def answered(levels: dict[str, object], partners: str = "1-2", framework: Framework = FRAMEWORK) -> AnswerSet:
    answers = {name: Answer(value) for name, value in levels.items()}  # type: ignore[arg-type]
    return AnswerSet(framework.id, framework.version, profile={"recent_partnerships": partners}, answers=answers)


def everywhere(level: int) -> dict[str, object]:
    return dict.fromkeys(NAMES, level)


def test_the_same_answers_twice_say_nothing() -> None:
    two = compare(FRAMEWORK, answered(everywhere(2)), LastTime(FRAMEWORK, answered(everywhere(2))))
    assert {line.trend for line in two.dimensions} == {"near"}
    assert not any(line.moved for line in two.dimensions)
    assert (two.new, two.gone, two.seen_otherwise, two.versions_differ) == ((), (), 0, False)


def test_a_first_partnership_brings_new_questions_and_no_fall() -> None:
    before = answered(everywhere(2), partners="none")
    now = answered(everywhere(2) | {name: 1 for name in NAMES if name.startswith("REL")})
    two = compare(FRAMEWORK, now, LastTime(FRAMEWORK, before))
    assert two.new
    asked_only_now = {question.text for question in FRAMEWORK.questions} & set(two.new)
    assert not any(moved.text in asked_only_now for line in two.dimensions for moved in line.moved)


def test_without_a_partnership_any_more_its_questions_are_gone() -> None:
    two = compare(FRAMEWORK, answered(everywhere(2), partners="none"), LastTime(FRAMEWORK, answered(everywhere(2))))
    aside = FRAMEWORK.rule("no-partnership-yet").not_applicable
    assert set(two.gone) == {FRAMEWORK.question(name).text for name in aside}
    assert (two.new, two.compared) == ((), len(NAMES) - len(aside))
    assert sum(line.compared for line in two.dimensions) == two.compared
    assert {line.trend for line in two.dimensions if not line.compared} == {"unknown"}


def test_both_times_say_their_day_and_their_themes() -> None:
    before = replace(answered(everywhere(2)), date=date(2025, 11, 23))
    two = compare(FRAMEWORK, replace(answered(everywhere(2)), date=date(2026, 11, 23)), LastTime(FRAMEWORK, before))
    assert (two.day_before, two.day_now) == (date(2025, 11, 23), date(2026, 11, 23))
    assert [(line.id, line.title) for line in two.dimensions] == [
        (each.id, each.title) for each in FRAMEWORK.dimensions
    ]


def test_a_level_that_changed_is_told_in_its_words_then_and_now() -> None:
    two = compare(FRAMEWORK, answered(everywhere(2) | {"ECO-1a": 4}), LastTime(FRAMEWORK, answered(everywhere(2))))
    asked = FRAMEWORK.question("ECO-1a")
    then, now = (LevelWord(at, FRAMEWORK.scale.level(at).label, asked.levels[at]) for at in (2, 4))
    assert [moved for line in two.dimensions for moved in line.moved] == [Moved(asked.text, then, now, None)]


@pytest.mark.parametrize(
    ("before", "now", "trend"),
    [
        (20, 30, "higher"),
        (30, 20, "lower"),
        (20, Fraction(299, 10), "near"),
        (30, Fraction(201, 10), "near"),
        (None, 30, "unknown"),
        (30, None, "unknown"),
    ],
)
def test_from_ten_points_on_two_times_are_told_apart(before: int | None, now: int | None, trend: str) -> None:
    told = [None if each is None else Fraction(each) for each in (before, now)]
    assert _trend(*told) == trend


def test_less_than_ten_points_is_not_told_apart() -> None:
    first = FRAMEWORK.dimensions[0]
    last = LastTime(FRAMEWORK, answered(everywhere(2)))
    one_up = first.criteria[0].questions[0].id
    line = compare(FRAMEWORK, answered(everywhere(2) | {one_up: 3}), last).dimensions[0]
    assert line.now is not None
    assert line.before is not None
    assert 0 < line.now - line.before < 10
    assert line.trend == "near"
    all_up = {question.id: 3 for criterion in first.criteria for question in criterion.questions}
    assert compare(FRAMEWORK, answered(everywhere(2) | all_up), last).dimensions[0].trend == "higher"


def test_what_was_unknown_once_is_named_and_not_counted() -> None:
    last = LastTime(FRAMEWORK, answered(everywhere(4) | {"ECO-1a": "unknown"}))
    two = compare(FRAMEWORK, answered(everywhere(4) | {"ECO-1a": 1}), last)
    assert len(two.uncertain) == 1
    assert two.dimensions[0].now == 100


def test_a_view_from_today_stands_beside_the_answer_of_then() -> None:
    last = LastTime(FRAMEWORK, answered(everywhere(3)), {"ECO-1a": 1})
    two = compare(FRAMEWORK, answered(everywhere(3)), last)
    line = two.dimensions[0]
    assert two.seen_otherwise == 1
    assert line.before == Fraction(200, 3)
    assert line.recalled == Fraction(200, 3) - Fraction(200, 3) / 2 / len(FRAMEWORK.dimensions[0].criteria)
    assert [moved.recalled.level for moved in line.moved if moved.recalled] == [1]


def test_between_versions_a_reworded_question_is_not_compared() -> None:
    text = (FOLDER / "faire-alliance-1.0.0.yaml").read_text()
    asked = FRAMEWORK.questions[0]
    assert asked.text in text
    newer = parse_framework(
        text.replace(asked.text, "Autre chose ?").replace("version: 1.0.0", "version: 1.1.0").encode()
    )
    two = compare(newer, answered(everywhere(4), framework=newer), LastTime(FRAMEWORK, answered(everywhere(1))))
    assert two.versions_differ
    assert two.reworded == ("Autre chose ?",)
    assert not any(moved.text == "Autre chose ?" for line in two.dimensions for moved in line.moved)


def test_between_versions_a_question_that_came_is_new_and_one_that_went_is_gone() -> None:
    text = (FOLDER / "faire-alliance-1.0.0.yaml").read_text().replace("- id: REL-5b\n", "- id: REL-5z\n")
    newer = parse_framework(text.replace("version: 1.0.0", "version: 1.1.0").encode())
    now = answered({question.id: 3 for question in newer.questions}, framework=newer)
    two = compare(newer, now, LastTime(FRAMEWORK, answered(everywhere(3))))
    assert two.new == two.gone == (FRAMEWORK.question("REL-5b").text,)


@given(levels, levels)
def test_both_sides_rest_on_the_same_questions(before: dict[str, object], now: dict[str, object]) -> None:
    two = compare(FRAMEWORK, answered(now), LastTime(FRAMEWORK, answered(before)))
    for line in two.dimensions:
        assert (line.before is None) == (line.now is None) == (line.compared == 0)


@given(st.fixed_dictionaries({name: st.sampled_from([1, 2, 3, 4]) for name in NAMES}))
def test_where_all_is_compared_a_dimension_is_what_scoring_says(now: dict[str, object]) -> None:
    two = compare(FRAMEWORK, answered(now), LastTime(FRAMEWORK, answered(everywhere(2))))
    card = score(FRAMEWORK, answered(now))
    asked_whole = [line for line in two.dimensions if line.compared == _asked(line.id)]
    assert all(line.now == card.dimension(line.id).raw_score for line in asked_whole)


def test_the_order_of_time_matters() -> None:
    up = compare(FRAMEWORK, answered(everywhere(4)), LastTime(FRAMEWORK, answered(everywhere(1))))
    down = compare(FRAMEWORK, answered(everywhere(1)), LastTime(FRAMEWORK, replace(answered(everywhere(4)))))
    assert {line.trend for line in up.dimensions if line.compared} == {"higher"}
    assert {line.trend for line in down.dimensions if line.compared} == {"lower"}


def _asked(dimension: str) -> int:
    found = score(FRAMEWORK, answered(everywhere(2))).dimension(dimension)
    return sum(1 for criterion in found.criteria for question in criterion.questions if question.applicable)
