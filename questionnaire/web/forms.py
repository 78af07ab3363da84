"""The respondent's forms: a page of the framework becomes an ordinary WTForms form, and back into the values we keep.

One table (`KINDS`) maps a kind of question to the fields that ask it; the partial that shows it has the kind's name.
Field names carry a prefix, so that no question id meets a name of WTForms. Nothing here saves, scores or renders.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf

from questionnaire.core.framework import Dimension, Framework, ProfileQuestion, Question
from questionnaire.core.territory import departments, region_of
from questionnaire.web.fields import Line, Lines, OneOf, Tick, Ticks, Version, clean, reason_needed

CUT_OFF = "La page est arrivée incomplète, sans doute à cause du réseau. Enregistrez-la de nouveau."
STALE = (
    "Par sécurité, nous devons vérifier que c’est bien vous. Enregistrez de nouveau : vos réponses sont toujours là."
)
RECALL = "Avec le recul, où en étiez-vous ?"
Fields = dict[str, Field]
AnyQuestion = Question | ProfileQuestion


class Kind(StrEnum):
    """How a question is asked."""

    LEVELS = "levels"
    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"
    DEPARTMENT = "department"

    @property
    def partial(self) -> str:
        """The template that shows a question of this kind."""
        return f"components/answers/{self}.html"


def kind_of(question: AnyQuestion) -> Kind:
    """The kind of a question of the framework."""
    if isinstance(question, Question):
        return Kind.LEVELS
    return Kind.DEPARTMENT if question.options_from else Kind(question.type)


class PageForm(FlaskForm):  # type: ignore[misc]
    """What each form carries. `complete` is the last field of the page: absent, the page was cut off on its way."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """WTForms' own words in French, read once, rather than at each request."""

        locales = ("fr",)

    complete = HiddenField(validators=[AnyOf(["1"], message=CUT_OFF)])

    def __init__(self, *given: Any, **options: Any) -> None:
        """Make the form; its token bears no id, because it may stand in several forms of one page."""
        super().__init__(*given, **options)
        if self.meta.csrf:
            self.csrf_token.render_kw = {"id": False}

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check the form; a token that no longer fits is said once, in plain words, and loses nothing."""
        valid = bool(super().validate(extra_validators))
        if self.meta.csrf and self.csrf_token.errors:
            self.csrf_token.errors = [STALE]
        return valid


class AnswersForm(PageForm):
    """A page of answers: also carries the version it was opened at, so that two people never overwrite each other."""

    version = Version(CUT_OFF)


def page_form(
    framework: Framework, questions: tuple[AnyQuestion, ...], first: int = 1, recalled: frozenset[str] = frozenset()
) -> type[AnswersForm]:
    """The form class of a page that asks these questions, numbered from `first` on.

    `recalled` are those of which it also asks where the association was the time before, seen from today.
    """
    fields = fields_of(framework, questions, first)
    for number, question in enumerate(questions, start=first):
        if question.id in recalled:
            fields[f"then_{question.id}"] = _recall(framework, number)
    return type("Answers", (AnswersForm,), fields)


def fields_of(framework: Framework, questions: tuple[AnyQuestion, ...], first: int = 1) -> Fields:
    """The fields that ask these questions, numbered from `first` on."""
    fields: Fields = {}
    for number, question in enumerate(questions, start=first):
        fields |= KINDS[kind_of(question)](framework, question, number)
    return fields


def questions_of(dimension: Dimension) -> tuple[Question, ...]:
    """All questions of a dimension, in order."""
    return tuple(question for criterion in dimension.criteria for question in criterion.questions)


def _levels(framework: Framework, question: Question, number: int) -> Fields:
    name, here = f"q_{question.id}", f"Question {number}"
    return {
        name: OneOf(
            question.text,
            f"{here} : choisissez l’une des réponses proposées.",
            choices=[*_answers(framework, question)],
        ),
        f"evidence_{question.id}": Lines("Vos preuves", [clean(f"{here}, preuves")]),
        f"comment_{question.id}": Lines("Vos remarques", [clean(f"{here}, remarques")]),
        f"reason_{question.id}": Line(
            "Pourquoi n’êtes-vous pas concernés ?",
            [
                clean(f"{here}, raison"),
                reason_needed(name, f"{here} : dites en une phrase pourquoi elle ne vous concerne pas."),
            ],
        ),
        f"unclear_{question.id}": Tick("Cette question n’est pas claire"),
    }


def _recall(framework: Framework, number: int) -> Field:
    levels = [SelectChoice(str(each.level), each.label) for each in framework.scale.levels]
    refused = f"Question {number}, avec le recul : choisissez l’une des réponses proposées."
    return OneOf(RECALL, refused, choices=[SelectChoice("", "Je ne me prononce pas"), *levels])


def _answers(framework: Framework, question: Question) -> Iterator[SelectChoice]:
    for level in framework.scale.levels:
        yield SelectChoice(str(level.level), level.label)
    yield SelectChoice("unknown", framework.scale.unknown.label)
    if question.not_applicable:
        yield SelectChoice("not_applicable", framework.scale.not_applicable.label)


def _options(question: ProfileQuestion) -> list[SelectChoice]:
    return [SelectChoice(option.code, option.label) for option in question.options]


def _single(_: Framework, question: ProfileQuestion, number: int) -> Fields:
    refused = f"{question.text} : choisissez l’une des réponses proposées."
    return {f"profile_{question.id}": OneOf(question.text, refused, choices=_options(question))}


def _multiple(_: Framework, question: ProfileQuestion, number: int) -> Fields:
    refused = f"{question.text} : choisissez parmi les réponses proposées."
    ticks = Ticks(question.text, refused, question.exclusive, choices=_options(question))
    return {f"profile_{question.id}": ticks}


def _text(_: Framework, question: ProfileQuestion, number: int) -> Fields:
    return {f"profile_{question.id}": Lines(question.text, [clean(question.text, question.max_length or 4000)])}


def _department(_: Framework, question: ProfileQuestion, number: int) -> Fields:
    refused = f"{question.text} : choisissez un département de la liste."
    places = sorted(((region_of(each.code).label, each) for each in departments()), key=lambda place: place[0])
    choices = [SelectChoice(each.code, f"{each.code} – {each.label}", optgroup=region) for region, each in places]
    return {f"profile_{question.id}": OneOf(question.text, refused, choices=choices)}


KINDS: Mapping[Kind, Callable[[Framework, Any, int], Fields]] = {
    Kind.LEVELS: _levels,
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TEXT: _text,
    Kind.DEPARTMENT: _department,
}
