"""The part of a report about what to do next: each action of the plan as a practical sheet.

It may not choose or order actions: that is `plan`. It says in the framework's words what an action is, which answers
led to it, who can help in the association's region and what it makes possible.
"""

from __future__ import annotations

from questionnaire.core.framework import Recommendation
from questionnaire.core.plan import Action, Plan
from questionnaire.core.report_dimensions import question_line
from questionnaire.core.report_lines import LevelWord, QuestionLine
from questionnaire.core.report_model import ActionSheet, Named
from questionnaire.core.report_reading import Reading


def action_sheets(reading: Reading, plan: Plan) -> tuple[tuple[ActionSheet, ...], tuple[ActionSheet, ...]]:
    """Return the sheets of the plan and of the later actions, both in the plan's order."""
    candidates = {each.criterion: each for each in (*plan.actions, *plan.later)}
    sheets = {name: _sheet(reading, action, candidates) for name, action in candidates.items()}
    return tuple(sheets[each.criterion] for each in plan.actions), tuple(sheets[each.criterion] for each in plan.later)


def recommendation(reading: Reading, action: Action) -> Recommendation:
    """Return the recommendation an action brings."""
    return reading.framework.criterion(action.criterion).recommendations[action.level]


def _sheet(reading: Reading, action: Action, candidates: dict[str, Action]) -> ActionSheet:
    advice = recommendation(reading, action)
    criterion = reading.framework.criterion(action.criterion)
    effort = reading.framework.plan.effort(advice.effort)
    led_by = _led_by(reading, action)
    return ActionSheet(
        criterion=reading.named(action.criterion),
        essential=criterion.essential,
        level=_word(reading, action.level),
        current=reading.level(reading.scorecard.criterion(action.criterion).level),
        action=advice.action,
        why=advice.why,
        first_steps=tuple(advice.first_steps),
        who=tuple(advice.who),
        effort=effort.label,
        effort_meaning=effort.meaning,
        horizon=reading.framework.plan.horizon(advice.horizon).label,
        reason=action.reason,
        alerts=_alert_messages(reading, action),
        objective=_objective(reading, action),
        gain=action.gain,
        resources=reading.resources(advice.resources),
        led_by=led_by,
        raised=_raised(reading, action),
        after=reading.all_named(each for each in advice.after if each in candidates),
        unlocks=_unlocks(reading, action, candidates),
    )


def _word(reading: Reading, level: int) -> LevelWord:
    return next(word for word in reading.scale() if word.level == level)


def _led_by(reading: Reading, action: Action) -> tuple[QuestionLine, ...]:
    """Return the answers that brought the action: those at or below the criterion's level, or all those not known."""
    questions = reading.framework.criterion(action.criterion).questions
    lines = tuple(question_line(reading, each.id) for each in questions)
    raised = _raised(reading, action)
    return tuple(each for each in lines if each.id in raised) or tuple(
        each for each in lines if each.state != "set_aside"
    )


def _raised(reading: Reading, action: Action) -> tuple[str, ...]:
    """Return the questions that the gain moves up one level (FRAMEWORK.md, section 4)."""
    level = reading.scorecard.criterion(action.criterion).level
    if level not in (1, 2):
        return ()
    questions = reading.scorecard.criterion(action.criterion).questions
    return tuple(each.id for each in questions if isinstance(each.value, int) and each.value <= level)


def _alert_messages(reading: Reading, action: Action) -> tuple[str, ...]:
    alerts = reading.scorecard.alerts
    return tuple(reading.framework.rule(each.rule).message for each in alerts if each.criterion == action.criterion)


def _objective(reading: Reading, action: Action) -> str:
    """Return the declared objective in words if the criterion serves it, else ''."""
    declared = set(reading.choice("objective")) & set(reading.framework.criterion(action.criterion).serves)
    if not declared:
        return ""
    options = reading.framework.profile_question("objective").options or ()
    return next((option.label for option in options if option.code in declared), "")


def _unlocks(reading: Reading, action: Action, candidates: dict[str, Action]) -> tuple[Named, ...]:
    waiting = (name for name, other in candidates.items() if action.criterion in recommendation(reading, other).after)
    return reading.all_named(waiting)
