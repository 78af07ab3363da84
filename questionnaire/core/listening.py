"""Listening to the territory: the optional page after the result, and what an association said there.

A file of its own, in the framework's format family. Nothing of it is scored; it never changes a result or a plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, PrivateAttr

from questionnaire.core.profile import ProfileQuestion
from questionnaire.core.shapes import Part


class ListeningHeader(Part):
    """What the page is, in its own words; `caution` stands beside every text."""

    id: Annotated[str, Field(pattern=r"^[^\s@]+$")]
    version: Annotated[str, Field(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]
    language: str
    title: str
    purpose: str
    caution: str


class Listening(Part):
    """The whole file. `needs_from` names the questions whose options are needs, those that matter most first."""

    header: ListeningHeader = Field(alias="listening")
    needs_from: Annotated[tuple[str, ...], Field(min_length=1)]
    questions: Annotated[tuple[ProfileQuestion, ...], Field(min_length=1)]
    _sha256: str = PrivateAttr(default="")

    def model_post_init(self, context: Any) -> None:
        """Keep the hash that `loading` computed."""
        self._sha256 = (context or {}).get("sha256", "")

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file's bytes, in hexadecimal."""
        return self._sha256


@dataclass(frozen=True)
class HeardLine:
    """One question with its answers in words; `free_text` where they are the association's own."""

    text: str
    answers: tuple[str, ...]
    free_text: bool


@dataclass(frozen=True)
class Heard:
    """What an association said of its territory: codes and texts by question."""

    listening: Listening
    values: Mapping[str, Any]

    @property
    def needs(self) -> tuple[str, ...]:
        """The needs named, each once, in the order of the questions that matter most."""
        return tuple(dict.fromkeys(code for name in self.listening.needs_from for code in self.values.get(name, ())))

    @property
    def lines(self) -> tuple[HeardLine, ...]:
        """The questions that were answered, in order, in words."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[HeardLine]:
        for question in self.listening.questions:
            given = self.values.get(question.id)
            if given:
                labels = {option.code: option.label for option in question.options}
                codes = (given,) if isinstance(given, str) else given
                answers = tuple(labels.get(code, code) for code in codes)
                yield HeardLine(question.text, answers, question.type == "text")
