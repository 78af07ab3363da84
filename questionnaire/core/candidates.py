"""The actions an association could take, in order: alerts, essential criteria at level 1, then the rest (section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from questionnaire.core.answer_set import AnswerSet
from questionnaire.core.framework import Criterion, Framework, Recommendation
from questionnaire.core.scorecard import CriterionScore, Scorecard

Reason = Literal["alert", "essential", "objective", "need"]
FAVOUR = Fraction(3, 2)


@dataclass(frozen=True)
class Candidate:
    """A criterion that brings a recommendation, and all that ranks it.

    `level` is that of the recommendation: the criterion's, 1 for an alert.
    """

    criterion: Criterion
    dimension: str
    score: CriterionScore
    alert: bool
    level: int
    serves: bool
    cost: int

    @property
    def id(self) -> str:
        """The criterion's id."""
        return self.criterion.id

    @property
    def recommendation(self) -> Recommendation:
        """The recommendation it brings."""
        return self.criterion.recommendations[self.level]

    @property
    def group(self) -> int:
        """0 for alerts, 1 for essential criteria at level 1, 2 for the others."""
        return 0 if self.alert else 1 if self.criterion.essential and self.level == 1 else 2

    @property
    def need(self) -> Fraction:
        """How far the criterion is from 100."""
        return 100 - (self.score.score or Fraction(0))

    @cached_property
    def priority(self) -> Fraction:
        """Need, favoured by the declared objective and by being essential, over the effort."""
        favours = (FAVOUR if self.serves else 1) * (FAVOUR if self.criterion.essential else 1)
        return self.need * favours / self.cost

    @property
    def reason(self) -> Reason:
        """Why it is proposed: the first that holds."""
        if self.alert:
            return "alert"
        if self.criterion.essential:
            return "essential"
        return "objective" if self.serves else "need"


def ordered_candidates(framework: Framework, answer_set: AnswerSet, scorecard: Scorecard) -> list[Candidate]:
    """Return the candidates in the order of section 4, what must come after another coming after it."""
    found = _candidates(framework, answer_set, scorecard)
    found.sort(key=lambda candidate: (candidate.group, -candidate.priority, not candidate.criterion.essential))
    return _after(found)


def _candidates(framework: Framework, answer_set: AnswerSet, scorecard: Scorecard) -> list[Candidate]:
    alerted = {alert.criterion for alert in scorecard.alerts}
    costs = {effort.id: effort.cost for effort in framework.plan.efforts}
    objectives = _objectives(answer_set)
    return [
        _candidate(framework, criterion, scored, criterion.id in alerted, objectives, costs)
        for criterion in framework.criteria
        if _brings((scored := scorecard.criterion(criterion.id)), criterion.id in alerted)
    ]


def _candidate(
    framework: Framework,
    criterion: Criterion,
    scored: CriterionScore,
    alert: bool,
    objectives: frozenset[str],
    costs: dict[str, int],
) -> Candidate:
    level = 1 if alert else scored.level or 1
    return Candidate(
        criterion=criterion,
        dimension=framework.dimension_of(criterion.id).id,
        score=scored,
        alert=alert,
        level=level,
        serves=not objectives.isdisjoint(criterion.serves),
        cost=costs[criterion.recommendations[level].effort],
    )


def _brings(scored: CriterionScore, alerted: bool) -> bool:
    if alerted:
        return any(question.rule is None for question in scored.questions)
    return scored.level in (1, 2)


def _objectives(answer_set: AnswerSet) -> frozenset[str]:
    declared = answer_set.profile.get("objective", ())
    return frozenset((declared,) if isinstance(declared, str) else declared)


def _after(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Repeatedly take the first whose `after` criteria, where candidates themselves, have all been taken."""
    waiting, order = list(ranked), list[Candidate]()
    pending = {candidate.id for candidate in ranked}
    while waiting:
        free = (place for place, each in enumerate(waiting) if pending.isdisjoint(each.recommendation.after))
        order.append(waiting.pop(next(free)))
        pending.discard(order[-1].id)
    return order
