"""A report says what the scorecard and the plan say, in the framework's words, and nothing of its own."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.core.answers import AnswerSet, parse_answers
from questionnaire.core.framework import Framework
from questionnaire.core.loading import published
from questionnaire.core.plan import make_plan
from questionnaire.core.report import Report, build_report
from questionnaire.core.report_dimensions import nearest_level
from questionnaire.core.report_reading import web_address
from questionnaire.core.review import Proposal, Review, reviewed_answers
from questionnaire.core.scoring import score
from tests.core.making import frameworks, loaded

FRAMEWORK = published().newest("faire-alliance")
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))
QUESTIONS = [question.id for question in FRAMEWORK.questions]


def answered(answers: dict[str, Any] | None = None, **profile: Any) -> AnswerSet:
    """Return answers to the published framework: level 2 everywhere, unless given."""
    document = {
        "framework": FRAMEWORK.id,
        "profile": {"department": "34", "recent_partnerships": "1-2", "objective": "funding", **profile},
        "answers": {**dict.fromkeys(QUESTIONS, 2), **(answers or {})},
    }
    return parse_answers(json.dumps(document).encode(), FRAMEWORK)[0]


def report(answers: dict[str, Any] | None = None, review: Review | None = None, **profile: Any) -> Report:
    """Return the report of such answers."""
    return build_report(FRAMEWORK, answered(answers, **profile), review)


def question(made: Report, name: str) -> Any:
    """Return a question's line."""
    return next(each for dimension in made.dimensions for each in dimension.questions if each.id == name)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_report_repeats_the_scorecard_and_the_plan(path: Path) -> None:
    answers, framework = parse_answers(path.read_bytes(), published())
    made, card = build_report(framework, answers), score(framework, answers)
    plan = make_plan(framework, answers, card)
    assert [line.raw_score for line in made.dimensions] == [each.raw_score for each in card.dimensions]
    assert (made.overall.score, made.overall.stage) == (card.overall.score, card.overall.stage)
    assert [sheet.gain for sheet in made.plan + made.later] == [each.gain for each in plan.actions + plan.later]
    assert tuple(each.criterion.id for each in made.strengths) == card.strengths


@settings(max_examples=60, deadline=None)
@given(frameworks(), st.data())
def test_any_framework_gives_a_report_with_every_question_once(values: Any, data: st.DataObject) -> None:
    framework = loaded(values)
    answers = data.draw(st.dictionaries(st.sampled_from([each.id for each in framework.questions]), st.integers(1, 4)))
    document = {"framework": framework.id, "answers": answers}
    made = build_report(framework, parse_answers(json.dumps(document).encode(), framework)[0])
    lines = [line for dimension in made.dimensions for line in dimension.questions]
    assert [line.id for line in lines] == [each.id for each in framework.questions]
    assert {point.question.state for point in made.not_seen} <= {"missing"}
    assert {point.question.state for point in made.to_check} <= {"unknown"}


def test_a_question_shows_its_answer_and_the_words_of_the_level_above() -> None:
    line = question(report({"ECO-1a": {"value": 2, "evidence": " Note de 2024 "}}), "ECO-1a")
    levels = FRAMEWORK.question("ECO-1a").levels
    assert (line.chosen.text, line.following.text, line.evidence) == (levels[2], levels[3], "Note de 2024")


def test_nothing_stands_above_the_last_level() -> None:
    assert question(report({"ECO-1a": 4}), "ECO-1a").following is None


def test_what_was_not_asked_yet_is_never_said_to_be_unknown() -> None:
    answers = {"framework": FRAMEWORK.id, "answers": {"ECO-1a": "unknown"}}
    made = build_report(FRAMEWORK, parse_answers(json.dumps(answers).encode(), FRAMEWORK)[0])
    assert [point.question.id for point in made.to_check] == ["ECO-1a"]
    assert len(made.not_seen) == len(QUESTIONS) - 1


def test_a_question_set_aside_says_which_rule_did_it() -> None:
    line = question(report(recent_partnerships="none"), "EVA-1a")
    assert (line.state, line.rule) == ("set_aside", FRAMEWORK.rule("no-partnership-yet").message)
    assert line.rule.startswith("Aucun partenariat")


def test_context_words_of_firing_rules_stand_beside_the_stage() -> None:
    assert report(recent_partnerships="none").overall.contexts == ("Avant le premier partenariat",)


@pytest.mark.parametrize(("department", "name"), [("34", "dla_occ"), ("35", "dla")])
def test_a_regional_resource_takes_the_place_of_the_one_it_replaces(department: str, name: str) -> None:
    rule = next(each for each in report(department=department, employees="3-9").rules if each.id == "dla")
    assert [each.id for each in rule.resources] == [name]


def test_a_benchmark_of_a_region_is_shown_there_first_and_nowhere_else() -> None:
    assert report(department="34").benchmarks[0].regional
    assert not any(mark.regional for mark in report(department="35").benchmarks)


def test_the_place_of_an_association_is_said_in_words() -> None:
    who = report(department="2A").who
    assert (who.department, who.region) == ("Corse-du-Sud", "Corse")


def test_the_department_of_a_profile_shows_its_name_and_code() -> None:
    line = next(each for each in report(department="34").profile if each.id == "department")
    assert line.answers == ("Hérault (34)",)


def test_an_action_quotes_the_answers_that_led_to_it() -> None:
    sheet = next(each for each in report({"ECO-1b": 3}).plan + report().later if each.criterion.id == "ECO-1")
    assert "ECO-1a" in sheet.raised
    assert set(sheet.raised) == {line.id for line in sheet.led_by}


def test_an_alert_stands_in_the_plan_with_the_rule_s_words() -> None:
    made = report(tax_receipts="yes", general_interest="assumed")
    assert made.plan[0].reason == "alert"
    assert made.plan[0].alerts == tuple(each.message for each in made.alerts)


def test_a_base_to_lay_is_named_beside_the_stage() -> None:
    essential = next(each for each in FRAMEWORK.criteria if each.essential)
    answers = {**dict.fromkeys(QUESTIONS, 4), **dict.fromkeys((each.id for each in essential.questions), 1)}
    made = report(answers)
    assert [each.id for each in made.overall.capped_by] == [essential.id]
    assert made.overall.stage == FRAMEWORK.scoring.essential_cap != made.overall.uncapped_stage


def test_the_lowest_theme_always_stands_beside_the_stage() -> None:
    assert report({"ECO-1a": 1}).overall.lowest == (FRAMEWORK.dimension("ECO").title,)


REVIEW = Review(
    "Camille Martin",
    date(2026, 12, 3),
    {"ECO": "Vous savez plus que vous n’écrivez."},
    {"ECO-1a": Proposal("ECO-1a", 4, "La note est relue chaque année.")},
)


def test_an_advisor_s_view_stands_beside_the_association_s_own() -> None:
    own, both = report(), report(review=REVIEW)
    assert both.review is not None
    assert both.dimensions[0].raw_score == own.dimensions[0].raw_score
    pair = both.review.dimensions[0]
    assert pair.own == both.dimensions[0]
    assert (pair.own.raw_score, pair.reviewed.raw_score) == (Fraction(100, 3), Fraction(125, 3))
    assert both.dimensions[0].comment == "Vous savez plus que vous n’écrivez."


def test_a_proposal_keeps_the_answer_and_shows_its_reason() -> None:
    line = question(report(review=REVIEW), "ECO-1a")
    assert (line.value, line.proposal.level.level, line.proposal.reason) == (2, 4, "La note est relue chaque année.")


def test_reviewed_answers_leave_the_others_as_they_are() -> None:
    own = answered({"ECO-1a": {"value": 2, "evidence": "Note"}})
    reviewed = reviewed_answers(own, REVIEW)
    assert (reviewed.answers["ECO-1a"].value, reviewed.answers["ECO-1a"].evidence) == (4, "Note")
    assert {**reviewed.answers, "ECO-1a": None} == {**own.answers, "ECO-1a": None}
    assert own.answers["ECO-1a"].value == 2


def test_the_answers_within_a_report_make_the_same_report_again() -> None:
    made = report({"ECO-1a": {"value": 3, "comment": "Deux\nlignes"}})
    again, _ = parse_answers(made.answers_json.encode(), FRAMEWORK)
    assert build_report(FRAMEWORK, again) == made


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "", None, "data:x", " https://x"])
def test_only_a_web_address_becomes_a_link(address: str | None) -> None:
    assert web_address(address) == ""


@pytest.mark.parametrize(
    ("points", "level"), [(0, 1), (16, 1), (Fraction(50, 3), 1), (17, 2), (50, 2), (51, 3), (100, 4)]
)
def test_the_words_of_a_mean_are_those_of_the_nearest_level_a_half_going_down(points: int, level: int) -> None:
    assert nearest_level(Fraction(points)) == level


def test_a_framework_is_named_down_to_its_bytes() -> None:
    made: Framework = FRAMEWORK
    assert (report().framework.sha256, report().framework.version) == (made.sha256, made.version)
