"""What the observatory counts of an association: six scores, a stage, what it ticked about its territory. Never a text.

`subjects` lists the measures in the order in which they are read, with their words; `contributor` is one association.
A measure's id says where it comes from: `score:ECO`, `stage:En chemin`, `met:housing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from questionnaire.core.answers import AnswerSet
from questionnaire.core.framework import Framework
from questionnaire.core.listening import Listening
from questionnaire.core.observatory import EVERYBODY, FULL, Contributor, Kind, Measure, Points
from questionnaire.core.scorecard import Scorecard
from questionnaire.core.scoring import score
from questionnaire.core.territory import territory

ALL = "all"
STAFF = {"none": "Sans salarié", "some": "Avec salariés"}
SCORES, STAGES = "score", "stage"


@dataclass(frozen=True)
class Subject:
    """Measures that are read together: each with its label."""

    id: str
    title: str
    kind: Kind
    labels: Mapping[str, str]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What is measured, in order."""
        return tuple(Measure(f"{self.id}:{code}", self.kind) for code in self.labels)


def subjects(framework: Framework, listening: Listening) -> tuple[Subject, ...]:
    """Return all that is counted, the scores first."""
    return tuple(_subjects(framework, listening))


def contributor(
    name: str, framework: Framework, answers: AnswerSet, listening: Listening, heard: Mapping[str, Any]
) -> Contributor | None:
    """Return what counts of an association's own answers; None if they are not complete.

    `heard` is what stands on the page that listens to its territory, empty if it was never saved.
    """
    scorecard = score(framework, answers)
    if not scorecard.complete:
        return None
    values = {**_scores(scorecard), **_stage(framework, scorecard), **_heard(listening, heard)}
    return Contributor(name, _categories(answers.profile), values)


def category_label(table: str, category: str) -> str:
    """Return the words of a category. Raises KeyError."""
    if table == EVERYBODY:
        return "Ensemble"
    return territory().regions[category].label if table == "region" else STAFF[category]


def _subjects(framework: Framework, listening: Listening) -> Iterator[Subject]:
    yield Subject(SCORES, "Les thèmes", "mean", {each.id: each.title for each in framework.dimensions})
    yield Subject(STAGES, "Les étapes", "share", {each.label: each.label for each in framework.stages})
    for question in listening.questions:
        if question.type == "multiple":
            yield Subject(question.id, question.text, "share", {each.code: each.label for each in question.options})


def _categories(profile: Mapping[str, Any]) -> dict[str, str]:
    region = territory().region_of(str(profile.get("department", "")))
    staff = profile.get("employees")
    found = {EVERYBODY: ALL, "region": region.code if region else "", "staff": _staff(staff)}
    return {table: category for table, category in found.items() if category}


def _staff(employees: object) -> str:
    return "" if not employees else "none" if employees == "none" else "some"


def _scores(scorecard: Scorecard) -> dict[str, Points]:
    given = ((each.id, each.score) for each in scorecard.dimensions)
    return {f"{SCORES}:{name}": int(number * 1000 + 1 / 2) for name, number in given if number is not None}


def _stage(framework: Framework, scorecard: Scorecard) -> dict[str, Points]:
    reached = scorecard.overall.stage
    if reached is None:
        return {}
    return {f"{STAGES}:{each.label}": FULL * (each.label == reached) for each in framework.stages}


def _heard(listening: Listening, heard: Mapping[str, Any]) -> dict[str, Points]:
    """Return what was ticked and what was not, for each question where something was."""
    asked = [each for each in listening.questions if each.type == "multiple" and heard.get(each.id)]
    return {
        f"{question.id}:{option.code}": FULL * (option.code in heard[question.id])
        for question in asked
        for option in question.options
    }
