"""The first look, ten minutes: which questions it asks for these answers (FRAMEWORK.md, section 1).

The questions are those of the whole questionnaire, fewer of them: there is one set of answers. What the first look says
of them stands in `first_look_report`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaire.core.answer_set import AnswerSet
from questionnaire.core.framework import FirstLookQuestion, Framework
from questionnaire.core.progress import PROFILE
from questionnaire.core.rules import holds, set_aside


@dataclass(frozen=True)
class Step:
    """One question of the first look: the page of the whole questionnaire that holds it, its id, if it is answered."""

    page: str
    question: str
    answered: bool


def steps(framework: Framework, answer_set: AnswerSet) -> tuple[Step, ...]:
    """Return what the first look asks for these answers, in order, the profile first."""
    profile = (Step(PROFILE, each, each in answer_set.profile) for each in framework.first_look.profile)
    questions = (_step(framework, answer_set, each) for each in _asked(framework, answer_set))
    return (*profile, *questions)


def possible_steps(framework: Framework) -> dict[str, str]:
    """Return every question that the first look may ask, whatever the answers, with the page that holds it."""
    looked = framework.first_look
    questions = [name for each in looked.questions for name in (each.question, each.instead) if name]
    return dict.fromkeys(looked.profile, PROFILE) | {name: _page(framework, name) for name in questions}


def _asked(framework: Framework, answer_set: AnswerSet) -> Iterator[str]:
    aside = set_aside(framework, answer_set.profile, answer_set.answers)
    for each in framework.first_look.questions:
        if each.when is None or holds(each.when, answer_set.profile, answer_set.answers):
            yield from _applicable(each, aside)


def _applicable(asked: FirstLookQuestion, aside: Mapping[str, str]) -> tuple[str, ...]:
    """Return the question, or the one asked in its place if a rule sets it aside; nothing if rules set aside both."""
    wanted = asked.instead if asked.question in aside else asked.question
    return (wanted,) if wanted and wanted not in aside else ()


def _step(framework: Framework, answer_set: AnswerSet, question: str) -> Step:
    return Step(_page(framework, question), question, question in answer_set.answers)


def _page(framework: Framework, question: str) -> str:
    return framework.dimension_of(framework.criterion_of(question).id).id
