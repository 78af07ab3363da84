"""What conditions may read, and what profile questions must hold (FRAMEWORK.md, section 1). Works on plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from questionnaire.core.faults import Path, quoted
from questionnaire.core.loading.finding import QUESTIONS, find, names

Problem = tuple[Path, str]
CONDITIONS = ("rules.*.when", "rules.*.unless", "plan.small_when", "first_look.questions.*.when")
A_LEVEL = "est écrit comme un texte : retirez les guillemets, un niveau est un nombre"
A_CODE = "est écrit comme un nombre : mettez des guillemets, le code d’une option est un texte"
ANSWERS = (1, 2, 3, 4, "unknown", "not_applicable")


def option_codes(question: dict[str, Any], departments: frozenset[str]) -> frozenset[str]:
    """Return the codes that a profile question accepts."""
    own = names(question, "options.*.code")
    return departments | own if question.get("options_from") == "departments" else frozenset(own)


def check_conditions(values: Any, departments: frozenset[str]) -> Iterator[Problem]:
    """Yield the faults of every condition of the file."""
    reader = _Reader(values, departments)
    for pattern in CONDITIONS:
        for path, condition in find(values, pattern):
            if isinstance(condition, dict):
                for key, accepted in condition.items():
                    yield from reader.check((*path, key), key, accepted)


class _Reader:
    """Knows what may be read, and which answers each question can have."""

    def __init__(self, values: Any, departments: frozenset[str]) -> None:
        self.departments = departments
        self.profile = {
            question["id"]: question
            for _, question in find(values, "profile.*")
            if isinstance(question, dict) and isinstance(question.get("id"), str)
        }
        self.questions = names(values, f"{QUESTIONS}.id")
        self.set_aside = names(values, "rules.*.not_applicable.*")

    def check(self, path: Path, key: Any, accepted: Any) -> Iterator[Problem]:
        """Yield what is wrong with one line of a condition."""
        if key in self.questions and key in self.set_aside:
            yield path, f"une condition ne lit pas {quoted(key)}, qu’une règle met de côté : retirez cette ligne"
        elif key in self.questions:
            yield from check_accepted(path, accepted, ANSWERS)
        elif key in self.profile:
            yield from self._check_profile(path, self.profile[key], accepted)
        else:
            yield path, f"question {quoted(key)} introuvable : corrigez le nom dans la condition"

    def _check_profile(self, path: Path, question: dict[str, Any], accepted: Any) -> Iterator[Problem]:
        if question.get("type") == "text":
            yield path, "une condition ne lit pas une question de texte : retirez cette ligne"
        else:
            yield from check_accepted(path, accepted, option_codes(question, self.departments))


def check_accepted(path: Path, accepted: Any, known: Collection[Any]) -> Iterator[Problem]:
    """Yield what a condition accepts of a question at `path` and that is none of its `known` answers."""
    for place, value in find(accepted, "*", path):
        if type(value) not in (str, int) or any(value == one and type(value) is type(one) for one in known):
            continue
        if any(str(value) == str(one) for one in known):
            yield place, f"{quoted(value)} {A_LEVEL if isinstance(value, str) else A_CODE}"
        else:
            yield place, f"{quoted(value)} n’est pas une réponse possible à cette question : corrigez la condition"


def check_profile(values: Any, departments: frozenset[str]) -> Iterator[Problem]:
    """Yield the faults of profile questions: keys that their type asks for or excludes, options, exclusive codes."""
    for path, question in find(values, "profile.*"):
        if isinstance(question, dict):
            yield from _keys(path, question)
            yield from _options(path, question, departments)


def _keys(path: Path, question: dict[str, Any]) -> Iterator[Problem]:
    kind = question.get("type")
    if kind == "text" and "max_length" not in question:
        yield (*path, "max_length"), "clé obligatoire absente pour une question de texte : ajoutez-la"
    for key in {"text": ("options", "options_from", "exclusive"), "single": ("max_length", "exclusive")}.get(
        str(kind), ("max_length",)
    ):
        if key in question:
            yield (*path, key), f"cette clé ne va pas avec le type {quoted(kind)} : retirez-la"
    if kind in ("single", "multiple") and ("options" in question) == ("options_from" in question):
        yield path, "une question à choix a « options » ou « options_from », et pas les deux"


def _options(path: Path, question: dict[str, Any], departments: frozenset[str]) -> Iterator[Problem]:
    if question.get("options") == ():
        yield (*path, "options"), "liste vide : ajoutez au moins une option"
    seen: set[Any] = set()
    for place, code in find(question, "options.*.code", path):
        if isinstance(code, str) and code in seen:
            yield place, f"option {quoted(code)} répétée : un code ne sert qu’une fois"
        seen.add(code if isinstance(code, str) else None)
    known = option_codes(question, departments)
    for place, code in find(question, "exclusive.*", path):
        if isinstance(code, str) and code not in known:
            yield place, f"{quoted(code)} n’est pas une option de cette question : corrigez le code"
