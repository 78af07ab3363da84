"""The score with a pencil: small whole numbers that give the very result of `scoring`, without any rounding.

A criterion is worth the same whole number whether one or several of its questions are scored, a dimension the same
whether one or several of its criteria are: both are multiplied up to a shared denominator. Adding and comparing are
then exact, and only the last division, for whoever wants a number out of 100, is rounded. Profile rules have been
applied before: what they set aside is crossed out on the paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm

from questionnaire.core.framework import Framework

LEVELS = (1, 2, 3, 4)
TOP = LEVELS[-1] - 1


@dataclass(frozen=True)
class StageRow:
    """For a number of dimensions that have points: the least total of each stage, and the highest total."""

    dimensions: int
    least: tuple[int, ...]
    most: int


@dataclass(frozen=True)
class HandMethod:
    """Every table that the page prints.

    `worth[k]` is what levels 1 to 4 bring where k questions of the criterion are scored; `factors[n]` multiplies the
    sum of a dimension with n scored criteria; `full` is the most a dimension can have; an essential criterion with at
    most `weak` points holds the stage at `cap`.
    """

    worth: Mapping[int, tuple[int, ...]]
    factors: Mapping[int, int]
    full: int
    rows: tuple[StageRow, ...]
    stages: tuple[str, ...]
    weak: int
    cap: str

    @property
    def most(self) -> int:
        """The most points that a criterion can have."""
        return self.worth[1][-1]


@dataclass(frozen=True)
class HandResult:
    """What the pencil found: points of each criterion and dimension, their total, and the stage. None of nothing."""

    criteria: Mapping[str, int]
    dimensions: Mapping[str, int]
    total: int | None
    score: Fraction | None
    stage: str | None


def hand_method(framework: Framework) -> HandMethod:
    """Return the tables for this framework."""
    most_questions = max(len(criterion.questions) for criterion in framework.criteria)
    most_criteria = max(len(dimension.criteria) for dimension in framework.dimensions)
    step, shared = lcm(*range(1, most_questions + 1)), lcm(*range(1, most_criteria + 1))
    full = TOP * step * shared
    return HandMethod(
        worth={count: tuple((level - 1) * step // count for level in LEVELS) for count in range(1, most_questions + 1)},
        factors={count: shared // count for count in range(1, most_criteria + 1)},
        full=full,
        rows=tuple(_row(framework, count, full) for count in range(len(framework.dimensions), 0, -1)),
        stages=tuple(stage.label for stage in framework.stages),
        weak=step // 2,
        cap=framework.scoring.essential_cap,
    )


def _row(framework: Framework, count: int, full: int) -> StageRow:
    most = count * full
    return StageRow(count, tuple(ceil(stage.from_ * most / 100) for stage in framework.stages), most)


def work_out(framework: Framework, method: HandMethod, levels: Mapping[str, int], unknown: int) -> HandResult:
    """Follow the page: these levels (what was crossed out or not answered is absent), so many questions unknown."""
    criteria = {
        criterion.id: _added([levels[each.id] for each in criterion.questions if each.id in levels], method)
        for criterion in framework.criteria
        if any(each.id in levels for each in criterion.questions)
    }
    dimensions = {}
    for dimension in framework.dimensions:
        found = [criteria[each.id] for each in dimension.criteria if each.id in criteria]
        if found:
            dimensions[dimension.id] = sum(found) * method.factors[len(found)]
    if not dimensions or _too_uncertain(framework, unknown, len(levels)):
        return HandResult(criteria, dimensions, None, None, None)
    total = sum(dimensions.values())
    row = next(row for row in method.rows if row.dimensions == len(dimensions))
    weak = any(criteria.get(each.id, method.most) <= method.weak for each in framework.criteria if each.essential)
    return HandResult(
        criteria, dimensions, total, Fraction(100 * total, row.most), _stage(method, row, total, weak=weak)
    )


def _added(levels: Sequence[int], method: HandMethod) -> int:
    return sum(method.worth[len(levels)][level - 1] for level in levels)


def _too_uncertain(framework: Framework, unknown: int, scored: int) -> bool:
    return 100 * unknown > framework.scoring.hidden_above * (unknown + scored)


def _stage(method: HandMethod, row: StageRow, total: int, *, weak: bool) -> str:
    reached = [label for label, least in zip(method.stages, row.least, strict=True) if least <= total]
    capped = weak and method.cap in reached
    return method.cap if capped else reached[-1]
