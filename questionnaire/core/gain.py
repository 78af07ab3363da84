"""What moving up one level on a criterion would bring: shown beside an action, it orders nothing (section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from questionnaire.core.answer_set import Answer, AnswerSet
from questionnaire.core.framework import Framework
from questionnaire.core.rules import firing_rules
from questionnaire.core.scorecard import CriterionScore, Scorecard
from questionnaire.core.scoring import dimension_scores, raw_overall


def gain_of(framework: Framework, answer_set: AnswerSet, scorecard: Scorecard, criterion: CriterionScore) -> Fraction:
    """Return the raw overall score after the move, minus the one now; 0 if the criterion is not at level 1 or 2."""
    before = scorecard.overall.raw_score
    if criterion.level not in (1, 2) or before is None:
        return Fraction(0)
    answers = {**answer_set.answers, **_moved_up(criterion, answer_set.answers)}
    rules = firing_rules(framework, answer_set.profile, answers)
    after = raw_overall(dimension_scores(framework, answers, rules))
    return (after or Fraction(0)) - before


def _moved_up(criterion: CriterionScore, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    reached = criterion.level or 0
    return {
        question.id: replace(answers[question.id], value=question.level + 1)
        for question in criterion.questions
        if question.level is not None and question.level <= reached
    }
