"""The scorecard: every number of a result, with the answers and the rules that made it.

Values only; `scoring` makes them. All numbers are exact fractions, shown through `shown`. `raw_score` is there even
where a hidden dimension shows none: the overall score is the mean of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from questionnaire.core.answer_set import Value

Flag = Literal["ok", "fragile", "hidden", "not_applicable"]
Status = Literal["scored", "unknown", "not_applicable"]
Number = Fraction | None


def shown(number: Number) -> float | None:
    """Return a number as shown: one decimal, half away from zero (12.25 -> 12.3)."""
    if number is None:
        return None
    over, under = number.numerator, number.denominator
    tenths = (abs(over) * 20 + under) // (2 * under)  # in whole numbers: every number of every result passes here
    return (tenths if over > 0 else -tenths) / 10 if tenths else 0.0


@dataclass(frozen=True)
class QuestionScore:
    """The effective answer to a question, its points, and the rule that set it aside, if one did."""

    id: str
    value: Value | None
    points: Number
    rule: str | None

    @property
    def applicable(self) -> bool:
        """Whether the question counts."""
        return self.value != "not_applicable"

    @property
    def unknown(self) -> bool:
        """Whether it is « Je ne sais pas » or unanswered."""
        return self.value is None or self.value == "unknown"

    @property
    def level(self) -> int | None:
        """The level answered, if one was."""
        return self.value if isinstance(self.value, int) else None


@dataclass(frozen=True)
class CriterionScore:
    """A criterion's level and score, from the questions it holds."""

    id: str
    status: Status
    level: int | None
    score: Number
    low: Number
    high: Number
    questions: tuple[QuestionScore, ...]


@dataclass(frozen=True)
class DimensionScore:
    """A dimension's score (None when hidden), its interval, and what share of it is unknown."""

    id: str
    score: Number
    raw_score: Number
    low: Number
    high: Number
    unknown_share: Number
    flag: Flag
    criteria: tuple[CriterionScore, ...]


@dataclass(frozen=True)
class OverallScore:
    """The whole: score and stage (None when hidden), the stage before the cap, and what caps or lacks."""

    score: Number
    raw_score: Number
    low: Number
    high: Number
    unknown_share: Number
    flag: Flag
    stage: str | None
    uncapped_stage: str | None
    capped_by: tuple[str, ...]
    provisional: tuple[str, ...]
    poor_fit: bool


@dataclass(frozen=True)
class Alert:
    """A firing rule that alerts on a criterion."""

    rule: str
    criterion: str


@dataclass(frozen=True)
class Scorecard:
    """A whole result, but for the plan (FRAMEWORK.md, sections 3 and 5). Lists of ids are in framework order."""

    framework_id: str
    framework_version: str
    framework_sha256: str
    complete: bool
    missing: tuple[str, ...]
    overall: OverallScore
    dimensions: tuple[DimensionScore, ...]
    strengths: tuple[str, ...]
    footholds: tuple[str, ...]
    to_check: tuple[str, ...]
    to_confirm: tuple[str, ...]
    alerts: tuple[Alert, ...]
    rules: tuple[str, ...]

    def dimension(self, name: str) -> DimensionScore:
        """Return the score of a dimension, or raise KeyError (as the look-ups below)."""
        return self._dimensions[name]

    def criterion(self, name: str) -> CriterionScore:
        """Return the score of a criterion."""
        return self._criteria[name]

    def question(self, name: str) -> QuestionScore:
        """Return the effective answer to a question and its points."""
        return self._questions[name]

    @cached_property
    def _dimensions(self) -> dict[str, DimensionScore]:
        return {dimension.id: dimension for dimension in self.dimensions}

    @cached_property
    def _criteria(self) -> dict[str, CriterionScore]:
        return {criterion.id: criterion for dimension in self.dimensions for criterion in dimension.criteria}

    @cached_property
    def _questions(self) -> dict[str, QuestionScore]:
        return {question.id: question for criterion in self._criteria.values() for question in criterion.questions}
