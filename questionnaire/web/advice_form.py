"""The fields of an advisor's opinions and plan: per criterion what they think of it, per action whether to keep it, and
actions in their own words. Built from the report, filled from a draft, read back as parts of a draft.

A few blank actions are always there, so that writing one needs no script. It may not store or draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import Field, Form, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from questionnaire.core.report import Report
from questionnaire.core.report_lines import CriterionLine
from questionnaire.core.report_model import ActionSheet
from questionnaire.storage.review_draft import ASIDE, OPINION, OWN, PLACE, Draft
from questionnaire.web.fields import Line, Lines, OneOf, clean

KEPT = "kept_"
TITLE, WHY, STEPS = "own_title_", "own_why_", "own_steps_"
SLOTS = ("a", "b", "c")
OPINIONS = {"agree": "D’accord", "discuss": "À discuter", "missing": "Élément manquant"}
SHORT, LONG = 300, 2000
Data = Mapping[str, Any]


def advice_fields(report: Report) -> dict[str, Field]:
    """Return the fields for this report: an opinion a criterion, a choice an action, and blank actions."""
    fields: dict[str, Field] = {}
    for dimension in report.dimensions:
        fields |= {OPINION + each.id: _opinion(each) for each in dimension.criteria}
    places = [SelectChoice(str(at), str(at)) for at in range(1, len(report.plan) + len(SLOTS) + 1)]
    for sheet in report.plan:
        fields |= {KEPT + sheet.criterion.id: _kept(sheet), ASIDE + sheet.criterion.id: _why_aside(sheet)}
        fields[PLACE + sheet.criterion.id] = _place(places, sheet.action)
    for number, slot in enumerate(SLOTS, 1):
        fields |= _own_action(number, slot) | {PLACE + slot: _place(places, f"votre action {number}")}
    return fields


def advice_data(draft: Draft) -> dict[str, Any]:
    """Return the values that fill these fields from a draft."""
    data: dict[str, Any] = {OPINION + name: opinion for name, opinion in draft.opinions.items()}
    for name, reason in draft.aside.items():
        data |= {KEPT + name: "no", ASIDE + name: reason}
    for slot, (title, why, steps) in draft.own.items():
        data |= {TITLE + slot: title, WHY + slot: why, STEPS + slot: steps}
    return data | {PLACE + name: place for name, place in draft.places.items()}


def advice_parts(data: Data) -> dict[str, dict[str, Any]]:
    """Return what was chosen and written, as the groups of a draft."""
    given = {name: value for name, value in data.items() if value}
    out = (name.removeprefix(KEPT) for name, value in given.items() if name.startswith(KEPT) and value == "no")
    own = {slot: tuple(data.get(part + slot) or "" for part in (TITLE, WHY, STEPS)) for slot in SLOTS}
    return {
        "opinions": _named(given, OPINION),
        "aside": {name: given[ASIDE + name] for name in out},
        "places": _named(given, PLACE),
        "own": {slot: words for slot, words in own.items() if any(words)},
    }


def advice_field(part: str) -> str:
    """Return the name of the field that shows a part, itself where they have the same name."""
    for prefix, field in ((ASIDE, KEPT), (OWN, TITLE)):
        if part.startswith(prefix):
            return field + part.removeprefix(prefix)
    return part


def _named(given: Data, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in given.items() if name.startswith(prefix)}


def _opinion(criterion: CriterionLine) -> Field:
    refused = f"Choisissez un des avis proposés pour « {criterion.title} »."
    choices = [SelectChoice("", "Sans avis"), *(SelectChoice(*each) for each in OPINIONS.items())]
    return OneOf("Votre avis, que l’association lira", refused, choices=choices, default="")


def _kept(sheet: ActionSheet) -> Field:
    refused = f"Choisissez de garder ou d’écarter « {sheet.action} »."
    choices = [SelectChoice("", "Je la garde"), SelectChoice("no", "Je l’écarte")]
    return OneOf("La gardez-vous ?", refused, choices=choices, default="", validators=[_needs_choice])


def _why_aside(sheet: ActionSheet) -> Field:
    name = f"Raison pour « {sheet.action} »"
    return Lines("Pourquoi l’écarter ? L’association lira ces mots.", validators=[clean(name, LONG), _needs_why(sheet)])


def _place(places: list[SelectChoice], about: str) -> Field:
    choices = [SelectChoice("", "Sans la déplacer"), *places]
    return SelectField(
        "Sa place", choices=choices, default="", validate_choice=False, validators=[_offered(choices, about)]
    )


def _own_action(number: int, slot: str) -> dict[str, Field]:
    about = f"Votre action {number}"
    return {
        TITLE + slot: Line("L’action, en une phrase", validators=[clean(about, SHORT), _needs_title(slot, number)]),
        WHY + slot: Lines("Pourquoi", validators=[clean(f"{about}, pourquoi", LONG), _needs_reason(slot, number)]),
        STEPS + slot: Lines("Les premiers pas, un par ligne", validators=[clean(f"{about}, premiers pas", LONG)]),
    }


def _needs_choice(form: Form, field: Field) -> None:
    why = form[ASIDE + field.name.removeprefix(KEPT)].data
    if field.data != "no" and (why or "").strip():
        raise ValidationError("Vous avez dit pourquoi écarter cette action : écartez-la, ou effacez la raison.")


def _needs_why(sheet: ActionSheet) -> Any:
    def check(form: Form, field: Field) -> None:
        if form[KEPT + sheet.criterion.id].data == "no" and not (field.data or "").strip():
            raise ValidationError(f"Dites pourquoi vous écartez « {sheet.action} ».")

    return check


def _needs_title(slot: str, number: int) -> Any:
    def check(form: Form, field: Field) -> None:
        if not field.data and (form[WHY + slot].data or form[STEPS + slot].data or "").strip():
            raise ValidationError(f"Écrivez votre action {number} en une phrase, ou effacez ce qui l’accompagne.")

    return check


def _needs_reason(slot: str, number: int) -> Any:
    def check(form: Form, field: Field) -> None:
        if (form[TITLE + slot].data or "").strip() and not (field.data or "").strip():
            raise ValidationError(f"Dites pourquoi vous proposez votre action {number}.")

    return check


def _offered(choices: list[SelectChoice], about: str) -> Any:
    values = {choice.value for choice in choices}

    def check(form: Form, field: Field) -> None:
        if (field.data or "") not in values:
            raise ValidationError(f"Choisissez une des places proposées pour « {about} ».")

    return check
