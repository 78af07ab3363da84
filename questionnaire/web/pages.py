"""A page of the questionnaire as the wizard needs it: what it asks, its form, and its values to and from storage.

There are two: the profile, and a dimension. Both are built from the framework alone; nothing here reads a request,
saves or scores.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.fields.choices import Choice

from questionnaire.core.framework import Dimension, Framework, Question
from questionnaire.core.progress import PROFILE
from questionnaire.storage.again import RECALLED
from questionnaire.web.before import Before
from questionnaire.web.fields import OneOf
from questionnaire.web.forms import AnswersForm, AnyQuestion, PageForm, kind_of, page_form, questions_of

PARTS = ("evidence", "comment", "reason", "unclear")
LEVELS = {"value": "q", RECALLED: RECALLED}
PREFIXES = LEVELS | {part: part for part in PARTS}
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """A question with its place on the page and its field: what a partial of `components/answers/` is given."""

    question: AnyQuestion
    number: int
    total: int
    form: AnswersForm
    field: Field
    before: Before | None = None

    @property
    def last(self) -> str:
        """What was answered the time before, in words; '' if nothing was."""
        return self.before.words(self.question) if self.before else ""

    @property
    def recall(self) -> Field | None:
        """The field of the time before, seen from today, where it is asked."""
        return self.form[name] if (name := f"{RECALLED}_{self.question.id}") in self.form else None

    @property
    def partial(self) -> str:
        """The partial that shows it."""
        return kind_of(self.question).partial

    @property
    def levels(self) -> list[tuple[Choice, str]]:
        """The choices that are levels, each with its description."""
        described = self.question.levels if isinstance(self.question, Question) else {}
        return [
            (choice, described[int(choice.value)]) for choice in self.field.iter_choices() if choice.value.isdigit()
        ]

    @property
    def asides(self) -> list[tuple[Choice, str]]:
        """The choices that are no level, each with what it covers (if anything)."""
        covered = self.question.not_applicable if isinstance(self.question, Question) else None
        covers = {"not_applicable": covered or ""}
        choices = [choice for choice in self.field.iter_choices() if not choice.value.isdigit()]
        return [(choice, covers.get(choice.value, "")) for choice in choices]

    @property
    def parts(self) -> list[Field]:
        """The fields beside the answer: its evidence, remark, reason, and tick. A profile question has none."""
        return [self.form[name] for name in (f"{part}_{self.question.id}" for part in PARTS) if name in self.form]

    @property
    def common(self) -> bool:
        """Whether it looks the same to all who chose the same: nothing typed, refused, or answered a time before."""
        parts = self.parts
        told = any(field.data for field in parts) or (self.field.data and not isinstance(self.field, OneOf))
        return not (self.before or told or any(field.raw_data or field.errors for field in (self.field, *parts)))

    @property
    def beside(self) -> list[tuple[str, str]]:
        """What was written beside the answer: each part's label and text."""
        return [(field.label.text, field.in_words) for field in self.parts if field.in_words]

    @property
    def begun(self) -> bool:
        """Whether there is something to show: an answer, or an error."""
        return bool(self.field.data or self.field.errors)

    @property
    def opened(self) -> bool:
        """Whether the folded part has something to show: a text, a tick, an error."""
        folded = [self.form[f"{part}_{self.question.id}"] for part in ("evidence", "comment", "unclear")]
        return any(field.data or field.errors for field in folded)


@dataclass(frozen=True)
class Page:
    """What the two pages share. `questions` are all that it could ask, or the one named `only`, at its `place`."""

    framework: Framework

    id: str = PROFILE
    title: str = "Votre association"
    template: str = "wizard/profile.html"
    only: str = ""
    place: tuple[int, int] | None = None
    before: Before | None = None

    @cached_property
    def questions(self) -> tuple[AnyQuestion, ...]:
        """The questions of the page, in order."""
        return tuple(question for question in self._all() if self.only in ("", question.id))

    @cached_property
    def form_class(self) -> type[AnswersForm]:
        """The form that asks them."""
        recalled = frozenset(each.id for each in self.questions if self.before and self.before.recalls(each))
        return page_form(self.framework, self.questions, self.place[0] if self.place else 1, recalled)

    def form(self, posted: MultiDict[str, str] | None, values: Values, version: int) -> AnswersForm:
        """The page's form, filled from what stands (`values`, at `version`) and from what was posted, if anything."""
        return self.form_class(posted, data=self.data(values) | {"version": version})

    def asked(self, form: AnswersForm, aside: Mapping[str, str]) -> list[Asked]:
        """The questions to show: those that no rule sets aside, and one asked by itself."""
        shown = [question for question in self.questions if self.only or question.id not in aside]
        first, total = self.place or (1, len(shown))
        return [
            Asked(question, number, total, form, form[self.field_name((question.id, "value"))], self.before)
            for number, question in enumerate(shown, start=first)
        ]

    def field_name(self, part: tuple[str, ...]) -> str:
        """The name of the field of a part of the values, as storage names it in a conflict."""
        return f"profile_{part[0]}"

    def data(self, values: Values) -> dict[str, Any]:
        """The form's data for the values kept."""
        return {f"profile_{name}": value for name, value in values.items()}

    def values(self, form: PageForm) -> dict[str, Any]:
        """The values to keep, from a form that validates. What is empty is left out."""
        given = {question.id: form[f"profile_{question.id}"].data for question in self.questions}
        return {name: value for name, value in given.items() if value}

    def whole(self, form: AnswersForm, standing: Values) -> dict[str, Any]:
        """The page's values to keep: those of the form, and what stands where it asks nothing."""
        asked = {question.id for question in self.questions}
        return {name: value for name, value in standing.items() if name not in asked} | self.values(form)

    def _all(self) -> tuple[AnyQuestion, ...]:
        return self.framework.profile


class DimensionPage(Page):
    """One dimension: each question with its evidence, comment, reason, and whether it is unclear."""

    @cached_property
    def dimension(self) -> Dimension:
        """The dimension asked about."""
        return self.framework.dimension(self.id)

    def field_name(self, part: tuple[str, ...]) -> str:
        """The name of the field of a part of an answer."""
        return f"{PREFIXES[part[1]]}_{part[0]}"

    def data(self, values: Values) -> dict[str, Any]:
        """The form's data for the answers kept."""
        return {self.field_name((name, part)): value for name, given in values.items() for part, value in given.items()}

    def values(self, form: PageForm) -> dict[str, Any]:
        """The answers to keep, with what was written beside them, even where no level is chosen yet."""
        given = {question.id: dict(self._given(form, question.id)) for question in self.questions}
        return {name: answer for name, answer in given.items() if answer}

    def _all(self) -> tuple[AnyQuestion, ...]:
        return questions_of(self.dimension)

    def _given(self, form: PageForm, question_id: str) -> Iterator[tuple[str, Any]]:
        for part, prefix in LEVELS.items():
            value = form[name].data if (name := f"{prefix}_{question_id}") in form else None
            if value:
                yield part, int(value) if value.isdigit() else value
        for part in PARTS:
            written = form[f"{part}_{question_id}"].data
            if written:
                yield part, written


def pages_of(framework: Framework, before: Before | None = None) -> dict[str, Page]:
    """All the pages of a framework in order, the profile first, by id; with the time before where there is one."""
    return _pages(framework, before) if before else _first_time(framework)


@lru_cache(maxsize=16)
def _first_time(framework: Framework) -> dict[str, Page]:
    """Their form classes are made once: they are half of what a page costs."""
    return _pages(framework, None)


def _pages(framework: Framework, before: Before | None) -> dict[str, Page]:
    dimensions = [
        DimensionPage(framework, each.id, each.title, "wizard/dimension.html", before=before)
        for each in framework.dimensions
    ]
    return {page.id: page for page in (Page(framework, before=before), *dimensions)}
