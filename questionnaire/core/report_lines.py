"""The lines of a report about what was answered: dimensions, criteria, questions and their levels, as frozen values.

Part of the one contract between thinking and showing (`report_model`), under the same rule: no words of the interface,
nothing decided, nothing rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from questionnaire.core.review import Opinion

Number = Fraction | None
Flag = Literal["ok", "fragile", "hidden", "not_applicable"]
State = Literal["answered", "unknown", "missing", "not_applicable", "set_aside"]


@dataclass(frozen=True)
class LevelWord:
    """A level of the scale, always number and word."""

    level: int
    label: str
    meaning: str


@dataclass(frozen=True)
class SourceLine:
    """A source of the framework; `locator` says where in it a criterion was read."""

    ref: str
    title: str
    author: str
    year: int | None
    pages: int | None
    url: str
    locator: str = ""


@dataclass(frozen=True)
class Option:
    """One described level of a question."""

    level: LevelWord
    text: str


@dataclass(frozen=True)
class ProposalLine:
    """What an advisor proposes for a question, beside what the association answered."""

    level: LevelWord
    text: str
    reason: str


@dataclass(frozen=True)
class QuestionLine:
    """A question with the answer given. `value` is what counts; `rule` the message of the rule that set it aside."""

    id: str
    text: str
    help: str
    state: State
    value: int | str | None
    chosen: Option | None
    following: Option | None
    options: tuple[Option, ...]
    points: Number
    evidence: str
    evidence_examples: tuple[str, ...]
    comment: str
    reason: str
    to_confirm: bool
    rule: str
    proposal: ProposalLine | None


@dataclass(frozen=True)
class CriterionLine:
    """A criterion with its level in words, its questions and what comes next."""

    id: str
    title: str
    essential: bool
    status: Literal["scored", "unknown", "not_applicable"]
    level: LevelWord | None
    score: Number
    low: Number
    high: Number
    questions: tuple[QuestionLine, ...]
    advisor_question: str
    next_step: str
    sources: tuple[SourceLine, ...]
    holds_back: bool
    reviewed_level: LevelWord | None
    opinion: Opinion | None = None


@dataclass(frozen=True)
class DimensionLine:
    """A dimension. `score` is None while hidden; the interval stands. `comment` is the advisor's, shared."""

    id: str
    title: str
    guiding_question: str
    rationale: str
    score: Number
    raw_score: Number
    low: Number
    high: Number
    unknown_share: Number
    flag: Flag
    level: LevelWord | None
    low_level: LevelWord | None
    high_level: LevelWord | None
    criteria: tuple[CriterionLine, ...]
    comment: str

    @property
    def questions(self) -> tuple[QuestionLine, ...]:
        """Every question of the dimension, in framework order."""
        return tuple(question for criterion in self.criteria for question in criterion.questions)


@dataclass(frozen=True)
class AdvisedAction:
    """An action that the advisor advises: one of the plan, kept, or one of their own (`criterion` is then '')."""

    criterion: str
    action: str
    why: str
    first_steps: tuple[str, ...]


@dataclass(frozen=True)
class Advice:
    """The advisor's plan, beside the association's: what to do, in their order, and what they set aside with why."""

    actions: tuple[AdvisedAction, ...]
    aside: tuple[tuple[str, str], ...]
