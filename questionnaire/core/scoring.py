"""From answers to scores, by the letter of FRAMEWORK.md, section 3. Exact fractions; rounding is for showing.

Bottom up: effective answers, criteria, dimensions, the whole. The stage is decided in `stage`, the plan in `plan`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm

from questionnaire.core.answer_set import Answer, AnswerSet
from questionnaire.core.framework import Criterion, Dimension, Framework, Scoring
from questionnaire.core.rules import firing_rules, questions_of, set_aside
from questionnaire.core.scorecard import (
    Alert,
    CriterionScore,
    DimensionScore,
    Flag,
    Number,
    OverallScore,
    QuestionScore,
    Scorecard,
    shown,
)
from questionnaire.core.stage import stage_of

__all__ = [
    "Alert",
    "CriterionScore",
    "DimensionScore",
    "Flag",
    "OverallScore",
    "QuestionScore",
    "Scorecard",
    "firing_rules",
    "points",
    "score",
    "set_aside",
    "shown",
]

_POINTS = {level: Fraction(100 * (level - 1), 3) for level in (1, 2, 3, 4)}


def points(level: int) -> Fraction:
    """Return what a level is worth: 0, 33 1/3, 66 2/3 or 100."""
    return _POINTS[level]


def score(framework: Framework, answer_set: AnswerSet) -> Scorecard:
    """Return the whole result of these answers. The same answers always give the same result."""
    rules = firing_rules(framework, answer_set.profile, answer_set.answers)
    aside = questions_of(rules)
    dimensions = tuple(
        _dimension(dimension, answer_set.answers, aside, framework.scoring) for dimension in framework.dimensions
    )
    criteria = [criterion for dimension in dimensions for criterion in dimension.criteria]
    questions = [question for criterion in criteria for question in criterion.questions]
    strengths = _strengths(criteria)
    missing = tuple(question.id for question in questions if question.value is None)
    return Scorecard(
        framework_id=framework.id,
        framework_version=framework.version,
        framework_sha256=framework.sha256,
        complete=not missing,
        missing=missing,
        overall=_overall(framework, answer_set, dimensions, questions),
        dimensions=dimensions,
        strengths=strengths,
        footholds=_footholds(criteria, strengths),
        to_check=tuple(question.id for question in questions if question.unknown),
        to_confirm=tuple(question.id for question in questions if _to_confirm(question, answer_set.answers)),
        alerts=tuple(Alert(rule.id, rule.alert) for rule in rules if rule.alert),
        rules=tuple(rule.id for rule in rules),
    )


def mean(numbers: Sequence[Fraction]) -> Number:
    """Return the exact mean, or None of nothing. Over one common denominator: a sum of fractions reduces each step."""
    if not numbers:
        return None
    denominator = lcm(*(number.denominator for number in numbers))
    whole = sum(number.numerator * (denominator // number.denominator) for number in numbers)
    return Fraction(whole, denominator * len(numbers))


def _question(name: str, answers: Mapping[str, Answer], aside: Mapping[str, str]) -> QuestionScore:
    if name in aside:
        return QuestionScore(name, "not_applicable", None, aside[name])
    answer = answers.get(name)
    value = answer.value if answer else None
    return QuestionScore(name, value, points(value) if isinstance(value, int) else None, None)


def _criterion(criterion: Criterion, answers: Mapping[str, Answer], aside: Mapping[str, str]) -> CriterionScore:
    questions = tuple(_question(question.id, answers, aside) for question in criterion.questions)
    levels = [question.level for question in questions if question.level is not None]
    unknown = sum(question.unknown for question in questions)
    return CriterionScore(
        id=criterion.id,
        status="scored" if levels else "unknown" if unknown else "not_applicable",
        level=_nearest(levels) if levels else None,
        score=mean_points(levels),
        low=mean_points([*levels, *[1] * unknown]),
        high=mean_points([*levels, *[4] * unknown]),
        questions=questions,
    )


def mean_points(levels: Sequence[int]) -> Number:
    """Return the exact mean of what these levels are worth, or None of nothing: each is worth thirds of 100."""
    return Fraction(100 * (sum(levels) - len(levels)), 3 * len(levels)) if levels else None


def _nearest(levels: Sequence[int]) -> int:
    """Return the whole number nearest to the mean level, a half going down."""
    return -((len(levels) - 2 * sum(levels)) // (2 * len(levels)))


def _dimension(
    dimension: Dimension, answers: Mapping[str, Answer], aside: Mapping[str, str], scoring: Scoring
) -> DimensionScore:
    criteria = tuple(_criterion(criterion, answers, aside) for criterion in dimension.criteria)
    share = _unknown_share(question for criterion in criteria for question in criterion.questions)
    flag = _flag(share, scoring)
    raw = mean([criterion.score for criterion in criteria if criterion.score is not None])
    return DimensionScore(
        id=dimension.id,
        score=None if flag == "hidden" else raw,
        raw_score=raw,
        low=mean([criterion.low for criterion in criteria if criterion.low is not None]),
        high=mean([criterion.high for criterion in criteria if criterion.high is not None]),
        unknown_share=share,
        flag=flag,
        criteria=criteria,
    )


def _unknown_share(questions: Iterable[QuestionScore]) -> Number:
    return _share([question.unknown for question in questions if question.applicable])


def _flag(share: Number, scoring: Scoring) -> Flag:
    if share is None:
        return "not_applicable"
    if share > scoring.hidden_above:
        return "hidden"
    return "fragile" if share > scoring.fragile_above else "ok"


def _overall(
    framework: Framework,
    answer_set: AnswerSet,
    dimensions: Sequence[DimensionScore],
    questions: Sequence[QuestionScore],
) -> OverallScore:
    share = _unknown_share(questions)
    flag = _flag(share, framework.scoring)
    raw = mean([dimension.raw_score for dimension in dimensions if dimension.raw_score is not None])
    result = None if flag == "hidden" else raw
    stage = stage_of(framework, result, [criterion for dimension in dimensions for criterion in dimension.criteria])
    return OverallScore(
        score=result,
        raw_score=raw,
        low=mean([dimension.low for dimension in dimensions if dimension.low is not None]),
        high=mean([dimension.high for dimension in dimensions if dimension.high is not None]),
        unknown_share=share,
        flag=flag,
        stage=stage.label,
        uncapped_stage=stage.uncapped,
        capped_by=stage.capped_by,
        provisional=stage.provisional,
        poor_fit=_poor_fit(questions, framework.scoring.poor_fit_above),
    )


def _poor_fit(questions: Iterable[QuestionScore], above: Fraction) -> bool:
    declined = _share([not question.applicable for question in questions if question.rule is None])
    return declined is not None and declined > above


def _share(told: Sequence[bool]) -> Number:
    """Return how many of a hundred are true, or None of nothing."""
    return Fraction(100 * sum(told), len(told)) if told else None


def _strengths(criteria: Sequence[CriterionScore]) -> tuple[str, ...]:
    strong = [criterion for criterion in criteria if criterion.level is not None and criterion.level >= 3]
    strong.sort(key=lambda criterion: (-(criterion.level or 0), -(criterion.score or 0)))
    return tuple(criterion.id for criterion in strong)


def _footholds(criteria: Sequence[CriterionScore], strengths: Sequence[str]) -> tuple[str, ...]:
    others = [criterion for criterion in criteria if criterion.score and criterion.id not in strengths]
    others.sort(key=lambda criterion: -(criterion.score or 0))
    return tuple(criterion.id for criterion in others[: max(0, 2 - len(strengths))])


def _to_confirm(question: QuestionScore, answers: Mapping[str, Answer]) -> bool:
    return question.level is not None and question.level >= 3 and not answers[question.id].evidence.strip()
