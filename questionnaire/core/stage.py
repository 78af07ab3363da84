"""The stage in words: where the exact score leads, and how essential criteria hold it back (section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from questionnaire.core.framework import Framework
from questionnaire.core.scorecard import CriterionScore, Number


@dataclass(frozen=True)
class StageReached:
    """The stage, what it would be without the cap, who caps it, and which essential criteria are not known yet."""

    label: str | None
    uncapped: str | None
    capped_by: tuple[str, ...]
    provisional: tuple[str, ...]


def stage_of(framework: Framework, score: Number, criteria: Sequence[CriterionScore]) -> StageReached:
    """Return the stage of an exact overall score, None where there is no score."""
    essential = [criterion for criterion in criteria if framework.criterion(criterion.id).essential]
    provisional = tuple(criterion.id for criterion in essential if criterion.status == "unknown")
    if score is None:
        return StageReached(None, None, (), provisional)
    weak = tuple(criterion.id for criterion in essential if criterion.level == 1)
    reached = [stage.label for stage in framework.stages if stage.from_ <= score]
    allowed = _up_to_cap(framework, reached) if weak else reached
    return StageReached(allowed[-1], reached[-1], weak if allowed != reached else (), provisional)


def _up_to_cap(framework: Framework, labels: list[str]) -> list[str]:
    cap = framework.scoring.essential_cap
    return labels[: labels.index(cap) + 1] if cap in labels else labels
