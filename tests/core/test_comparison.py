"""Two times side by side: only what was asked both times counts, and nothing small or new is told as a fall."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from questionnaire.core.answer_set import Answer, AnswerSet
from questionnaire.core.comparison import LastTime, compare
from questionnaire.core.framework import Framework
from questionnaire.core.loading import parse_framework, published
from questionnaire.core.loading.territory_files import FOLDER
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
    assert line.before == Fraction(200, 3) > (line.recalled or 0)
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
