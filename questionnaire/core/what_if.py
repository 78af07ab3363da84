"""« Et si ? »: the same report with other levels in place, and what differs from today's.

Both reports come from `build_report`, so there is no second arithmetic: this file compares, it may not score. Nothing
is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from questionnaire.core.answers import AnswerSet
from questionnaire.core.framework import Framework
from questionnaire.core.report import Report, build_report
from questionnaire.core.report_lines import CriterionLine, DimensionLine, LevelWord, Number, QuestionLine
from questionnaire.core.report_model import ActionSheet

Place = int | Literal["later", "nowhere"]


@dataclass(frozen=True)
class PlanMove:
    """An action whose place changes: its number in the plan, among the later ones, or nowhere."""

    sheet: ActionSheet
    before: Place
    after: Place


@dataclass(frozen=True)
class DimensionMove:
    """A dimension that changes, and those of its criteria whose level is no longer the same: (today, then)."""

    before: DimensionLine
    after: DimensionLine
    criteria: tuple[tuple[CriterionLine, CriterionLine], ...]


@dataclass(frozen=True)
class Choice:
    """A question for which another level was chosen."""

    question: QuestionLine
    level: LevelWord


@dataclass(frozen=True)
class WhatIf:
    """What would differ. `gain` is what the overall mean would gain, None where there is none to compare."""

    before: Report
    after: Report
    choices: tuple[Choice, ...]
    moves: tuple[PlanMove, ...]
    dimensions: tuple[DimensionMove, ...]
    gain: Number


def what_if(framework: Framework, answers: AnswerSet, levels: Mapping[str, int]) -> WhatIf:
    """Return what these levels, in place of today's answers to the same questions, would change."""
    before, after = build_report(framework, answers), build_report(framework, answers.with_levels(levels))
    scores = (before.overall.raw_score, after.overall.raw_score)
    return WhatIf(
        before=before,
        after=after,
        choices=tuple(_choices(before, levels)),
        moves=tuple(_moves(before, after)),
        dimensions=tuple(_dimensions(before, after)),
        gain=None if scores[0] is None or scores[1] is None else scores[1] - scores[0],
    )


def raised_levels(sheet: ActionSheet) -> dict[str, int]:
    """Return the levels that an action would bring if it succeeded: those its gain is worked out from."""
    values = {each.id: each.value for each in sheet.led_by}
    return {name: value + 1 for name in sheet.raised if isinstance(value := values[name], int)}


def _choices(before: Report, levels: Mapping[str, int]) -> Iterator[Choice]:
    questions = (question for dimension in before.dimensions for question in dimension.questions)
    words = {each.level: each for each in before.scale}
    for question in questions:
        if question.state != "set_aside" and levels.get(question.id, question.value) != question.value:
            yield Choice(question, words[levels[question.id]])


def _moves(before: Report, after: Report) -> Iterator[PlanMove]:
    sheets = {_key(each): each for each in (*after.plan, *before.plan, *after.later, *before.later)}
    today, then = _places(before), _places(after)
    for key, sheet in sheets.items():
        places = (today.get(key, "nowhere"), then.get(key, "nowhere"))
        if places[0] != places[1]:
            yield PlanMove(sheet, *places)


def _places(report: Report) -> dict[tuple[str, int], Place]:
    later: dict[tuple[str, int], Place] = {_key(each): "later" for each in report.later}
    return later | {_key(each): number for number, each in enumerate(report.plan, start=1)}


def _key(sheet: ActionSheet) -> tuple[str, int]:
    """Return what makes an action the same one: a criterion brings another action at another level."""
    return sheet.criterion.id, sheet.level.level


def _dimensions(before: Report, after: Report) -> Iterator[DimensionMove]:
    for today, then in zip(before.dimensions, after.dimensions, strict=True):
        if today != then:
            pairs = zip(today.criteria, then.criteria, strict=True)
            moved = tuple(pair for pair in pairs if (pair[0].level, pair[0].status) != (pair[1].level, pair[1].status))
            yield DimensionMove(today, then, moved)
