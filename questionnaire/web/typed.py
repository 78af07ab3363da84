"""What the page of a paper held, in words to be copied, where nothing of it may be kept any more.

It reads what was sent and the framework, never what is kept: so it shows nothing that the sender did not hold already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from questionnaire.core.framework import Framework
from questionnaire.core.paper import build_paper

PARTS = {"q_": "", "profile_": "", "evidence_": "preuve", "comment_": "remarque", "reason_": "pourquoi"}


@dataclass(frozen=True)
class Typed:
    """A field that was sent with words in it: its number on the paper, its question, which part of it, its words."""

    number: str
    question: str
    part: str
    words: str


def typed_on_paper(framework: Framework, posted: MultiDict[str, str]) -> tuple[Typed, ...]:
    """Return all that was typed, in the order of the paper; what this framework does not ask comes last."""
    return tuple(_typed(framework, posted))


def _typed(framework: Framework, posted: MultiDict[str, str]) -> Iterator[Typed]:
    numbers, labels = build_paper(framework).numbers, _labels(framework)
    texts = {asked.id: asked.text for asked in framework.profile}
    texts |= {question.id: question.text for question in framework.questions}
    others = {name.removeprefix(prefix) for prefix in PARTS for name in posted if name.startswith(prefix)}
    for asked in [*texts, *sorted(others - texts.keys())]:
        for prefix, part in PARTS.items():
            given = [value for value in posted.getlist(prefix + asked) if value.strip()]
            if given:
                words = ", ".join(labels.get((asked, value), value) for value in given)
                yield Typed(numbers.get(asked, ""), texts.get(asked, asked), part, words)


def _labels(framework: Framework) -> dict[tuple[str, str], str]:
    """Return the words of each answer that is chosen from a list, by question and code."""
    return {(asked.id, option.code): option.label for asked in framework.profile for option in asked.options}
