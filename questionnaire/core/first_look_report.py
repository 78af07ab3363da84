"""What the first look says: answers in words, what to build on, alerts, the first actions (FRAMEWORK.md, section 4).

Same arithmetic as the whole result, on the few questions it asks. There is no field for a score, a stage or a level of
a dimension: a few answers allow none, and what is not here cannot be shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from questionnaire.core.answer_set import AnswerSet
from questionnaire.core.first_look import steps
from questionnaire.core.framework import Framework
from questionnaire.core.progress import PROFILE
from questionnaire.core.report import build_report
from questionnaire.core.report_model import (
    ActionSheet,
    AlertLine,
    FrameworkIdentity,
    Named,
    Point,
    ProfileLine,
    Report,
    Strength,
    Who,
)


@dataclass(frozen=True)
class NotSeen:
    """A dimension with how many of its questions the first look leaves for later."""

    dimension: str
    questions: int


@dataclass(frozen=True)
class FirstLook:
    """All that a first look may show, the association's own answers first."""

    framework: FrameworkIdentity
    who: Who
    date: date | None
    profile: tuple[ProfileLine, ...]
    answers: tuple[Point, ...]
    strengths: tuple[Strength, ...]
    footholds: tuple[Strength, ...]
    alerts: tuple[AlertLine, ...]
    actions: tuple[ActionSheet, ...]
    not_seen: tuple[NotSeen, ...]


def on_its_own(framework: Framework, answer_set: AnswerSet) -> AnswerSet:
    """Return the answers as if only the first look had been asked: what others are shown holds nothing of the rest."""
    asked = {step.question for step in steps(framework, answer_set)}
    return replace(
        answer_set,
        profile={name: value for name, value in answer_set.profile.items() if name in asked},
        answers={name: answer for name, answer in answer_set.answers.items() if name in asked},
    )


def build_first_look(framework: Framework, answer_set: AnswerSet) -> FirstLook:
    """Return what the first look shows. Only the questions it asks count, whatever else was answered."""
    asked = [step.question for step in steps(framework, answer_set) if step.page != PROFILE]
    seen = {name: answer for name, answer in answer_set.answers.items() if name in asked}
    report = build_report(framework, replace(answer_set, answers=seen))
    return FirstLook(
        framework=report.framework,
        who=report.who,
        date=report.date,
        profile=tuple(line for line in report.profile if line.id in framework.first_look.profile),
        answers=_answers(report, asked),
        strengths=report.strengths,
        footholds=report.footholds,
        alerts=report.alerts,
        actions=report.plan[: framework.first_look.max_actions],
        not_seen=tuple(NotSeen(*each) for each in _left(report).items()),
    )


def _answers(report: Report, asked: list[str]) -> tuple[Point, ...]:
    given = {point.question.id: point for point in _points(report) if point.question.state != "missing"}
    return tuple(given[each] for each in asked if each in given)


def _points(report: Report) -> Iterator[Point]:
    for dimension in report.dimensions:
        for criterion in dimension.criteria:
            named = Named(criterion.id, criterion.title, dimension.id, dimension.title)
            yield from (Point(named, question) for question in criterion.questions)


def _left(report: Report) -> Counter[str]:
    return Counter(point.criterion.dimension for point in report.not_seen)
