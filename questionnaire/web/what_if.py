"""« Et si ? »: choose other levels and see what would change. Everything stands in the address; nothing is kept.

The form is sent by GET, so that a choice can be bookmarked, shown to others and gone back from.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, Form
from wtforms.fields import SelectChoice

from questionnaire import editions
from questionnaire.core.report import Report, build_report
from questionnaire.core.report_lines import DimensionLine, LevelWord, QuestionLine
from questionnaire.core.what_if import raised_levels, what_if
from questionnaire.web.draft import open_assessment
from questionnaire.web.fields import OneOf

bp = Blueprint("what_if", __name__, url_prefix="/q/<uuid:assessment_id>")
LEVEL = "q_"
TODAY = {"unknown": "Je ne sais pas", "missing": "pas encore vu", "not_applicable": "Non concerné"}
NOT_ASKED = "Cette adresse parle d’une question qui n’est pas posée ici\u202f: elle est laissée de côté."
NOT_PLANNED = "Cette action n’est pas dans votre plan. Choisissez vous-même ce qui changerait."


class LevelsForm(Form):  # type: ignore[misc]
    """Another level for any question that is asked; `levels_form` adds the questions."""

    def levels(self) -> dict[str, int]:
        """Return the levels chosen."""
        return {field.name.removeprefix(LEVEL): int(field.data) for field in self if field.data}

    def chosen_in(self, dimension: DimensionLine) -> int:
        """Return for how many questions of a dimension a level was chosen: 0 leaves it folded."""
        return sum(bool(self[LEVEL + each.id].data) for each in dimension.questions if LEVEL + each.id in self)

    def today(self, question: QuestionLine) -> str:
        """Return today's answer, in short words."""
        return _label(question.chosen.level) if question.chosen else TODAY[question.state]


@bp.get("/et-si")
def show(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the levels in the address would change; with `action`, those that its success would bring."""
    draft = open_assessment(assessment_id)
    if not draft.finished:
        return redirect(url_for("association.home", assessment_id=assessment_id), 303)
    report = build_report(draft.framework, draft.answers)
    if "action" in request.args:
        return _of_action(assessment_id, report, request.args["action"])
    form = levels_form(report)(request.args)
    refused = [NOT_ASKED] if any(name.startswith(LEVEL) and name not in form for name in request.args) else []
    valid = form.validate() and not refused
    form.form_errors.extend(refused)
    supposed = what_if(draft.framework, draft.answers, form.levels()) if valid else None
    body = editions.what_if_body(supposed) if supposed and supposed.choices else None
    page = render_template("report/what_if.html", draft=draft, report=report, form=form, body=body)
    return page, 200 if valid else 422


def levels_form(report: Report) -> type[LevelsForm]:
    """Return the form for this report: one choice among the levels for each question that is not set aside."""
    asked = (question for dimension in report.dimensions for question in dimension.questions)
    return type("LevelsFormOfReport", (LevelsForm,), dict(_fields(asked)))


def _fields(questions: Iterable[QuestionLine]) -> Iterable[tuple[str, Field]]:
    for question in questions:
        if question.state != "set_aside":
            choices = [SelectChoice(str(each.level.level), _label(each.level)) for each in question.options]
            refused = f"«\u202f{question.text}\u202f»\u202f: choisissez un des quatre niveaux."
            yield LEVEL + question.id, OneOf(question.text, refused, choices=choices)


def _label(level: LevelWord) -> str:
    return f"{level.level} {level.label}"


def _of_action(assessment_id: uuid.UUID, report: Report, criterion: str) -> ResponseReturnValue:
    sheets = {each.criterion.id: each for each in (*report.plan, *report.later)}
    levels = raised_levels(sheets[criterion]) if criterion in sheets else {}
    if not levels:
        flash(NOT_PLANNED, "info")
    chosen: dict[str, Any] = {LEVEL + name: level for name, level in levels.items()}
    return redirect(url_for(".show", assessment_id=assessment_id, **chosen), 303)
