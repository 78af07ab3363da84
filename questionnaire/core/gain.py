"""What moving up one level on a criterion would bring: shown beside an action, it orders nothing (section 4).

The rules stay as they fire now, so that a question set aside has no say here either. Every score being a mean of means,
the gain is the criterion's own rise, shared among the scored criteria of its dimension, then the scored dimensions.
"""

from __future__ import annotations

from fractions import Fraction

from questionnaire.core.framework import Framework
from questionnaire.core.scorecard import CriterionScore, Scorecard
from questionnaire.core.scoring import points

ONE_LEVEL = points(2) - points(1)


def gain_of(framework: Framework, scorecard: Scorecard, criterion: CriterionScore) -> Fraction:
    """Return the raw overall score after the move, minus the one now; 0 if the criterion is not at level 1 or 2.

    In the move, every answer at or below the criterion's level goes up one.
    """
    if criterion.level not in (1, 2):
        return Fraction(0)
    levels = [question.level for question in criterion.questions if question.level is not None]
    dimension = scorecard.dimension(framework.dimension_of(criterion.id).id)
    criteria = sum(each.score is not None for each in dimension.criteria)
    dimensions = sum(each.raw_score is not None for each in scorecard.dimensions)
    moved = sum(level <= criterion.level for level in levels)
    return ONE_LEVEL * Fraction(moved, len(levels) * criteria * dimensions)
