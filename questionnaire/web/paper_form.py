"""The form of a whole paper: the profile and every question on one page, an answer being one key.

Built of the same fields as the pages of the questionnaire, so that what is kept is the same; only a level is typed
instead of chosen. Each page keeps its own version, as anywhere else. Nothing here reads a request or saves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import ValidationError

from questionnaire.core.framework import Dimension, Framework, Question
from questionnaire.core.paper import build_paper
from questionnaire.storage.assessments import Conflict
from questionnaire.web.conflict import both, questions_in
from questionnaire.web.draft import Draft
from questionnaire.web.fields import Line, Version
from questionnaire.web.forms import CUT_OFF, PageForm, fields_of, questions_of
from questionnaire.web.pages import Page, Values

VERSION = "version_"
KEYS = {"unknown": "?", "not_applicable": "n"}


class Key(Line):
    """An answer typed with one key: 1 to 4, « ? » or, where it is offered, « n ». `words` are by value."""

    def __init__(self, label: str, refused: str, words: Mapping[str, str], **options: Any) -> None:
        super().__init__(label, **options)
        self.refused = refused
        self.words = words
        self.typed: str | None = None

    @property
    def in_words(self) -> str:
        """The answer, as a person reads it; empty if none."""
        return self.words.get(self.data or "", "")

    def process_data(self, value: int | str | None) -> None:
        """Take what is kept: a level is a number there."""
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the key, or the value itself, if the field was sent."""
        if valuelist:
            self.typed = valuelist[0].strip()
            values = {KEYS.get(value, value): value for value in self.words} | {value: value for value in self.words}
            self.data = values.get(self.typed.lower(), "")

    def pre_validate(self, form: Form) -> None:
        """Refuse any other key; let an empty answer be."""
        if self.typed and not self.data:
            raise ValidationError(self.refused)

    def _value(self) -> str:
        return self.typed if self.typed and not self.data else KEYS.get(self.data or "", self.data or "")


@dataclass(frozen=True)
class PaperSheet:
    """The paper of one assessment, as its pages stand now."""

    draft: Draft

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """The number of each question on the paper, by its id."""
        return build_paper(self.draft.framework).numbers

    @cached_property
    def form_class(self) -> type[PageForm]:
        """The form that asks everything."""
        framework = self.draft.framework
        versions = {VERSION + page: Version(CUT_OFF) for page in self.draft.pages}
        keys = {f"q_{each.id}": _key(framework, each, at) for at, each in enumerate(framework.questions, start=1)}
        asked = fields_of(framework, framework.profile) | fields_of(framework, framework.questions)
        return type("PaperForm", (PageForm,), {**asked, **keys, **versions})

    def form(self, posted: MultiDict[str, str] | None = None) -> PageForm:
        """The form filled from what stands, and from what was posted, if anything."""
        values = {page: self.draft.values(page) for page in self.draft.pages}
        form = self._filled(posted, values, {page: self.draft.version(page) for page in self.draft.pages})
        for question in self.draft.framework.profile:
            form[f"profile_{question.id}"].label.text = f"{self.numbers[question.id]}. {question.text}"
        return form

    def questions(self, dimension: Dimension) -> tuple[Question, ...]:
        """The questions of a dimension, in the order of the paper."""
        return questions_of(dimension)

    def written(self, form: PageForm, dimension: Dimension) -> bool:
        """Whether the folded texts of a dimension have something to show: words, or an error."""
        names = [f"{part}_{each.id}" for each in questions_of(dimension) for part in ("evidence", "comment", "reason")]
        return any(form[name].data or form[name].errors for name in names)

    def typed(self, form: PageForm) -> dict[str, dict[str, Any]]:
        """What was given, page by page; pages that were never saved and got nothing are left out."""
        given = {page.id: page.values(form) for page in self.draft.pages.values()}
        return {name: values for name, values in given.items() if values or self.draft.version(name)}

    def choices(self, form: PageForm, conflicts: Mapping[str, Conflict]) -> dict[str, Any]:
        """What the page of choices shows: what both changed on any page; everything typed is carried along."""
        pages = self.draft.pages
        versions = {name: form[VERSION + name].data for name in pages}
        versions |= {name: each.version for name, each in conflicts.items()}
        typed = {name: page.values(form) for name, page in pages.items()}
        mine = self._filled(None, typed | {name: each.mine for name, each in conflicts.items()}, versions)
        theirs = self._filled(None, {name: each.current for name, each in conflicts.items()}, versions)
        questions: dict[str, str] = {}
        for name, conflict in conflicts.items():
            questions |= questions_in(pages[name], conflict)
        return both(questions, mine, theirs)

    def _filled(
        self, posted: MultiDict[str, str] | None, values: Mapping[str, Values], versions: Mapping[str, int]
    ) -> PageForm:
        data: dict[str, Any] = {VERSION + name: version for name, version in versions.items()}
        for name, given in values.items():
            data |= self._page(name).data(given)
        return self.form_class(posted, data=data)

    def _page(self, name: str) -> Page:
        return self.draft.pages[name]


def _key(framework: Framework, question: Question, number: int) -> Key:
    words = {str(level.level): f"{level.level} {level.label}" for level in framework.scale.levels}
    words["unknown"] = framework.scale.unknown.label
    if question.not_applicable:
        words["not_applicable"] = framework.scale.not_applicable.label
    keys = "1, 2, 3, 4, ? ou n" if question.not_applicable else "1, 2, 3, 4 ou\u202f?"
    return Key(question.text, f"Question {number}\u202f: tapez {keys}, ou laissez vide.", words)
