"""The five questions worth asking: at most five, one a criterion, each with why, the same for the same answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.core.answers import Answer, AnswerSet
from questionnaire.core.framework import Framework
from questionnaire.core.preparing import MOST, WHYS, Signal, worth_asking
from questionnaire.core.report import build_report
from tests.core.making import Values, cases, loaded, read
from tests.core.test_properties import Case

PROFILE: Values = {"recent_partnerships": "1-2"}


def answered(framework: Framework, level: int, **answers: Answer) -> AnswerSet:
    same = {question.id: Answer(level, evidence="Une note.") for question in framework.questions}
    return AnswerSet(framework.header.id, framework.header.version, profile=PROFILE, answers=same | answers)


@given(cases(), st.data())
def test_at_most_five_one_a_criterion_each_with_why(case: Case, data: st.DataObject) -> None:
    framework = loaded(case[0])
    report = build_report(framework, read(framework, case[1]))
    unclear = data.draw(st.sets(st.sampled_from([each.id for each in framework.questions])))
    worth = worth_asking(report, unclear)
    named = [each.criterion.id for each in worth]
    assert len(named) == len(set(named)) <= MOST
    for each in worth:
        assert each.asks
        assert each.signals
        assert [WHYS.index(signal.why) for signal in each.signals] == sorted(WHYS.index(s.why) for s in each.signals)
        assert all(signal.question is None or signal.question in each.criterion.questions for signal in each.signals)
    assert worth == worth_asking(report, frozenset(unclear))


@pytest.mark.parametrize(
    ("level", "answer", "unclear", "why"),
    [
        (2, Answer("unknown"), False, "unknown"),
        (2, Answer(4), False, "unproved"),
        (2, Answer(4, evidence="Une note."), False, "highest"),
        (2, Answer(1), False, "lowest"),
        (2, Answer(2), True, "unclear"),
    ],
)
def test_what_a_question_is_chosen_for(
    framework: Framework, level: int, answer: Answer, unclear: bool, why: str
) -> None:
    name = next(c.questions[0].id for d in framework.dimensions for c in d.criteria if not c.essential)
    report = build_report(framework, answered(framework, level, **{name: answer}))
    worth = worth_asking(report, {name} if unclear else ())
    found = [each for each in worth if any(signal.question and signal.question.id == name for signal in each.signals)]
    assert [each.signals[0].why for each in found] == [why]


def test_not_knowing_an_essential_base_comes_before_all(framework: Framework) -> None:
    essential = [c.questions[0].id for d in framework.dimensions for c in d.criteria if c.essential][-1]
    others = {question.id: Answer(4) for question in framework.questions}
    answers = answered(framework, 4, **{**others, essential: Answer("unknown")})
    first = worth_asking(build_report(framework, answers))[0]
    assert first.signals[0].why == "essential_unknown"
    assert first.signals[0].question is not None
    assert first.signals[0].question.id == essential


def test_each_kind_of_signal_gets_its_turn(framework: Framework) -> None:
    names = [question.id for question in framework.questions]
    many = answered(framework, 2, **{name: Answer("unknown") for name in names[:20]}, **{names[-1]: Answer(1)})
    whys = {signal.why for each in worth_asking(build_report(framework, many)) for signal in each.signals}
    assert "lowest" in whys


def test_a_question_set_aside_is_never_asked(framework: Framework) -> None:
    nobody = replace(answered(framework, 1), profile={"recent_partnerships": "none"})
    worth = worth_asking(build_report(framework, nobody), {question.id for question in framework.questions})
    assert all(s.question is None or s.question.state != "set_aside" for each in worth for s in each.signals)


def test_an_alert_asks_after_its_criterion_whatever_was_answered(framework: Framework) -> None:
    alerted = replace(answered(framework, 2), profile=PROFILE | {"tax_receipts": "yes", "general_interest": "no"})
    worth = worth_asking(build_report(framework, alerted))
    (found,) = [each for each in worth if each.criterion.id == "CAD-2"]
    assert found.signals == (Signal("alert", None),)
    assert (found.asks, found.dimension) == (
        framework.criterion("CAD-2").advisor_question,
        framework.dimension("CAD").title,
    )


def test_essential_criteria_come_first_for_the_same_reason(framework: Framework) -> None:
    worth = worth_asking(build_report(framework, answered(framework, 1)))
    essential = sum(criterion.essential for criterion in framework.criteria)
    assert [each.criterion.essential for each in worth] == [True] * essential + [False] * (len(worth) - essential)


def test_a_level_without_proof_is_shown_where_it_stands(framework: Framework) -> None:
    report = build_report(framework, answered(framework, 2, **{"ECO-1a": Answer(3)}))
    (signal,) = worth_asking(report)[0].signals
    assert (signal.why, signal.question and signal.question.id) == ("unproved", "ECO-1a")
