"""Section 4 of FRAMEWORK.md sentence by sentence, each on a tiny framework of tests/frameworks."""

from fractions import Fraction as Exact
from pathlib import Path
from typing import Any

from questionnaire.core.loading import load_framework
from questionnaire.core.plan import Action, Plan, make_plan
from questionnaire.core.scoring import score
from tests.core.making import read

FRAMEWORKS = Path(__file__).parent.parent / "frameworks"


def planned(name: str, answers: dict[str, Any], **profile: str) -> Plan:
    framework = load_framework(FRAMEWORKS / f"{name}.yaml")
    given = read(framework, {"framework": name, "profile": profile, "answers": answers})
    return make_plan(framework, given, score(framework, given))


def names(actions: tuple[Action, ...]) -> list[str]:
    return [action.criterion for action in actions]


ONES = {"A1a": 1, "A2a": 1, "A3a": 1, "B1a": 1, "B2a": 1}


def test_levels_3_and_4_and_the_unknown_bring_nothing() -> None:
    plan = planned("order", {"A1a": 3, "A2a": 4, "A3a": "unknown", "B1a": 2})
    assert names(plan.actions) == ["B1"]
    assert plan.later == ()


def test_essential_comes_first_then_need_over_effort() -> None:
    plan = planned("order", {**ONES, "A1a": 2})
    assert names(plan.actions) == ["B1", "A2", "A1", "A3", "B2"]
    assert [action.reason for action in plan.actions] == ["essential", "need", "need", "need", "need"]


def test_an_action_tells_its_priority() -> None:
    plan = planned("order", {**ONES, "A2a": 2}, objective="money")
    told = {each.criterion: each.priority for each in plan.actions + plan.later}
    assert told == {"B1": 150, "A1": 100, "A2": 100, "A3": Exact(100, 3), "B2": 100}


def test_the_declared_objective_weighs_half_as_much_again() -> None:
    plan = planned("order", {**ONES, "A2a": 2, "A1a": 2}, objective="money")
    assert names(plan.actions)[:3] == ["B1", "A2", "A1"]
    assert plan.actions[1].reason == "objective"


def test_an_action_waits_for_what_it_comes_after() -> None:
    assert names(planned("order", ONES).actions)[-2:] == ["A3", "B2"]
    assert "B2" in names(planned("order", {**ONES, "A3a": 4}).actions)[:4]


def test_a_small_association_gets_the_shorter_plan() -> None:
    plan = planned("order", ONES, size="small")
    assert names(plan.actions) == ["B1"]
    assert len(plan.later) == 4


def test_an_alert_comes_first_at_any_level_with_the_first_recommendation() -> None:
    plan = planned("alerts", {"A1a": 3, "A2a": 4, "A3a": 1}, size="big")
    assert [(each.criterion, each.level, each.reason, each.gain) for each in plan.actions] == [
        ("A2", 1, "alert", Exact(0))
    ]
    assert names(plan.later) == ["A3"]


def test_several_alerts_make_one_action() -> None:
    plan = planned("alerts", {"A1a": 1, "A2a": 2}, size="big")
    assert names(plan.actions + plan.later) == ["A2", "A1"]
    assert (plan.actions[0].level, plan.actions[0].gain) == (1, Exact(50, 3))


def test_alerts_count_in_their_dimension_but_are_not_held_back_by_it() -> None:
    plan = planned("alerts", {"A1a": 3, "A2a": 4, "A3a": "unknown"}, size="big")
    assert names(plan.actions) == ["A3", "A2"]
    assert plan.actions[0].reason == "alert"


def test_an_alert_on_what_rules_set_aside_stays_an_alert_only() -> None:
    assert names(planned("alerts", {"A1a": 3}, size="big").actions) == ["A2"]
    assert planned("alerts", {"A1a": 3}, size="big", objective="money").actions == ()


def test_an_alert_on_what_the_respondent_declined_still_brings_its_action() -> None:
    declined = {"value": "not_applicable", "reason": "sans objet"}
    assert names(planned("alerts", {"A1a": 3, "A2a": declined}, size="big").actions) == ["A2"]


def test_between_equals_the_essential_comes_first() -> None:
    assert names(planned("order", {"A1a": 1, "B1a": 2}).actions) == ["B1", "A1"]


def test_a_full_plan_gives_its_last_place_to_a_quick_action() -> None:
    plan = planned("quick", {"A1a": 1, "A2a": 1, "A3a": 1, "B1a": 1})
    assert names(plan.actions) == ["A1", "A3"]
    assert names(plan.later) == ["A2", "B1"]


def test_a_plan_that_is_not_full_stays_as_it_is() -> None:
    assert names(planned("quick", {"A1a": 1, "B1a": 4}).actions) == ["A1"]


def test_the_gain_shares_the_rise_among_criteria_and_dimensions() -> None:
    plan = planned("quick", {"A1a": 1, "A2a": 2, "A3a": 4, "B1a": 4})
    assert {each.criterion: each.gain for each in plan.actions} == {"A1": Exact(50, 9), "A2": Exact(50, 9)}


def test_every_answer_at_or_below_the_level_moves_up() -> None:
    assert planned("levels", {"A2a": 1, "A2b": 2, "A2c": 3}).actions[0].gain == Exact(200, 9)
