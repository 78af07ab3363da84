"""Which five questions are worth an advisor's hour: chosen from the report, each with what it was chosen for.

The rule. A criterion may give signals, in the order of `WHYS`. The first criterion of each kind of signal is taken in
turn (essential ones before the others, then in the framework's order), then the second of each kind, until there are
five; a criterion is taken once, and brings all its signals. It says nothing of its own: words stand in the pages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Literal, get_args

from questionnaire.core.report_lines import CriterionLine, QuestionLine
from questionnaire.core.report_model import Report

Why = Literal["essential_unknown", "alert", "unproved", "unclear", "lowest", "unknown", "highest"]
WHYS: tuple[Why, ...] = get_args(Why)
MOST = 5
EXTREMES: dict[object, Why] = {1: "lowest", 4: "highest"}


@dataclass(frozen=True)
class Signal:
    """Why a criterion is worth a question; `question` is where it shows, None for an alert."""

    why: Why
    question: QuestionLine | None


@dataclass(frozen=True)
class Worth:
    """A question worth asking: the framework's own for this criterion, and why, first cause first."""

    criterion: CriterionLine
    dimension: str
    signals: tuple[Signal, ...]

    @property
    def asks(self) -> str:
        """The words to ask with."""
        return self.criterion.advisor_question or next(each.question.text for each in self.signals if each.question)


def worth_asking(report: Report, unclear: Collection[str] = ()) -> tuple[Worth, ...]:
    """Return at most five questions, one a criterion. `unclear` names the questions ticked as not clear."""
    alerts = {alert.criterion.id for alert in report.alerts}
    worth = [
        Worth(criterion, dimension.title, signals)
        for dimension in report.dimensions
        for criterion in dimension.criteria
        if (signals := _signals(criterion, alerts, unclear))
    ]
    worth.sort(key=lambda each: not each.criterion.essential)
    kinds = ([each for each in worth if why in {signal.why for signal in each.signals}] for why in WHYS)
    in_turn = chain.from_iterable(zip_longest(*kinds))
    taken = {each.criterion.id: each for each in in_turn if each}
    return tuple(taken.values())[:MOST]


def _signals(criterion: CriterionLine, alerts: Collection[str], unclear: Collection[str]) -> tuple[Signal, ...]:
    found = [signal for each in criterion.questions for signal in _of_question(criterion, each, unclear)]
    if criterion.id in alerts and (criterion.advisor_question or found):
        found.append(Signal("alert", None))
    return tuple(sorted(found, key=lambda signal: WHYS.index(signal.why)))


def _of_question(criterion: CriterionLine, question: QuestionLine, unclear: Collection[str]) -> Iterator[Signal]:
    if question.state == "set_aside":
        return
    if question.state == "unknown":
        yield Signal("essential_unknown" if criterion.essential else "unknown", question)
    if question.to_confirm:
        yield Signal("unproved", question)
    if question.id in unclear:
        yield Signal("unclear", question)
    if question.value in EXTREMES:
        yield Signal(EXTREMES[question.value], question)
