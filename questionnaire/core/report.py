"""From answers to a report: the one place where framework, scorecard, plan and review come together.

`build_report` is all that the rest of the program needs. It may not show: no word of the interface, no rounding.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction

from questionnaire.core.answers import AnswerSet, answers_document
from questionnaire.core.comparison import compare
from questionnaire.core.framework import Framework, ProfileQuestion
from questionnaire.core.guide import Guide
from questionnaire.core.plan import make_plan
from questionnaire.core.report_advice import advice
from questionnaire.core.report_benchmarks import benchmark_lines
from questionnaire.core.report_company import company_part
from questionnaire.core.report_dimensions import dimension_line, points, strengths
from questionnaire.core.report_directory import Around, directory_part
from questionnaire.core.report_legitimacies import legitimacies_part
from questionnaire.core.report_lines import DimensionLine
from questionnaire.core.report_model import (
    ActionSheet,
    AlertLine,
    DimensionPair,
    FrameworkIdentity,
    Point,
    ProfileLine,
    Report,
    Result,
    ReviewPart,
    StageStep,
    Thresholds,
    Who,
)
from questionnaire.core.report_plan import action_sheets
from questionnaire.core.report_reading import Reading, source_line
from questionnaire.core.report_sheets import TermLine
from questionnaire.core.report_talk import talk_guide
from questionnaire.core.result import result_json
from questionnaire.core.review import Review, reviewed_answers
from questionnaire.core.scoring import Scorecard, score
from questionnaire.core.territory import Department, Region, departments, region_of

__all__ = ["Around", "Report", "build_report"]
NOTHING = Around()


def build_report(
    framework: Framework, answer_set: AnswerSet, review: Review | None = None, around: Around = NOTHING
) -> Report:
    """Return all that may be shown about these answers; with a review, both results side by side."""
    scorecard = score(framework, answer_set)
    reviewed = reviewed_answers(answer_set, review) if review else answer_set
    reviewed_card = score(framework, reviewed) if review else scorecard
    place = _place(answer_set)
    region = place[1].code if place else ""
    reading = Reading(framework, answer_set, scorecard, region)
    lines = _dimensions(reading, review or Review(""), reviewed_card)
    plan = make_plan(framework, answer_set, scorecard)
    sheets, later = action_sheets(reading, plan)
    to_check = points(reading, lines, scorecard.to_check)
    beside = around.companions
    guide = beside.guides.get(framework.id) or Guide(framework=framework.id)
    rules = tuple(reading.rule(each) for each in scorecard.rules)
    return Report(
        framework=_identity(framework),
        who=_who(answer_set, place),
        date=answer_set.date,
        success=next(iter(reading.choice("success")), "").strip(),
        profile=tuple(_profile_line(reading, each) for each in framework.profile),
        complete=scorecard.complete,
        missing=tuple(scorecard.missing),
        scale=reading.scale(),
        overall=_result(reading, lines),
        dimensions=lines,
        strengths=strengths(reading, lines, scorecard.strengths),
        footholds=strengths(reading, lines, scorecard.footholds),
        alerts=tuple(_alert(reading, each.rule, each.criterion) for each in scorecard.alerts),
        rules=rules,
        plan=sheets,
        later=later,
        to_check=tuple(each for each in to_check if each.question.state == "unknown"),
        not_seen=tuple(each for each in to_check if each.question.state == "missing"),
        to_confirm=points(reading, lines, scorecard.to_confirm),
        heard=around.heard.lines if around.heard else (),
        directory=directory_part(around, region, place[1].label if place else "", rules, sheets),
        benchmarks=benchmark_lines(reading),
        sources=tuple(source_line(ref, source) for ref, source in framework.sources.items()),
        thresholds=_thresholds(framework),
        answers_json=json.dumps(answers_document(answer_set), ensure_ascii=False, indent=2),
        result_json=result_json(scorecard, plan).decode(),
        talk=talk_guide(reading, plan, lines),
        legitimacies=legitimacies_part(reading, guide.legitimacies),
        company=company_part(reading, guide.company, beside.facts, beside.day or answer_set.date),
        glossary=tuple(TermLine(each.term, each.meaning) for each in guide.glossary),
        review=_review(Reading(framework, reviewed, reviewed_card, region), lines, sheets, review) if review else None,
        comparison=compare(framework, answer_set, around.last) if around.last else None,
    )


def _dimensions(reading: Reading, review: Review, reviewed: Scorecard) -> tuple[DimensionLine, ...]:
    return tuple(dimension_line(reading, each, review, reviewed) for each in reading.framework.dimensions)


def _place(answer_set: AnswerSet) -> tuple[Department, Region] | None:
    """Return where the association acts, None while it has not said."""
    code = answer_set.profile.get("department")
    department = next((each for each in departments() if each.code == code), None)
    region = region_of(department.code) if department else None
    return (department, region) if department and region else None


def _identity(framework: Framework) -> FrameworkIdentity:
    header = framework.header
    words = (header.title, header.purpose, header.status, tuple(header.is_not), header.duration, header.legal_notice)
    return FrameworkIdentity(header.id, header.version, framework.sha256, *words)


def _who(answer_set: AnswerSet, place: tuple[Department, Region] | None) -> Who:
    association = answer_set.association
    labels = (place[0].label, place[1].label) if place else ("", "")
    return Who(association.name, association.rna, association.siren, *labels)


def _profile_line(reading: Reading, question: ProfileQuestion) -> ProfileLine:
    codes = reading.choice(question.id)
    labels = {option.code: option.label for option in question.options}
    if question.options_from:
        labels = {each.code: f"{each.label} ({each.code})" for each in departments()}
    answers = tuple(labels.get(code, code) for code in codes)
    return ProfileLine(question.id, question.text, answers, question.type == "text")


def _result(reading: Reading, lines: Iterable[DimensionLine]) -> Result:
    overall = reading.scorecard.overall
    return Result(
        score=overall.score,
        raw_score=overall.raw_score,
        low=overall.low,
        high=overall.high,
        unknown_share=overall.unknown_share,
        flag=overall.flag,
        stage=overall.stage,
        uncapped_stage=overall.uncapped_stage,
        capped_by=reading.all_named(overall.capped_by),
        provisional=reading.all_named(overall.provisional),
        poor_fit=overall.poor_fit,
        contexts=tuple(rule.context for rule in map(reading.rule, reading.scorecard.rules) if rule.context),
        steps=_steps(reading.framework, overall.stage),
        lowest=_lowest(lines),
    )


def _steps(framework: Framework, stage: str | None) -> tuple[StageStep, ...]:
    return tuple(StageStep(each.label, Fraction(each.from_), each.label == stage) for each in framework.stages)


def _lowest(lines: Iterable[DimensionLine]) -> tuple[str, ...]:
    """Return the titles of the lowest dimensions among those shown: a global result never stands alone."""
    scores = {line.title: line.score for line in lines if line.score is not None}
    return tuple(title for title, value in scores.items() if value == min(scores.values()))


def _alert(reading: Reading, rule: str, criterion: str) -> AlertLine:
    return AlertLine(reading.framework.rule(rule).message, reading.named(criterion))


def _thresholds(framework: Framework) -> Thresholds:
    scoring = framework.scoring
    return Thresholds(
        fragile_above=Fraction(scoring.fragile_above),
        hidden_above=Fraction(scoring.hidden_above),
        poor_fit_above=Fraction(scoring.poor_fit_above),
        essential_cap=scoring.essential_cap,
    )


def _review(
    reading: Reading, own: tuple[DimensionLine, ...], own_plan: tuple[ActionSheet, ...], review: Review
) -> ReviewPart:
    """Return the advisor's view; `reading` holds the answers with their levels in place."""
    lines = _dimensions(reading, review, reading.scorecard)
    plan = make_plan(reading.framework, reading.answers, reading.scorecard)
    sheets, _ = action_sheets(reading, plan)
    pairs = (DimensionPair(mine.title, mine, theirs) for mine, theirs in zip(own, lines, strict=True))
    return ReviewPart(
        advisor=review.advisor,
        date=review.date,
        overall=_result(reading, lines),
        dimensions=tuple(pairs),
        proposals=tuple(_proposed(reading, own)),
        plan=sheets,
        plan_changes=[each.criterion for each in plan.actions] != [each.criterion.id for each in own_plan],
        advice=advice(review, own_plan),
    )


def _proposed(reading: Reading, own: tuple[DimensionLine, ...]) -> Iterable[Point]:
    for dimension in own:
        for criterion in dimension.criteria:
            yield from (Point(reading.named(criterion.id), each) for each in criterion.questions if each.proposal)
