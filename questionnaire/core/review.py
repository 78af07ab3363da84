"""An advisor's view of an assessment: levels proposed with a reason, and a comment per dimension.

An advisor never corrects the association's answers: this file makes a second set of answers beside the first. It may
not keep anything, nor decide what a level is worth: that is `scoring`, the same for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from questionnaire.core.answers import AnswerSet


@dataclass(frozen=True)
class Proposal:
    """Another level for a question, with the reason the association will read."""

    question: str
    level: int
    reason: str


@dataclass(frozen=True)
class Review:
    """What an advisor shares with the association once validated."""

    advisor: str
    date: date | None = None
    comments: Mapping[str, str] = field(default_factory=dict)
    proposals: Mapping[str, Proposal] = field(default_factory=dict)


def reviewed_answers(answers: AnswerSet, review: Review) -> AnswerSet:
    """Return the same answers with the advisor's levels in place; evidence and comments stay the association's."""
    return answers.with_levels({name: each.level for name, each in review.proposals.items()})
