"""Two people changed the same field of a page: show both values and let the person choose, with nothing lost.

The page of choices carries all that was typed. What the person leaves to the other is simply not sent on: a field that
is not sent stays as it was (web/fields.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field

from questionnaire.storage.assessments import Conflict
from questionnaire.web.forms import AnswersForm
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
    theirs = page.form(None, conflict.current, conflict.version)
    names = [(page.field_name(field), field[0]) for field in conflict.fields]
    texts = {question.id: question.text for question in page.questions}
    choices = [_choice(name, texts[question], mine, theirs) for name, question in names]
    return {"form": mine, "choices": choices, "carried": list(_carried(mine))}


def settled(posted: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was posted, without the fields that the person left as somebody else saved them."""
    left = {name.removeprefix(CHOICE) for name, kept in posted.items() if name.startswith(CHOICE) and kept == THEIRS}
    return MultiDict((name, value) for name, value in posted.items(multi=True) if name not in left)


def _choice(name: str, question: str, mine: AnswersForm, theirs: AnswersForm) -> Choice:
    part = mine[name].label.text
    return Choice(name, question, "" if part == question else part, mine[name].in_words, theirs[name].in_words)


def _carried(form: AnswersForm) -> Iterator[tuple[str, str]]:
    own = {"csrf_token", "version", "complete"}
    for field in form:
        if field.name not in own:
            yield from ((field.name, value) for value in _sent(field))


def _sent(field: Field) -> list[str]:
    if isinstance(field.data, list):
        return ["", *field.data]
    return ["" if not field.data else "y" if field.data is True else field.data]
