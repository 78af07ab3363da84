"""The part of a report about what was answered: dimensions, criteria and questions, in words.

It may not score: every number comes from the scorecard of the reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from questionnaire.core.answers import Answer
from questionnaire.core.framework import Criterion, Dimension
from questionnaire.core.report_lines import (
    CriterionLine,
    DimensionLine,
    Number,
    Option,
    ProposalLine,
    QuestionLine,
    State,
)
from questionnaire.core.report_model import Point, Strength
from questionnaire.core.report_reading import Reading, source_line
from questionnaire.core.review import Proposal, Review
from questionnaire.core.scoring import QuestionScore, Scorecard

BLANK = Answer("unknown")


def dimension_line(reading: Reading, dimension: Dimension, review: Review, reviewed: Scorecard) -> DimensionLine:
    """Return a dimension with its criteria; `reviewed` is the scorecard with the advisor's levels, or the same one."""
    score = reading.scorecard.dimension(dimension.id)
    return DimensionLine(
        id=dimension.id,
        title=dimension.title,
        guiding_question=dimension.guiding_question,
        rationale=dimension.rationale,
        score=score.score,
        raw_score=score.raw_score,
        low=score.low,
        high=score.high,
        unknown_share=score.unknown_share,
        flag=score.flag,
        level=reading.level(nearest_level(score.score)),
        low_level=reading.level(nearest_level(score.low)),
        high_level=reading.level(nearest_level(score.high)),
        criteria=tuple(_criterion_line(reading, each, review, reviewed) for each in dimension.criteria),
        comment=review.comments.get(dimension.id, ""),
    )


def nearest_level(points: Number) -> int | None:
    """Return the level nearest to a number out of 100, a half going down: the words for a mean, never a new score."""
    if points is None:
        return None
    return ceil(points * 3 / 100 + Fraction(1, 2))


def _criterion_line(reading: Reading, criterion: Criterion, review: Review, reviewed: Scorecard) -> CriterionLine:
    score = reading.scorecard.criterion(criterion.id)
    sources = (source_line(each.ref, reading.framework.source(each.ref), each.locator) for each in criterion.sources)
    return CriterionLine(
        id=criterion.id,
        title=criterion.title,
        essential=criterion.essential,
        status=score.status,
        level=reading.level(score.level),
        score=score.score,
        low=score.low,
        high=score.high,
        questions=tuple(question_line(reading, each.id, review.proposals.get(each.id)) for each in criterion.questions),
        advisor_question=criterion.advisor_question,
        next_step=criterion.next_step,
        sources=tuple(sources),
        holds_back=criterion.id in reading.scorecard.overall.capped_by,
        reviewed_level=reading.level(reviewed.criterion(criterion.id).level),
        opinion=review.opinions.get(criterion.id),
    )


def question_line(reading: Reading, question_id: str, proposal: Proposal | None = None) -> QuestionLine:
    """Return a question with the answer given, the words of the level above it and what an advisor proposes."""
    question = reading.framework.question(question_id)
    answer = reading.answers.answers.get(question_id, BLANK)
    score = reading.scorecard.question(question_id)
    options = reading.options(question_id)
    return QuestionLine(
        id=question.id,
        text=question.text,
        help=question.help or "",
        state=_state(score),
        value=score.value,
        chosen=_option(options, score.value),
        following=_following(options, score.value),
        options=options,
        points=score.points,
        evidence=answer.evidence.strip(),
        evidence_examples=tuple(question.evidence),
        comment=answer.comment.strip(),
        reason=answer.reason.strip() if score.value == "not_applicable" else "",
        to_confirm=question_id in reading.scorecard.to_confirm,
        rule=reading.framework.rule(score.rule).message if score.rule else "",
        proposal=_proposal(options, proposal),
    )


def _state(score: QuestionScore) -> State:
    if score.rule:
        return "set_aside"
    if score.value is None:
        return "missing"
    if score.value == "unknown":
        return "unknown"
    return "not_applicable" if score.value == "not_applicable" else "answered"


def _option(options: tuple[Option, ...], level: int | str | None) -> Option | None:
    return next((each for each in options if each.level.level == level), None)


def _following(options: tuple[Option, ...], value: int | str | None) -> Option | None:
    return _option(options, value + 1) if isinstance(value, int) else None


def _proposal(options: tuple[Option, ...], proposal: Proposal | None) -> ProposalLine | None:
    option = _option(options, proposal.level) if proposal else None
    return ProposalLine(option.level, option.text, proposal.reason) if proposal and option else None


def points(reading: Reading, lines: Iterable[DimensionLine], questions: Iterable[str]) -> tuple[Point, ...]:
    """Return the questions named, with their places, in framework order."""
    wanted = set(questions)
    return tuple(
        Point(reading.named(criterion.id), question)
        for dimension in lines
        for criterion in dimension.criteria
        for question in criterion.questions
        if question.id in wanted
    )


def strengths(reading: Reading, lines: Iterable[DimensionLine], criteria: Iterable[str]) -> tuple[Strength, ...]:
    """Return what to build on, in the scorecard's order, with the words chosen."""
    by_id = {criterion.id: criterion for dimension in lines for criterion in dimension.criteria}
    return tuple(_strength(reading, by_id[each]) for each in criteria)


def _strength(reading: Reading, line: CriterionLine) -> Strength:
    answered = tuple(question for question in line.questions if question.state == "answered")
    return Strength(reading.named(line.id), line.level, answered)
