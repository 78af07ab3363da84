"""The same questionnaire in oTree: a column a field, a page a theme, all answers shown before the last button."""

import json
import os
from pathlib import Path

from otree.api import BaseConstants, BaseGroup, BasePlayer, BaseSubsession, Page, models, widgets

PAGES = json.loads(Path(os.environ["PEER_FOLDER"], "questions.json").read_text("utf-8"))
doc = "The questionnaire"


class C(BaseConstants):
    """What oTree demands."""

    NAME_IN_URL = "q"
    PLAYERS_PER_GROUP = None
    NUM_ROUNDS = 1


class Subsession(BaseSubsession):
    """What oTree demands."""


class Group(BaseGroup):
    """What oTree demands."""


def column(name):
    """Return a name that can be a column's."""
    return name.replace("-", "_")


def text(label):
    return models.LongStringField(label=label, blank=True)


def fields_of(question):
    name, options = question["id"], question["options"]
    if question["kind"] == "levels":
        fields = {
            f"q_{name}": models.StringField(
                label=question["text"], choices=options, widget=widgets.RadioSelect, blank=True
            ),
            f"evidence_{name}": text(f"Vos preuves. Ce que vous pourriez montrer : {question['evidence']}."),
            f"comment_{name}": text("Vos remarques"),
            f"unclear_{name}": models.BooleanField(
                label="Cette question n’est pas claire", widget=widgets.CheckboxInput, blank=True
            ),
        }
        if any(code == "not_applicable" for code, _ in options):
            fields[f"reason_{name}"] = models.StringField(label="Pourquoi n’êtes-vous pas concernés ?", blank=True)
        return fields
    if question["kind"] == "text":
        return {f"profile_{name}": text(question["text"])}
    if question["kind"] == "multiple":  # oTree has no field of several choices: one box each
        return {
            f"profile_{name}_{code}": models.BooleanField(label=label, widget=widgets.CheckboxInput, blank=True)
            for code, label in options
        }
    widget = None if len(options) > 20 else widgets.RadioSelect
    return {f"profile_{name}": models.StringField(label=question["text"], choices=options, widget=widget, blank=True)}


def columns_of(page):
    return {column(name): field for each in page["questions"] for name, field in fields_of(each).items()}


COLUMNS = {page["id"]: columns_of(page) for page in PAGES}
START = {"association_name": models.StringField(label="Nom"), "email": models.StringField(label="Mail", blank=True)}
Player = type(
    "Player",
    (BasePlayer,),
    {"__module__": __name__, **START, **{name: field for each in COLUMNS.values() for name, field in each.items()}},
)


def why_missing(player, values):
    """Ask why a question does not apply."""
    empty = (each for each in values if each.startswith("q_") and values[each] == "not_applicable")
    asked = {f"reason_{each[2:]}": "Dites en une phrase pourquoi elle ne vous concerne pas." for each in empty}
    return {name: words for name, words in asked.items() if not (values.get(name) or "").strip()}


def blocks_of(page):
    for number, question in enumerate(page["questions"], start=1):
        yield {"number": number, "question": question, "names": [column(name) for name in fields_of(question)]}


def shown(page):
    """Return what the template of this page is given beside its fields."""
    blocks = list(blocks_of(page))

    def vars_for_template(player):
        return {"heading": page["title"], "blocks": blocks, "total": len(blocks)}

    return vars_for_template


def lines_of(player, page):
    for question in page["questions"]:
        name, words = column(question["id"]), dict(question["options"])
        value = player.field_maybe_none(f"q_{name}") if question["kind"] == "levels" else ""
        if question["kind"] in ("single", "text"):
            value = player.field_maybe_none(f"profile_{name}")
        beside = [
            player.field_maybe_none(f"{part}_{name}")
            for part in ("evidence", "comment")
            if question["kind"] == "levels"
        ]
        yield {"text": question["text"], "answer": words.get(value, value), "beside": [each for each in beside if each]}


def answers_of(player):
    """Return all answers, for the check."""
    return {"pages": [{"title": page["title"], "lines": list(lines_of(player, page))} for page in PAGES]}


def page_class(page):
    given = {
        "__module__": __name__,
        "template_name": "survey/Questions.html",
        "form_model": "player",
        "form_fields": list(COLUMNS[page["id"]]),
        "vars_for_template": staticmethod(shown(page)),
        "error_message": staticmethod(why_missing),
    }
    return type(f"Page_{page['id']}", (Page,), given)


class Start(Page):
    """The name."""

    form_model = "player"
    form_fields = tuple(START)


class Check(Page):
    """All answers once more."""

    vars_for_template = staticmethod(answers_of)


class Sent(Page):
    """It is done."""


page_sequence = [Start, *map(page_class, PAGES), Check, Sent]
