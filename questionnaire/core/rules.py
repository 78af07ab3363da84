"""When a condition holds, which rules fire, and what they set aside (FRAMEWORK.md, sections 1 and 3).

Conditions read the answers as given, before any rule; an unanswered question matches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from questionnaire.core.answer_set import Answer, AnswerSet, ProfileValue
from questionnaire.core.framework import Condition, Framework, Rule

Given = str | int | tuple[str, ...] | None


def holds(condition: Condition, profile: Mapping[str, ProfileValue], answers: Mapping[str, Answer]) -> bool:
    """Tell whether every line of the condition accepts the answer given (one of the answers, for `multiple`)."""
    return all(_matches(_given(key, profile, answers), accepted) for key, accepted in condition.items())


def firing_rules(
    framework: Framework, profile: Mapping[str, ProfileValue], answers: Mapping[str, Answer]
) -> tuple[Rule, ...]:
    """Return the rules whose `when` holds and whose `unless` does not, in the order of the file."""
    return tuple(
        rule
        for rule in framework.rules
        if holds(rule.when, profile, answers) and not (rule.unless is not None and holds(rule.unless, profile, answers))
    )


def set_aside(
    framework: Framework, profile: Mapping[str, ProfileValue], answers: Mapping[str, Answer]
) -> dict[str, str]:
    """Return each question that a firing rule sets aside, with the first such rule of the file."""
    return questions_of(firing_rules(framework, profile, answers))


def questions_of(rules: tuple[Rule, ...]) -> dict[str, str]:
    """Return each question that these firing rules set aside, with the first rule that does."""
    aside: dict[str, str] = {}
    for rule in rules:
        for question in rule.not_applicable:
            aside.setdefault(question, rule.id)
    return aside


def small(framework: Framework, answer_set: AnswerSet) -> bool:
    """Tell whether the association gets the shorter plan."""
    return holds(framework.plan.small_when, answer_set.profile, answer_set.answers)


def _given(key: str, profile: Mapping[str, ProfileValue], answers: Mapping[str, Answer]) -> Given:
    answer = answers.get(key)
    return answer.value if answer else profile.get(key)


def _matches(given: Given, accepted: tuple[int | str, ...]) -> bool:
    if isinstance(given, tuple):
        return any(code in accepted for code in given)
    return given is not None and given in accepted
