"""What counts of an association, and how a release is written and read back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from questionnaire.core.answers import parse_answers
from questionnaire.core.framework import Framework
from questionnaire.core.loading import published, published_listening
from questionnaire.core.observatory import FULL, Cell, Contributor, Figure, Version
from questionnaire.core.observatory_document import Release, document
from questionnaire.core.observatory_measures import contributor, subjects
from questionnaire.core.scoring import score

EXAMPLE = Path(__file__).parents[2] / "examples/cafe-associatif-rural.json"
LISTENING = published_listening()
DAYS = {1: date(2026, 3, 3), 2: date(2026, 11, 29)}
EVERYBODY = ("everybody", "all")


def counted(**heard: list[str] | str) -> Contributor:
    answers, framework = parse_answers(EXAMPLE.read_bytes(), published())
    found = contributor("one", framework, answers, LISTENING, heard)
    assert found
    return found


def written(framework: Framework, values: dict[str, int], count: int = 24, release: int = 1) -> Release:
    """A release of everybody that says these values, in thousandths of a point."""
    cells = {Cell(*EVERYBODY, name): value for name, value in values.items()}
    figures = [Figure(cell, Version(cell, release, value, count, {})) for cell, value in cells.items()]
    return Release(document(2, DAYS, "faire-alliance@1.0.0", subjects(framework, LISTENING), figures))


def test_the_scores_that_count_are_those_of_the_result() -> None:
    answers, framework = parse_answers(EXAMPLE.read_bytes(), published())
    scores = {f"score:{each.id}": each.score for each in score(framework, answers).dimensions}
    said = {name: value for name, value in counted().values.items() if name.startswith("score:")}
    assert {name: round(float(value), 3) for name, value in scores.items() if value is not None} == {
        name: value / 1000 for name, value in said.items()
    }


def test_one_stage_counts_and_the_others_do_not(framework: Framework) -> None:
    said = [value for name, value in counted().values.items() if name.startswith("stage:")]
    assert sorted(said) == [0] * (len(framework.stages) - 1) + [FULL]


def test_only_questions_with_a_tick_count_and_never_a_text() -> None:
    said = counted(met=["housing"], unmet=[], unmet_words="Un mot à nous.").values
    assert said["met:housing"] == FULL
    assert said["met:youth"] == 0
    assert [name for name in said if name.startswith(("unmet", "brings", "seeks"))] == []


def test_answers_that_are_not_complete_do_not_count() -> None:
    answers, framework = parse_answers(EXAMPLE.read_bytes(), published())
    some = replace(answers, answers=dict(list(answers.answers.items())[1:]))
    assert contributor("one", framework, some, LISTENING, {}) is None


@pytest.mark.parametrize(
    ("measure", "shown", "told"),
    [
        ("score:ECO", 5000, (5, "")),
        ("stage:En chemin", 5000, (5, "at_most")),
        ("stage:En chemin", 95_000, (95, "at_least")),
        ("met:housing", 40_000, (40, "")),
    ],
)
def test_a_share_at_the_end_of_the_scale_says_so(
    framework: Framework, measure: str, shown: int, told: tuple[int, str]
) -> None:
    column = written(framework, {measure: shown}).column(*EVERYBODY)
    assert column
    assert (column.figures[measure].value, column.figures[measure].bound) == told


def test_a_figure_of_before_keeps_its_day(framework: Framework) -> None:
    column = written(framework, {"score:ECO": 40_000}).column(*EVERYBODY)
    assert column
    assert (column.figures["score:ECO"].release, column.figures["score:ECO"].day) == (1, DAYS[1])


def test_numbers_of_contributors_are_rounded(framework: Framework) -> None:
    column = written(framework, {"score:ECO": 40_000}, count=13).column(*EVERYBODY)
    assert column
    assert column.contributors == 15


@pytest.mark.parametrize(
    ("others", "label"), [(40_000, "Écouter le territoire"), (50_000, ""), (None, "")], ids=["one", "two", "hidden"]
)
def test_what_stands_highest_is_said_only_where_all_is_known(
    framework: Framework, others: int | None, label: str
) -> None:
    values = {f"score:{each.id}": others for each in framework.dimensions if others} | {"score:ECO": 50_000}
    told = written(framework, {name: value for name, value in values.items() if value})
    column = told.column(*EVERYBODY)
    assert column
    assert column.highest(told.topics[0]) == label


def test_what_was_not_published_is_not_in_the_document(framework: Framework) -> None:
    hidden = [Figure(Cell(*EVERYBODY, "score:ECO"), None, "guard")]
    content = document(1, DAYS, "faire-alliance@1.0.0", subjects(framework, LISTENING), hidden)
    assert json.loads(content)["figures"] == []
    assert "guard" not in content
