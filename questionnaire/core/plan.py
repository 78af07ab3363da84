"""Which actions first, and why: candidates, order, plan (FRAMEWORK.md, section 4).

Candidates come from levels 1 and 2 and from alerts; `order` ranks them; this file fills the plan from that order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from questionnaire.core.answer_set import AnswerSet
from questionnaire.core.candidates import Candidate, Reason, ordered_candidates
from questionnaire.core.framework import Framework
from questionnaire.core.gain import gain_of
from questionnaire.core.rules import small
from questionnaire.core.scorecard import Scorecard


@dataclass(frozen=True)
class Action:
    """A recommendation for this association: at which level, what it would bring, what it costs, and why it is here."""

    criterion: str
    level: int
    gain: Fraction
    effort: str
    horizon: str
    reason: Reason
    priority: Fraction


@dataclass(frozen=True)
class Plan:
    """The actions to begin with, and the others in order."""

    actions: tuple[Action, ...]
    later: tuple[Action, ...]


def make_plan(framework: Framework, answer_set: AnswerSet, scorecard: Scorecard) -> Plan:
    """Return the plan of these answers, whose scorecard this is."""
    order = ordered_candidates(framework, answer_set, scorecard)
    chosen = _Choice(framework, order, _limit(framework, answer_set)).chosen()
    taken = {candidate.id for candidate in chosen}
    later = [candidate for candidate in order if candidate.id not in taken]
    actions, rest = (
        tuple(_action(candidate, gain_of(framework, scorecard, candidate.score)) for candidate in part)
        for part in (chosen, later)
    )
    return Plan(actions, rest)


def _limit(framework: Framework, answer_set: AnswerSet) -> int:
    rules = framework.plan
    return rules.max_actions_small if small(framework, answer_set) else rules.max_actions


def _action(candidate: Candidate, gain: Fraction) -> Action:
    brings = candidate.recommendation
    return Action(
        candidate.id, candidate.level, gain, brings.effort, brings.horizon, candidate.reason, candidate.priority
    )


class _Choice:
    """Walks the order once, then makes room for a quick action if there is none."""

    def __init__(self, framework: Framework, order: Sequence[Candidate], limit: int) -> None:
        self.rules = framework.plan
        self.order = order
        self.limit = limit
        self.candidates = {candidate.id for candidate in order}

    def chosen(self) -> list[Candidate]:
        plan: list[Candidate] = []
        for candidate in self.order:
            if self._fits(candidate, plan):
                plan.append(candidate)
        return self._with_quick(plan)

    def _fits(self, candidate: Candidate, plan: Sequence[Candidate]) -> bool:
        """Tell whether the candidate can be taken beside these: room, its dimension, what it comes after."""
        beside = sum(other.dimension == candidate.dimension for other in plan)
        taken = {other.id for other in plan}
        return (
            len(plan) < self.limit
            and (candidate.alert or beside < self.rules.max_per_dimension)
            and all(name in taken for name in candidate.recommendation.after if name in self.candidates)
        )

    def _with_quick(self, plan: list[Candidate]) -> list[Candidate]:
        movable = [candidate for candidate in plan if not candidate.alert]
        if len(plan) < self.limit or any(map(self._quick, plan)) or not movable:
            return plan
        rest = [candidate for candidate in plan if candidate is not movable[-1]]
        for candidate in self.order:
            if candidate not in plan and self._quick(candidate) and self._fits(candidate, rest):
                return [*rest, candidate]
        return plan

    def _quick(self, candidate: Candidate) -> bool:
        return candidate.recommendation.horizon == self.rules.quick_horizon
