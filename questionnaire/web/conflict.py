"""Two people changed the same field of a page: show both values and let the person choose, with nothing lost.

The page of choices carries all that was typed. What the person leaves to the other is simply not sent on: a field that
is not sent stays as it was (web/fields.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field

from questionnaire.storage.assessments import Conflict
from questionnaire.web.fields import Version
from questionnaire.web.forms import PageForm
from questionnaire.web.pages import Page

CHOICE = "keep_"
THEIRS = "theirs"


@dataclass(frozen=True)
class Choice:
    """One field that both changed, with both values in words."""

    name: str
    question: str
    part: str
    mine: str
    theirs: str


def choices_between(page: Page, conflict: Conflict) -> dict[str, Any]:
    """What the page of choices shows: a choice per field, and all values to carry along."""
    mine = page.form(None, conflict.mine, conflict.version)
    return both(questions_in(page, conflict), mine, page.form(None, conflict.current, conflict.version))


def questions_in(page: Page, conflict: Conflict) -> dict[str, str]:
    """The fields of a page that both changed, each with its question's words."""
    texts = {question.id: question.text for question in page.questions}
    return {page.field_name(field): texts[field[0]] for field in conflict.fields}


def both(questions: Mapping[str, str], mine: PageForm, theirs: PageForm) -> dict[str, Any]:
    """What the page of choices shows about these fields, in two forms; all of mine is carried along."""
    choices = [_choice(name, text, mine, theirs) for name, text in questions.items()]
    return {"form": mine, "choices": choices, "carried": list(_carried(mine))}


def settled(posted: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was posted, without the fields that the person left as somebody else saved them."""
    left = {name.removeprefix(CHOICE) for name, kept in posted.items() if name.startswith(CHOICE) and kept == THEIRS}
    return MultiDict((name, value) for name, value in posted.items(multi=True) if name not in left)


def _choice(name: str, question: str, mine: PageForm, theirs: PageForm) -> Choice:
    part = mine[name].label.text
    return Choice(name, question, "" if part == question else part, mine[name].in_words, theirs[name].in_words)


def _carried(form: PageForm) -> Iterator[tuple[str, str]]:
    for field in form:
        if field.name not in {"csrf_token", "complete"} and not isinstance(field, Version):
            yield from ((field.name, value) for value in _sent(field))


def _sent(field: Field) -> list[str]:
    if isinstance(field.data, list):
        return ["", *field.data]
    return ["" if not field.data else "y" if field.data is True else field.data]
