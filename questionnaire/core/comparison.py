"""Two times of one association, side by side: only on what was asked both times and can be compared.

A first partnership brings questions that were not asked before: they are named, never counted as a fall. Between two
versions of a framework only a question whose words are the same is compared. A difference under ten points is not
commented. Same arithmetic as `scoring`, on fewer questions. It may not show or round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from questionnaire.core.answer_set import AnswerSet
from questionnaire.core.framework import Framework, Question
from questionnaire.core.report_lines import LevelWord
from questionnaire.core.scorecard import Number, Scorecard
from questionnaire.core.scoring import mean, mean_points, score

COMMENTED_FROM = 10  # points of 100: below it, two times are not told apart
Trend = Literal["higher", "lower", "near", "unknown"]


@dataclass(frozen=True)
class LastTime:
    """The answers of the time before, with their framework; `recalled`: the level each had, seen from today."""

    framework: Framework
    answers: AnswerSet
    recalled: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """A question whose level changed; `recalled` is where the association now thinks it was, if it said so."""

    text: str
    before: LevelWord
    now: LevelWord
    recalled: LevelWord | None


@dataclass(frozen=True)
class DimensionChange:
    """A dimension both times, on the questions compared alone; `recalled` is the time before, seen from today."""

    id: str
    title: str
    compared: int
    before: Number
    recalled: Number
    now: Number
    trend: Trend
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class Comparison:
    """What two times say of each other. The last three list questions that are not compared, by their texts."""

    day_before: date | None
    day_now: date | None
    versions_differ: bool
    compared: int
    dimensions: tuple[DimensionChange, ...]
    seen_otherwise: int
    new: tuple[str, ...]
    gone: tuple[str, ...]
    reworded: tuple[str, ...]
    uncertain: tuple[str, ...]


def compare(framework: Framework, answers: AnswerSet, last: LastTime) -> Comparison:
    """Return what can be said of `answers` beside the time before."""
    return _Pair(framework, answers, last).comparison()


class _Pair:
    """The two scorecards, and which questions can stand side by side."""

    def __init__(self, framework: Framework, answers: AnswerSet, last: LastTime) -> None:
        self.framework, self.answers, self.last = framework, answers, last
        self.now: Scorecard = score(framework, answers)
        self.before: Scorecard = score(last.framework, last.answers)
        self.questions = {question.id: question for question in framework.questions}
        self.earlier = {question.id: question for question in last.framework.questions}
        self.reworded = {name for name in self.questions if name in self.earlier and not self._same_words(name)}

    def comparison(self) -> Comparison:
        both = [name for name in self.questions if self._asked(name, self.now) and self._asked(name, self.before)]
        compared = [name for name in both if name not in self.reworded and self._known(name)]
        return Comparison(
            day_before=self.last.answers.date,
            day_now=self.answers.date,
            versions_differ=self.framework.sha256 != self.last.framework.sha256,
            compared=len(compared),
            dimensions=tuple(self._dimensions(frozenset(compared))),
            seen_otherwise=sum(1 for name in compared if self._recalled(name) != self._level(name, self.before)),
            new=self._texts(self.questions, (n for n in self.questions if self._only(n, self.now, self.before))),
            gone=self._texts(self.earlier, (n for n in self.earlier if self._only(n, self.before, self.now))),
            reworded=self._texts(self.questions, (n for n in both if n in self.reworded)),
            uncertain=self._texts(self.questions, (n for n in both if n not in self.reworded and not self._known(n))),
        )

    def _dimensions(self, compared: frozenset[str]) -> Iterator[DimensionChange]:
        for dimension in self.framework.dimensions:
            groups = [
                [question.id for question in criterion.questions if question.id in compared]
                for criterion in dimension.criteria
            ]
            names = [name for group in groups for name in group]
            before, recalled, now = (
                _mean_of(groups, levels)
                for levels in (
                    {name: self._level(name, self.before) for name in names},
                    {name: self._recalled(name) for name in names},
                    {name: self._level(name, self.now) for name in names},
                )
            )
            moved = tuple(self._moved(name) for name in names if self._changed(name))
            yield DimensionChange(
                dimension.id, dimension.title, len(names), before, recalled, now, _trend(before, now), moved
            )

    def _moved(self, name: str) -> Moved:
        question, recalled = self.questions[name], self._recalled(name)
        before = self._level(name, self.before)
        return Moved(
            question.text,
            self._word(question, before),
            self._word(question, self._level(name, self.now)),
            self._word(question, recalled) if recalled != before else None,
        )

    def _word(self, question: Question, level: int) -> LevelWord:
        label = next(each.label for each in self.framework.scale.levels if each.level == level)
        return LevelWord(level, label, question.levels[level])

    def _changed(self, name: str) -> bool:
        levels = {self._level(name, self.now), self._level(name, self.before), self._recalled(name)}
        return len(levels) > 1

    def _level(self, name: str, card: Scorecard) -> int:
        return card.question(name).level or 0

    def _recalled(self, name: str) -> int:
        return self.last.recalled.get(name) or self._level(name, self.before)

    def _known(self, name: str) -> bool:
        return self.now.question(name).level is not None and self.before.question(name).level is not None

    def _asked(self, name: str, card: Scorecard) -> bool:
        there = self.questions if card is self.now else self.earlier
        return name in there and card.question(name).applicable

    def _only(self, name: str, here: Scorecard, there: Scorecard) -> bool:
        return self._asked(name, here) and not self._asked(name, there)

    def _same_words(self, name: str) -> bool:
        now, before = self.questions[name], self.earlier[name]
        return now.text == before.text and dict(now.levels) == dict(before.levels)

    def _texts(self, questions: Mapping[str, Question], names: Iterable[str]) -> tuple[str, ...]:
        return tuple(questions[name].text for name in names)


def _mean_of(groups: Iterable[list[str]], levels: Mapping[str, int]) -> Number:
    """The mean of the criteria that have a compared question, each the mean of those (FRAMEWORK.md, section 3)."""
    criteria = [mean_points([levels[name] for name in group]) for group in groups if group]
    return mean([each for each in criteria if each is not None])


def _trend(before: Number, now: Number) -> Trend:
    if before is None or now is None:
        return "unknown"
    difference: Fraction = now - before
    if abs(difference) < COMMENTED_FROM:
        return "near"
    return "higher" if difference > 0 else "lower"
