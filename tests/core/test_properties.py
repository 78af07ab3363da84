"""What must hold whatever the framework and the answers: intervals, order of keys, unknowns, rules, gain, plan."""

import json
import random
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from questionnaire.core.answers import Answer, AnswerSet, answers_document, parse_answers
from questionnaire.core.framework import Framework, Recommendation
from questionnaire.core.plan import Action, Plan, make_plan
from questionnaire.core.result import result_json
from questionnaire.core.rules import small
from questionnaire.core.scoring import DimensionScore, OverallScore, Scorecard, score, set_aside
from tests.core.making import Values, cases, loaded, read

Case = tuple[Values, Values]
Whole = OverallScore | DimensionScore


def opened(case: Case) -> tuple[Framework, AnswerSet]:
    framework = loaded(case[0])
    return framework, read(framework, case[1])


def answered(answers: AnswerSet, question: str, value: int | str) -> AnswerSet:
    return replace(answers, answers={**answers.answers, question: Answer(value, reason="-")})  # type: ignore[arg-type]


def wholes(scorecard: Scorecard) -> list[Whole]:
    return [scorecard.overall, *scorecard.dimensions]


def printed(framework: Framework, answers: AnswerSet) -> bytes:
    scorecard = score(framework, answers)
    return result_json(scorecard, make_plan(framework, answers, scorecard))


@given(cases())
def test_a_score_lies_in_its_interval(case: Case) -> None:
    scorecard = score(*opened(case))
    criteria = [criterion for dimension in scorecard.dimensions for criterion in dimension.criteria]
    scores = [(whole.low, whole.raw_score, whole.high) for whole in wholes(scorecard)]
    for low, middle, high in [*scores, *((each.low, each.score, each.high) for each in criteria)]:
        assert (low is None) == (high is None)
        assert low is None or middle is None or high is None or 0 <= low <= middle <= high <= 100


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing(case: Case, chance: random.Random) -> None:
    framework, answers = opened(case)
    assert printed(framework, answers) == printed(framework, read(framework, shuffled(case[1], chance)))


def shuffled(document: Values, chance: random.Random) -> Values:
    items = [(key, shuffled(value, chance) if isinstance(value, dict) else value) for key, value in document.items()]
    chance.shuffle(items)
    return dict(items)


@given(cases(rules_read_questions=False), st.data())
def test_not_knowing_only_widens_the_interval(case: Case, data: st.DataObject) -> None:
    framework, answers = opened(case)
    levels = [name for name, answer in answers.answers.items() if isinstance(answer.value, int)]
    assume(levels)
    unsure = answered(answers, data.draw(st.sampled_from(levels)), "unknown")
    for before, after in zip(wholes(score(framework, answers)), wholes(score(framework, unsure)), strict=True):
        assert before.low is None or after.low is None or after.low <= before.low
        assert before.high is None or after.high is None or after.high >= before.high


@given(cases(), st.data())
def test_a_question_set_aside_changes_nothing_wherever_it_stood(case: Case, data: st.DataObject) -> None:
    framework, answers = opened(case)
    aside = sorted(set_aside(framework, answers.profile, answers.answers))
    assume(aside)
    name = data.draw(st.sampled_from(aside))
    without = replace(answers, answers={key: value for key, value in answers.answers.items() if key != name})
    for value in (1, 4, "unknown", "not_applicable"):
        assert printed(framework, answered(answers, name, value)) == printed(framework, without)


@given(cases(rules_read_questions=False), st.data())
def test_raising_an_answer_lowers_no_score(case: Case, data: st.DataObject) -> None:
    framework, answers = opened(case)
    low = [name for name, answer in answers.answers.items() if answer.value in (1, 2, 3)]
    assume(low)
    name = data.draw(st.sampled_from(low))
    raised = answered(answers, name, int(answers.answers[name].value) + 1)
    for before, after in zip(wholes(score(framework, answers)), wholes(score(framework, raised)), strict=True):
        assert before.raw_score is None or (after.raw_score is not None and before.raw_score <= after.raw_score)


@given(cases(rules_read_questions=False))
def test_a_gain_is_what_a_recomputation_gives(case: Case) -> None:
    framework, answers = opened(case)
    scorecard = score(framework, answers)
    plan = make_plan(framework, answers, scorecard)
    for action in (*plan.actions, *plan.later):
        assert action.gain == recomputed(framework, answers, scorecard, action.criterion)


def recomputed(framework: Framework, answers: AnswerSet, scorecard: Scorecard, name: str) -> Fraction:
    criterion = scorecard.criterion(name)
    if criterion.level not in (1, 2):
        return Fraction(0)
    moved = answers
    for question in criterion.questions:
        if question.level and question.level <= criterion.level:
            moved = answered(moved, question.id, question.level + 1)
    after, before = score(framework, moved).overall.raw_score, scorecard.overall.raw_score
    assert after is not None
    assert before is not None
    return after - before


@given(cases())
def test_a_plan_respects_its_limits_and_leaves_nobody_out(case: Case) -> None:
    framework, answers = opened(case)
    plan = make_plan(framework, answers, score(framework, answers))
    rules = framework.plan
    assert len(plan.actions) <= (rules.max_actions_small if small(framework, answers) else rules.max_actions)
    names = [action.criterion for action in (*plan.actions, *plan.later)]
    assert len(names) == len(set(names))
    for dimension in framework.dimensions:
        assert overflow(framework, plan, dimension.id) <= 0


def overflow(framework: Framework, plan: Plan, dimension: str) -> int:
    """Count what stands beyond the limit without an alert to excuse it."""
    here = [each for each in plan.actions if framework.dimension_of(each.criterion).id == dimension]
    return min(sum(each.reason != "alert" for each in here), len(here) - framework.plan.max_per_dimension)


@given(cases())
def test_a_plan_takes_nothing_before_what_it_waits_for(case: Case) -> None:
    framework, answers = opened(case)
    plan = make_plan(framework, answers, score(framework, answers))
    proposed = {each.criterion for each in (*plan.actions, *plan.later)}
    taken: set[str] = set()
    for action in plan.actions:
        awaited = set(brings(framework, action).after) & proposed
        assert awaited <= taken or replaced(framework, plan)
        taken.add(action.criterion)


def brings(framework: Framework, action: Action) -> Recommendation:
    return framework.criterion(action.criterion).recommendations[action.level]


def replaced(framework: Framework, plan: Plan) -> bool:
    """Tell whether a quick action may have taken the place of what an alert waits for (section 4 allows it)."""
    alerts = [each for each in plan.actions if each.reason == "alert"]
    quick = plan.actions[-1].horizon == framework.plan.quick_horizon
    return quick and any(brings(framework, each).after for each in alerts)


@given(cases())
def test_a_full_plan_holds_a_quick_action_where_one_fits(case: Case) -> None:
    framework, answers = opened(case)
    plan = make_plan(framework, answers, score(framework, answers))
    limit = framework.plan.max_actions_small if small(framework, answers) else framework.plan.max_actions
    quick = framework.plan.quick_horizon
    stays = [each for each in plan.actions if each.reason != "alert"]
    if len(plan.actions) == limit and stays and not any(each.horizon == quick for each in plan.actions):
        rest = [each for each in plan.actions if each is not stays[-1]]
        assert not [each for each in plan.later if each.horizon == quick and fits(framework, plan, each, rest)]


def fits(framework: Framework, plan: Plan, action: Action, rest: list[Action]) -> bool:
    proposed = {each.criterion for each in (*plan.actions, *plan.later)}
    beside = [framework.dimension_of(each.criterion).id for each in rest]
    room = action.reason == "alert" or (
        beside.count(framework.dimension_of(action.criterion).id) < framework.plan.max_per_dimension
    )
    return room and set(brings(framework, action).after) & proposed <= {each.criterion for each in rest}


@given(cases())
def test_answers_written_and_read_again_are_the_same(case: Case) -> None:
    framework, answers = opened(case)
    assert parse_answers(json.dumps(answers_document(answers)).encode(), framework)[0] == answers
