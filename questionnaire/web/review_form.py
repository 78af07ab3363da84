"""The form of a review: built from the report that the advisor reads, filled from a draft, read back as a draft.

One field per text; a level and its reason make one proposal. It may not store anything, nor draw anything.
"""

from __future__ import annotations

from typing import Any

from wtforms import Field, Form, HiddenField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from questionnaire.core.report import Report
from questionnaire.core.report_lines import DimensionLine, QuestionLine
from questionnaire.storage.review_draft import COMMENT, PROPOSAL, Draft
from questionnaire.web.advice_form import advice_data, advice_field, advice_fields, advice_parts
from questionnaire.web.fields import Lines, OneOf, clean
from questionnaire.web.forms import AnswersForm

LEVEL = "level_"
REASON = "reason_"
KEEP = SelectChoice("", "Garder la réponse de l’association")


class ReviewForm(AnswersForm):
    """What every review has; `review_form` adds a comment per dimension and a proposal per question."""

    base = HiddenField()
    private_note = Lines("Note privée", validators=[clean("Note privée")])

    def comment(self, dimension_id: str) -> Field:
        """Return the field of what is shared about a dimension."""
        return self[COMMENT + dimension_id]

    def level(self, question_id: str) -> Field:
        """Return the field of the level proposed for a question."""
        return self[LEVEL + question_id]

    def reason(self, question_id: str) -> Field:
        """Return the field of why another level is proposed."""
        return self[REASON + question_id]

    def draft(self) -> Draft:
        """Return what was written, once it is valid."""
        comments = {field.name.removeprefix(COMMENT): field.data for field in self._named(COMMENT) if field.data}
        levels = {field.name.removeprefix(LEVEL): int(field.data) for field in self._named(LEVEL) if field.data}
        proposals = {name: (level, self.reason(name).data) for name, level in levels.items()}
        return Draft(self.private_note.data, comments, proposals, **advice_parts(self.data))

    def about(self, prefix: str, name: str) -> Field:
        """Return the field of an opinion, a choice or a place, by its prefix and what it is about."""
        return self[prefix + name]

    def _named(self, prefix: str) -> list[Field]:
        return [field for field in self if field.name.startswith(prefix)]


def review_form(report: Report) -> type[ReviewForm]:
    """Return the form for this report: only what was asked can get another level, and only another one."""
    fields: dict[str, Field] = advice_fields(report)
    for dimension in report.dimensions:
        fields[COMMENT + dimension.id] = _comment(dimension)
        for question in dimension.questions:
            if question.state != "set_aside":
                fields |= {LEVEL + question.id: _level(question), REASON + question.id: _reason(question)}
    return type("ReviewFormOfReport", (ReviewForm,), fields)


def filled(draft: Draft, version: int) -> dict[str, Any]:
    """Return the values that fill the form from a draft."""
    comments = {COMMENT + name: text for name, text in draft.comments.items()}
    levels = {LEVEL + name: str(level) for name, (level, _) in draft.proposals.items()}
    reasons = {REASON + name: reason for name, (_, reason) in draft.proposals.items()}
    base = {"version": version, "base": draft.fingerprints(), "private_note": draft.private_note}
    return {**base, **comments, **levels, **reasons, **advice_data(draft)}


def field_of(part: str) -> str:
    """Return the name of the field that shows a part of a draft."""
    return LEVEL + part.removeprefix(PROPOSAL) if part.startswith(PROPOSAL) else advice_field(part)


def _comment(dimension: DimensionLine) -> Field:
    name = f"Commentaire sur « {dimension.title} »"
    return Lines("Votre commentaire, lu par l’association", validators=[clean(name)])


def _level(question: QuestionLine) -> Field:
    others = [option for option in question.options if option.level.level != question.value]
    choices = [KEEP, *(SelectChoice(str(option.level.level), option.text) for option in others)]
    refused = f"Choisissez un des niveaux proposés pour « {question.text} »."
    label = "Quel niveau décrit mieux ce qui se fait ?"
    return OneOf(label, refused, choices=choices, default="", validators=[_needs_level])


def _reason(question: QuestionLine) -> Field:
    name = f"Raison pour « {question.text} »"
    return Lines("Pourquoi ? L’association lira ces mots.", validators=[clean(name), _needs_reason(question)])


def _needs_level(form: Form, field: Field) -> None:
    reason = form[REASON + field.name.removeprefix(LEVEL)].data
    if not field.data and (reason or "").strip():
        raise ValidationError("Vous avez écrit une raison : choisissez aussi un niveau, ou effacez-la.")


def _needs_reason(question: QuestionLine) -> Any:
    def check(form: Form, field: Field) -> None:
        if form[LEVEL + question.id].data and not field.data:
            raise ValidationError(f"Dites pourquoi vous proposez un autre niveau pour « {question.text} ».")

    return check
