"""The result as `questionnaire score` prints it: FRAMEWORK.md, section 5, key for key and byte for byte."""

from __future__ import annotations

import json
from typing import Any

from questionnaire.core.plan import Action, Plan
from questionnaire.core.scorecard import CriterionScore, DimensionScore, OverallScore, QuestionScore, Scorecard, shown


def result_document(scorecard: Scorecard, plan: Plan) -> dict[str, Any]:
    """Return the result with its keys in the published order, numbers as shown."""
    return {
        "framework": {
            "id": scorecard.framework_id,
            "version": scorecard.framework_version,
            "sha256": scorecard.framework_sha256,
        },
        "complete": scorecard.complete,
        "missing": list(scorecard.missing),
        "overall": _overall(scorecard.overall),
        "dimensions": [_dimension(dimension) for dimension in scorecard.dimensions],
        "strengths": list(scorecard.strengths),
        "footholds": list(scorecard.footholds),
        "to_check": list(scorecard.to_check),
        "to_confirm": list(scorecard.to_confirm),
        "alerts": [{"rule": alert.rule, "criterion": alert.criterion} for alert in scorecard.alerts],
        "rules": list(scorecard.rules),
        "plan": [_action(action) for action in plan.actions],
        "later": [_action(action) for action in plan.later],
    }


def result_json(scorecard: Scorecard, plan: Plan) -> bytes:
    """Return the result as UTF-8 JSON, ending with a line break; the same answers give the same bytes."""
    return (json.dumps(result_document(scorecard, plan), ensure_ascii=False, indent=2) + "\n").encode()


def _overall(overall: OverallScore) -> dict[str, Any]:
    return {
        "score": shown(overall.score),
        "low": shown(overall.low),
        "high": shown(overall.high),
        "unknown_share": shown(overall.unknown_share),
        "flag": overall.flag,
        "stage": overall.stage,
        "capped_by": list(overall.capped_by),
        "provisional": list(overall.provisional),
        "poor_fit": overall.poor_fit,
    }


def _dimension(dimension: DimensionScore) -> dict[str, Any]:
    return {
        "id": dimension.id,
        "score": shown(dimension.score),
        "low": shown(dimension.low),
        "high": shown(dimension.high),
        "unknown_share": shown(dimension.unknown_share),
        "flag": dimension.flag,
        "criteria": [_criterion(criterion) for criterion in dimension.criteria],
    }


def _criterion(criterion: CriterionScore) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "status": criterion.status,
        "level": criterion.level,
        "score": shown(criterion.score),
        "low": shown(criterion.low),
        "high": shown(criterion.high),
        "questions": [_question(question) for question in criterion.questions],
    }


def _question(question: QuestionScore) -> dict[str, Any]:
    return {"id": question.id, "value": question.value, "points": shown(question.points), "rule": question.rule}


def _action(action: Action) -> dict[str, Any]:
    return {
        "criterion": action.criterion,
        "level": action.level,
        "gain": shown(action.gain),
        "effort": action.effort,
        "horizon": action.horizon,
        "reason": action.reason,
    }
