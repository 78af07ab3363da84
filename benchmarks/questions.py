"""The questionnaire as plain data, for the peers of `wizard.py`, and a person's answers to it, drawn."""

from __future__ import annotations

import random
from typing import Any

from questionnaire.core.framework import Framework, ProfileQuestion, Question
from questionnaire.core.territory import departments
from questionnaire.web.pages import pages_of

TEXTS = ("", "", "Une note « écrite » en 2026, l’été", "<b>Deux</b> comptes rendus & une charte")
Answers = dict[str, dict[str, Any]]  # of each page: the name of a field, and what is given there


def as_data(framework: Framework) -> list[dict[str, Any]]:
    """Return each page with its title and questions, as JSON can carry them."""
    scale, pages = framework.scale, pages_of(framework).values()
    return [
        {
            "id": page.id,
            "title": page.title,
            "questions": [_question(each, scale) for each in page.questions],
        }
        for page in pages
    ]


def drawn_answers(framework: Framework, drawn: random.Random) -> Answers:
    """Return answers to every question, a text in half of the places for one; nothing is set aside."""
    given: Answers = {}
    for page in pages_of(framework).values():
        given[page.id] = fields = {}
        for question in page.questions:
            if isinstance(question, Question):
                fields[f"q_{question.id}"] = drawn.choice(["1", "2", "3", "4", "unknown"])
                fields[f"evidence_{question.id}"] = drawn.choice(TEXTS)
                fields[f"comment_{question.id}"] = drawn.choice(TEXTS)
            else:
                fields[f"profile_{question.id}"] = _profile_answer(question, drawn)
    given["profile"]["profile_recent_partnerships"] = "1-2"
    return given


def _profile_answer(question: ProfileQuestion, drawn: random.Random) -> Any:
    codes = [code for code, _ in _options(question)]
    if question.type == "text":
        return drawn.choice(TEXTS)
    return drawn.choices(codes[:1]) if question.type == "multiple" else drawn.choice(codes)


def _options(question: ProfileQuestion) -> list[tuple[str, str]]:
    places = [(each.code, f"{each.code} – {each.label}") for each in departments()] if question.options_from else []
    return places or [(each.code, each.label) for each in question.options]


def _question(question: Question | ProfileQuestion, scale: Any) -> dict[str, Any]:
    common = {"id": question.id, "text": question.text}
    if isinstance(question, ProfileQuestion):
        return common | {"kind": question.type, "options": _options(question), "help": ""}
    levels = [(str(each.level), each.label, question.levels[each.level]) for each in scale.levels]
    asides = [("unknown", scale.unknown.label, "")]
    if question.not_applicable:
        asides.append(("not_applicable", scale.not_applicable.label, question.not_applicable))
    return common | {
        "kind": "levels",
        "help": question.help or "",
        "options": [(code, f"{label} : {text}" if text else label) for code, label, text in levels + asides],
        "evidence": ", ".join(question.evidence),
    }
