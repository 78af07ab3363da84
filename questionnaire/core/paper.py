"""The questionnaire as a paper asks it: numbers for its questions, and its rules told in words.

All of it follows from the framework. What a level is worth by hand stands in `by_hand`; nothing here draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.core.by_hand import HandMethod, hand_method
from questionnaire.core.framework import Condition, Framework, Question, Rule


@dataclass(frozen=True)
class Clause:
    """A line of a condition: which question of the paper, and the answers that it accepts."""

    number: str
    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Aside:
    """Which questions to pass: when all of `when` hold, and not all of `unless` (if there is any)."""

    when: tuple[Clause, ...]
    unless: tuple[Clause, ...]
    questions: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Paper:
    """What every edition of the paper questionnaire shows. `numbers` are by question id, profile ones as "P1"."""

    framework: Framework
    numbers: Mapping[str, str]
    asides: tuple[Aside, ...]
    passed: Mapping[str, tuple[Aside, ...]]
    method: HandMethod


def build_paper(framework: Framework) -> Paper:
    """Return the paper of a framework."""
    numbers = {each.id: f"P{at}" for at, each in enumerate(framework.profile, start=1)}
    numbers |= {each.id: str(at) for at, each in enumerate(framework.questions, start=1)}
    rules = [rule for rule in framework.rules if rule.not_applicable]
    asides = tuple(_aside(framework, numbers, rule) for rule in rules)
    passed: dict[str, tuple[Aside, ...]] = {}
    for rule, aside in zip(rules, asides, strict=True):
        passed |= {name: (*passed.get(name, ()), aside) for name in rule.not_applicable}
    return Paper(framework, numbers, asides, passed, hand_method(framework))


def _aside(framework: Framework, numbers: Mapping[str, str], rule: Rule) -> Aside:
    order = [question.id for question in framework.questions if question.id in rule.not_applicable]
    return Aside(
        _clauses(framework, numbers, rule.when),
        _clauses(framework, numbers, rule.unless or {}),
        tuple(numbers[name] for name in order),
        rule.message,
    )


def _clauses(framework: Framework, numbers: Mapping[str, str], condition: Condition) -> tuple[Clause, ...]:
    return tuple(
        Clause(numbers[name], _text(framework, name), tuple(_answer(framework, name, each) for each in accepted))
        for name, accepted in condition.items()
    )


def _asked(framework: Framework, name: str) -> Question | None:
    return next((question for question in framework.questions if question.id == name), None)


def _text(framework: Framework, name: str) -> str:
    question = _asked(framework, name)
    return question.text if question else framework.profile_question(name).text


def _answer(framework: Framework, name: str, accepted: int | str) -> str:
    if _asked(framework, name) is None:
        options = framework.profile_question(name).options
        return next((option.label for option in options if option.code == accepted), str(accepted))
    if isinstance(accepted, int):
        return framework.scale.level(accepted).label
    scale = framework.scale
    return {"unknown": scale.unknown.label, "not_applicable": scale.not_applicable.label}[accepted]
