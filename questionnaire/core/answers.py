"""An answers file -> an AnswerSet, or AnswersError with every fault at once, each with its path (FRAMEWORK.md,
section 2).

Reads bytes it is handed and opens nothing. The types are in `answer_set`, texts are judged in `text`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from questionnaire.core.answer_set import Answer, AnswerSet, Association, ProfileValue, Value, answers_document
from questionnaire.core.faults import AnswersError, Fault, Path, dotted, quoted
from questionnaire.core.framework import Framework, ProfileQuestion, Question
from questionnaire.core.json_text import JsonObject, read_json
from questionnaire.core.loading import Catalogue, UnknownFramework, department_codes
from questionnaire.core.text import LONG_TEXT, NAME, TextError, clean_text

__all__ = [
    "Answer",
    "AnswerSet",
    "AnswersError",
    "Association",
    "ProfileValue",
    "TextError",
    "Value",
    "answers_document",
    "clean_text",
    "parse_answers",
]

ROOT = ("framework", "date", "association", "profile", "answers")
ASSOCIATION = ("name", "rna", "siren")
SPECIAL: dict[str, Value] = {"unknown": "unknown", "not_applicable": "not_applicable"}
BESIDE = ("evidence", "comment", "reason")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_answers(data: bytes, source: Catalogue | Framework) -> tuple[AnswerSet, Framework]:
    """Return the answers and the framework they answer, found in a catalogue or given. Raises AnswersError."""
    reader = _Reader()
    document = reader.fields((), read_json(data), ROOT)
    reader.require((), document, ("framework", "answers"))
    framework = reader.framework(document.get("framework"), source) if "framework" in document else None
    answer_set = AnswerSet(
        framework_id=framework.id if framework else "",
        framework_version=framework.version if framework else "",
        date=reader.date(document["date"]) if "date" in document else None,
        association=reader.association(document.get("association", JsonObject())),
        profile=reader.profile(document.get("profile", JsonObject()), framework),
        answers=reader.answers(document.get("answers", JsonObject()), framework),
    )
    if reader.faults or framework is None:
        raise AnswersError(reader.faults)
    return answer_set, framework


class _Reader:
    """Reads each part, noting every fault on the way; what is faulty is left out."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def add(self, path: Path, message: str) -> None:
        self.faults.append(Fault(None, dotted(path), message))

    def fields(self, path: Path, raw: Any, known: Iterable[str] | None = None) -> JsonObject:
        """Return `raw` if it is an object with known keys only, each once; note what is not so."""
        if not isinstance(raw, JsonObject):
            self.add(path, f"un objet {{…}} est attendu, pas {_kind(raw)}")
            return JsonObject()
        for key in dict.fromkeys(raw.repeated):
            self.add((*path, key), "clé répétée : gardez-en une seule")
        for key in raw:
            if known is not None and key not in known:
                self.add((*path, key), f"clé inconnue : les clés possibles sont {', '.join(known)}")
        return raw

    def require(self, path: Path, fields: JsonObject, keys: Iterable[str]) -> None:
        for key in keys:
            if key not in fields:
                self.add((*path, key), "clé obligatoire absente : ajoutez-la")

    def text(self, path: Path, raw: Any, limit: int, *, lines: bool = True) -> str:
        if not isinstance(raw, str):
            self.add(path, f"un texte est attendu, pas {_kind(raw)}")
            return ""
        try:
            return clean_text(raw, limit, lines=lines)
        except TextError as error:
            self.add(path, str(error))
            return ""

    def framework(self, raw: Any, source: Catalogue | Framework) -> Framework | None:
        if not isinstance(raw, str):
            self.add(("framework",), f"le nom d’un référentiel est attendu, pas {_kind(raw)}")
            return None
        try:
            return _found(raw, source)
        except UnknownFramework as error:
            self.add(("framework",), str(error))
            return None

    def date(self, raw: Any) -> date | None:
        try:
            if isinstance(raw, str) and _DAY.fullmatch(raw):
                return date.fromisoformat(raw)
        except ValueError:
            pass
        shown = quoted(raw) if isinstance(raw, str) else _kind(raw)
        self.add(("date",), f"une date qui existe est attendue, comme 2026-11-23, pas {shown}")
        return None

    def association(self, raw: Any) -> Association:
        fields = self.fields(("association",), raw, ASSOCIATION)
        texts = {
            key: self.text(("association", key), fields[key], NAME, lines=False) for key in ASSOCIATION if key in fields
        }
        return Association(**texts)

    def profile(self, raw: Any, framework: Framework | None) -> dict[str, ProfileValue]:
        """Return the answers about the association, in framework order."""
        fields = self.fields(("profile",), raw)
        if framework is None:
            return {}
        questions = {question.id: question for question in framework.profile}
        self._refuse_unknown("profile", fields, questions)
        read = {name: self._choice(question, fields[name]) for name, question in questions.items() if name in fields}
        return {name: value for name, value in read.items() if value is not None}

    def _refuse_unknown(self, part: str, fields: JsonObject, known: Iterable[str]) -> None:
        for key in fields:
            if key not in known:
                self.add((part, key), "question inconnue de ce référentiel : corrigez son nom ou retirez-la")

    def _choice(self, question: ProfileQuestion, raw: Any) -> ProfileValue | None:
        path = ("profile", question.id)
        if question.type == "text":
            return self.text(path, raw, min(question.max_length or LONG_TEXT, LONG_TEXT))
        if question.type == "multiple":
            return self._several(path, question, raw)
        return raw if self._option(path, question, raw) else None

    def _option(self, path: Path, question: ProfileQuestion, raw: Any) -> bool:
        if not isinstance(raw, str):
            self.add(path, f"le code d’une option est attendu, pas {_kind(raw)}")
        elif raw not in _codes(question):
            self.add(path, f"option inconnue {quoted(raw)} : choisissez un code de cette question")
        else:
            return True
        return False

    def _several(self, path: Path, question: ProfileQuestion, raw: Any) -> ProfileValue | None:
        if not isinstance(raw, list) or not raw:
            kind = "une liste vide" if raw == [] else _kind(raw)
            self.add(path, f"une liste d’au moins une option est attendue, pas {kind}")
            return None
        valid = [self._option((*path, place), question, code) for place, code in enumerate(raw)]
        if not all(valid):
            return None
        return self._combined(path, question, raw)

    def _combined(self, path: Path, question: ProfileQuestion, codes: list[str]) -> tuple[str, ...]:
        for place, code in enumerate(codes):
            if code in codes[:place]:
                self.add((*path, place), f"option {quoted(code)} répétée : gardez-la une fois")
        alone = [code for code in question.exclusive if code in codes]
        if alone and len(set(codes)) > 1:
            self.add(path, f"l’option {quoted(alone[0])} ne se combine avec aucune autre")
        return tuple(code for code in _codes(question) if code in codes)

    def answers(self, raw: Any, framework: Framework | None) -> dict[str, Answer]:
        """Return the answers to the questions, in framework order."""
        fields = self.fields(("answers",), raw)
        questions = {question.id: question for question in framework.questions} if framework else {}
        if framework:
            self._refuse_unknown("answers", fields, questions)
        read = {
            name: self._answer(("answers", name), fields[name], questions.get(name))
            for name in (questions or fields)
            if name in fields
        }
        return {name: answer for name, answer in read.items() if answer is not None}

    def _answer(self, path: Path, raw: Any, question: Question | None) -> Answer | None:
        if not isinstance(raw, JsonObject):
            return self._judged(path, path, raw, question, {})
        fields = self.fields(path, raw, ("value", *BESIDE))
        self.require(path, fields, ("value",))
        texts = {key: self.text((*path, key), fields[key], LONG_TEXT) for key in BESIDE if key in fields}
        return self._judged(path, (*path, "value"), fields["value"], question, texts) if "value" in fields else None

    def _judged(
        self, path: Path, place: Path, raw: Any, question: Question | None, texts: dict[str, str]
    ) -> Answer | None:
        value = self._value(place, raw)
        if value == "not_applicable":
            if question and question.not_applicable is None:
                self.add(place, "« Non concerné » n’est pas proposé pour cette question : choisissez une autre réponse")
            if not texts.get("reason", "").strip():
                self.add((*path, "reason"), "« Non concerné » demande une raison : écrivez-la")
        return None if value is None else Answer(value, **texts)

    def _value(self, place: Path, raw: Any) -> Value | None:
        if type(raw) is int and 1 <= raw <= 4:
            return raw
        if isinstance(raw, str) and raw in SPECIAL:
            return SPECIAL[raw]
        shown = quoted(raw) if isinstance(raw, int) and not isinstance(raw, bool) else _kind(raw)
        self.add(place, f"un niveau de 1 à 4, « unknown » ou « not_applicable » est attendu, pas {shown}")
        return None


def _found(name: str, source: Catalogue | Framework) -> Framework:
    identifier, at, version = name.partition("@")
    if isinstance(source, Catalogue):
        return source.get(identifier, version) if at else source.newest(identifier)
    if identifier != source.id or (at and version != source.version):
        raise UnknownFramework(
            f"ces réponses vont avec {quoted(name)}, et le référentiel donné est {source.id}@{source.version}"
        )
    return source


def _codes(question: ProfileQuestion) -> tuple[str, ...]:
    if question.options_from:
        return tuple(sorted(department_codes()))
    return tuple(option.code for option in question.options)


def _kind(raw: Any) -> str:
    match raw:
        case None | bool():
            return json.dumps(raw)
        case str():
            return f"le texte {quoted(raw)}"
        case int():
            return "ce nombre"
        case float():
            return f"le nombre à virgule {raw!r}"
        case list():
            return "une liste"
        case dict():
            return "un objet"
    return "ce nombre démesuré"
