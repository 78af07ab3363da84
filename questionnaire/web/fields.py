"""The kinds of field our forms use, and the checks that speak French. No question, no storage, no rendering.

One rule for all: a field that was not sent stays as it was. Boxes that may be left unticked are therefore sent with a
hidden companion of the same name (templates/components/fields.html).
"""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    Field,
    Form,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, NumberRange, StopValidation, ValidationError
from wtforms.widgets import HiddenInput

from questionnaire.core.text import LONG_TEXT, TextError, clean_text
from questionnaire.storage.database import LARGEST_NUMBER

UNSHOWN = frozenset({"Cc", "Cn", "Cs"})
Check = Callable[[Form, Field], None]


class OneOf(RadioField):  # type: ignore[misc]
    """One choice among several, or none yet. `refused` is said of a value that was not offered."""

    def __init__(self, label: str, refused: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.refused = refused

    @property
    def in_words(self) -> str:
        """The choice made, as a person reads it; empty if none."""
        return _labels(self)

    def pre_validate(self, form: Form) -> None:
        """Refuse what was not offered; let an empty answer be."""
        offered = {choice.value for choice in self.iter_choices()}
        if self.data and self.data not in offered:
            raise ValidationError(self.refused)


class Ticks(SelectMultipleField):  # type: ignore[misc]
    """Several choices. An empty value is the hidden companion, not a choice."""

    always_sent = True

    def __init__(self, label: str, refused: str, exclusive: Sequence[str] = (), **options: Any) -> None:
        super().__init__(label, invalid_choice_message=refused, **options)
        self.refused = refused
        self.exclusive = frozenset(exclusive)

    @property
    def in_words(self) -> str:
        """The choices made, as a person reads them; empty if none."""
        return _labels(self)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was ticked, if the field was sent."""
        if valuelist:
            super().process_formdata(list(dict.fromkeys(value for value in valuelist if value)))

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        """Refuse a choice that stands alone beside another one."""
        alone = [choice.label for choice in self.iter_choices() if choice.selected and choice.value in self.exclusive]
        if alone and len(self.data) > 1:
            raise ValidationError(f"« {alone[0]} » ne va pas avec une autre réponse : {self.label.text}.")


class Tick(BooleanField):  # type: ignore[misc]
    """One box, sent with its hidden companion."""

    always_sent = True

    @property
    def in_words(self) -> str:
        """Ticked or not, as a person reads it; empty if not."""
        return "Oui" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the box, if it was sent."""
        if valuelist:
            self.data = any(valuelist)


class Version(IntegerField):  # type: ignore[misc]
    """The version a page was opened at. `refused` is said of anything but a number that a database can hold."""

    widget = HiddenInput()

    def __init__(self, refused: str, **options: Any) -> None:
        super().__init__(validators=[InputRequired(refused), NumberRange(0, LARGEST_NUMBER, refused)], **options)
        self.refused = refused

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the number. Raises ValueError, said beside the field, if it is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(self.refused) from None


class Line(StringField):  # type: ignore[misc]
    """One line of text."""

    @property
    def in_words(self) -> str:
        """What was written."""
        return self.data or ""


class Day(DateField):  # type: ignore[misc]
    """A day, typed as people do or chosen in a calendar; empty is none. `refused` is said of anything else."""

    def __init__(self, label: str, refused: str, **options: Any) -> None:
        super().__init__(label, format=["%Y-%m-%d", "%d/%m/%Y"], **options)
        self.refused = refused

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the day, if one was written. Raises ValueError, said beside the field, if it is none."""
        if not valuelist or not valuelist[0].strip():
            self.data, self.raw_data = None, [""]
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError:
            raise ValueError(self.refused) from None


class Lines(TextAreaField):  # type: ignore[misc]
    """Several lines of text."""

    @property
    def in_words(self) -> str:
        """What was written."""
        return self.data or ""


def clean(name: str, limit: int = LONG_TEXT) -> Check:
    """A check that tidies a text (NFC, line ends) and refuses what cannot be kept, saying which text (`name`)."""

    def check(form: Form, field: Field) -> None:
        try:
            field.data = clean_text(field.data or "", limit, lines=isinstance(field, Lines))
        except TextError as fault:
            field.data = _visible(field.data)
            raise StopValidation(f"{name} : {_lowered(str(fault))}") from fault

    return check


def mail_address(refused: str) -> tuple[Check, Check]:
    """The checks of a mail address: as long as one can be (RFC 5321, 4.5.3.1.3), and whole; else `refused` is said."""
    return clean("Adresse mail", 254), Email(refused)


def needed(message: str) -> Check:
    """A check that something was given, blanks apart; `message` says what, and why."""

    def check(form: Form, field: Field) -> None:
        if isinstance(field.data, str):
            field.data = field.data.strip()
        if not field.data:
            raise StopValidation(message)

    return check


def reason_needed(answer: str, message: str) -> Check:
    """A check that asks for words when the field named `answer` says that the question does not apply."""

    def check(form: Form, field: Field) -> None:
        if form[answer].data == "not_applicable" and not (field.data or "").strip():
            raise ValidationError(message)

    return check


def _labels(field: Field) -> str:
    return ", ".join(choice.label for choice in field.iter_choices() if choice.selected)


def _visible(text: str) -> str:
    """Return the text as a page may show it: what is no character of a page becomes a visible sign."""
    return "".join(
        "\ufffd" if unicodedata.category(sign) in UNSHOWN and sign not in "\n\r\t" else sign for sign in text
    )


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
