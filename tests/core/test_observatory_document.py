"""What counts of an association, and how a release is written and read back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from questionnaire.core.answers import Answer, parse_answers
from questionnaire.core.framework import Framework
from questionnaire.core.loading import published, published_listening
from questionnaire.core.observatory import FULL, Cell, Contributor, Figure, Measure, Version
from questionnaire.core.observatory_document import Release, document
from questionnaire.core.observatory_measures import category_label, contributor, subjects
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


def test_a_score_counts_to_the_nearest_thousandth() -> None:
    answers, framework = parse_answers(EXAMPLE.read_bytes(), published())
    lowest = {each.id: Answer(1) for each in framework.questions}
    beside = {"ECO-1a": Answer(2), "ECO-2a": Answer("not_applicable", reason="Sans objet")}
    found = contributor("one", framework, replace(answers, answers=lowest | beside), LISTENING, {})
    assert found
    assert found.values["score:ECO"] == 5556, "a step of eighteen is 5,5555…"


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
    assert {type(each.value) for _, each in told.cells} == {int}
    column = told.column(*EVERYBODY)
    assert column
    assert column.highest(told.topics[0]) == label


def test_what_was_not_published_is_not_in_the_document(framework: Framework) -> None:
    hidden = [Figure(Cell(*EVERYBODY, "score:ECO"), None, "guard")]
    content = document(1, DAYS, "faire-alliance@1.0.0", subjects(framework, LISTENING), hidden)
    assert json.loads(content)["figures"] == []
    assert "guard" not in content


@pytest.mark.parametrize(
    ("profile", "categories"),
    [
        ({"department": "34", "employees": "3-9"}, {"region": "76", "staff": "some"}),
        ({"department": "2A", "employees": "none"}, {"region": "94", "staff": "none"}),
        ({"department": "34"}, {"region": "76"}),
        ({"employees": "under-3"}, {"staff": "some"}),
        ({}, {}),
    ],
)
def test_an_association_counts_for_all_and_where_it_says_it_is(
    profile: dict[str, str], categories: dict[str, str]
) -> None:
    answers, framework = parse_answers(EXAMPLE.read_bytes(), published())
    kept = {name: value for name, value in answers.profile.items() if name not in {"department", "employees"}}
    found = contributor("one", framework, replace(answers, profile=kept | profile), LISTENING, {})
    assert found
    assert (found.id, found.categories) == ("one", {"everybody": "all", **categories})


def test_a_category_has_its_words() -> None:
    told = [("everybody", "all"), ("region", "76"), ("staff", "none"), ("staff", "some")]
    assert [category_label(*each) for each in told] == ["Ensemble", "Occitanie", "Sans salarié", "Avec salariés"]


def test_all_that_is_counted_has_its_words(framework: Framework) -> None:
    scores, stages, *listened = subjects(framework, LISTENING)
    assert (scores.id, scores.title, scores.kind) == ("score", "Les thèmes", "mean")
    assert scores.labels == {each.id: each.title for each in framework.dimensions}
    assert scores.measures[0] == Measure("score:ECO", "mean")
    assert (stages.id, stages.title, stages.kind) == ("stage", "Les étapes", "share")
    assert stages.labels == {each.label: each.label for each in framework.stages}
    asked = [each for each in LISTENING.questions if each.type == "multiple"]
    assert [(each.id, each.title, each.kind) for each in listened] == [(each.id, each.text, "share") for each in asked]
    assert [each.labels for each in listened] == [{it.code: it.label for it in each.options} for each in asked]


def test_a_document_says_all_of_its_figures_and_nothing_else(framework: Framework) -> None:
    shown = [
        (Cell("everybody", "all", "score:ECO"), 41_000, 24, 1),
        (Cell("region", "76", "score:ECO"), 39_000, 12, 2),
        (Cell("region", "53", "stage:En chemin"), 95_000, 13, 2),
        (Cell("staff", "none", "score:ECO"), 5_000, 18, 2),
    ]
    figures = [Figure(cell, Version(cell, release, value, count, {})) for cell, value, count, release in shown]
    counted_subjects = subjects(framework, LISTENING)[:2]
    content = document(2, DAYS, "faire-alliance@1.0.0", counted_subjects, figures)
    assert json.loads(content) == {
        "format": 1,
        "number": 2,
        "published_on": "2026-11-29",
        "framework": "faire-alliance@1.0.0",
        "subjects": [
            {
                "id": each.id,
                "title": each.title,
                "kind": each.kind,
                "measures": [{"id": f"{each.id}:{code}", "label": label} for code, label in each.labels.items()],
            }
            for each in counted_subjects
        ],
        "tables": [
            {"id": "everybody", "categories": [{"id": "all", "label": "Ensemble"}]},
            {
                "id": "region",
                "categories": [{"id": "53", "label": "Bretagne"}, {"id": "76", "label": "Occitanie"}],
            },
            {"id": "staff", "categories": [{"id": "none", "label": "Sans salarié"}]},
        ],
        "figures": [
            _figure("everybody", "all", "score:ECO", 41, "", 25, 1, "2026-03-03"),
            _figure("region", "76", "score:ECO", 39, "", 10, 2, "2026-11-29"),
            _figure("region", "53", "stage:En chemin", 95, "at_least", 15, 2, "2026-11-29"),
            _figure("staff", "none", "score:ECO", 5, "", 20, 2, "2026-11-29"),
        ],
    }
    assert content.startswith('{\n "format": 1,')
    assert "Bases solides" in content
    assert "Écouter" in content, "as it is read, not escaped"


def _figure(*values: str | int) -> dict[str, str | int]:
    names = ("table", "category", "measure", "value", "bound", "contributors", "release", "published_on")
    return dict(zip(names, values, strict=True))


def test_a_release_is_read_by_table_and_category(framework: Framework) -> None:
    shown = [Cell("everybody", "all", "score:ECO"), Cell("region", "76", "met:housing")]
    figures = [Figure(cell, Version(cell, 1, 40_000, 24, {})) for cell in shown]
    told = Release(document(2, DAYS, "faire-alliance@1.0.0", subjects(framework, LISTENING), figures))
    assert (told.number, told.day) == (2, DAYS[2])
    assert told.categories("everybody") == {"all": "Ensemble"}
    assert told.categories("region") == {"76": "Occitanie"}
    assert (told.categories("staff"), told.categories("nothing")) == ({}, {})
    everybody, region = told.column("everybody", "all"), told.column("region", "76")
    assert everybody
    assert region
    assert (everybody.label, list(everybody.figures)) == ("Ensemble", ["score:ECO"])
    assert (region.label, list(region.figures)) == ("Occitanie", ["met:housing"])
    assert told.column("region", "53") is None
    assert told.column("staff", "all") is None
    assert [each.id for each in told.topics_of([everybody])] == ["score"]
    assert [each.id for each in told.topics_of([region, everybody])] == ["score", "met"]
    assert told.topics_of([]) == []
