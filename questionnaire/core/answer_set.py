"""What an association answered: the values everybody passes round, and the way back to the answers file.

Values only: `answers` reads them from a file, forms make them from a page, `scoring` says what they mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

Value = int | Literal["unknown", "not_applicable"]
ProfileValue = str | tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """An answer to a question: a level, « Je ne sais pas » or « Non concerné », and what was written beside it."""

    value: Value
    evidence: str = ""
    comment: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Association:
    """Who answers; everything is optional."""

    name: str = ""
    rna: str = ""
    siren: str = ""


@dataclass(frozen=True)
class AnswerSet:
    """A whole set of answers to one version of a framework. What was not answered is absent."""

    framework_id: str
    framework_version: str
    date: date | None = None
    association: Association = Association()
    profile: Mapping[str, ProfileValue] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Close the mappings, so that a set of answers never changes under those who hold it."""
        object.__setattr__(self, "profile", MappingProxyType(dict(self.profile)))
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))

    def with_levels(self, levels: Mapping[str, int]) -> AnswerSet:
        """Return the same answers with these levels in place; evidence and comments stay."""
        placed = {name: _at_level(self.answers.get(name), level) for name, level in levels.items()}
        return replace(self, answers={**self.answers, **placed})


def _at_level(own: Answer | None, level: int) -> Answer:
    if own is None:
        return Answer(level)
    return own if own.value == level else replace(own, value=level, reason="")


def answers_document(answer_set: AnswerSet) -> dict[str, Any]:
    """Return the answers in the format of the answers file (FRAMEWORK.md, section 2), ready for JSON."""
    document: dict[str, Any] = {"framework": f"{answer_set.framework_id}@{answer_set.framework_version}"}
    if answer_set.date:
        document["date"] = answer_set.date.isoformat()
    document["association"] = _written(answer_set.association)
    document["profile"] = {
        key: list(value) if isinstance(value, tuple) else value for key, value in answer_set.profile.items()
    }
    document["answers"] = {question: _written(answer) for question, answer in answer_set.answers.items()}
    return document


def _written(values: Answer | Association) -> dict[str, Any]:
    return {key: value for key, value in vars(values).items() if value != ""}
