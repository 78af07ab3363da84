"""An advisor's view of an assessment: levels proposed with a reason, comments, opinions, and what to do first.

An advisor never corrects the association's answers: this file makes a second set of answers beside the first. It may
not keep anything, nor decide what a level is worth: that is `scoring`, the same for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from questionnaire.core.answers import AnswerSet

Opinion = Literal["agree", "discuss", "missing"]


@dataclass(frozen=True)
class Proposal:
    """Another level for a question, with the reason the association will read."""

    question: str
    level: int
    reason: str


@dataclass(frozen=True)
class OwnAction:
    """An action in the advisor's own words."""

    title: str
    why: str
    first_steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Review:
    """What an advisor shares with the association once validated.

    `opinions` by criterion. `aside`: actions of the plan set aside, by criterion, with the reason. `own`: actions that
    the advisor wrote. `places`: where an action of the plan (by criterion) or of one's own was put in the list.
    """

    advisor: str
    date: date | None = None
    comments: Mapping[str, str] = field(default_factory=dict)
    proposals: Mapping[str, Proposal] = field(default_factory=dict)
    opinions: Mapping[str, Opinion] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, OwnAction] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)


def reviewed_answers(answers: AnswerSet, review: Review) -> AnswerSet:
    """Return the same answers with the advisor's levels in place; evidence and comments stay the association's."""
    return answers.with_levels({name: each.level for name, each in review.proposals.items()})
