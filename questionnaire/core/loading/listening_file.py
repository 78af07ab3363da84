"""The file of the page that listens to the territory -> a Listening, or FrameworkError with every fault at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from questionnaire.core.faults import quoted
from questionnaire.core.listening import Listening
from questionnaire.core.loading.conditions import check_profile
from questionnaire.core.loading.data_file import Problem, load, parse
from questionnaire.core.loading.directory_file import published_directory
from questionnaire.core.loading.finding import find, names, texts
from questionnaire.core.loading.territory_files import FOLDER, department_codes

PUBLISHED = FOLDER / "listening" / "ecoute-territoire-1.0.0.yaml"


def load_listening(path: Path) -> Listening:
    """Return what is in this file. Raises FrameworkError, its faults bearing the file's name."""
    return load(path, parse_listening)


def parse_listening(data: bytes) -> Listening:
    """Return what is in these bytes. Raises FrameworkError with every fault, in the order of the file."""
    return parse(data, Listening, _check)


@cache
def published_listening() -> Listening:
    """Return the page shipped with the program, read once."""
    return load_listening(PUBLISHED)


def _check(values: dict[Any, Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, name in texts(values, "questions.*.id"):
        if name in seen:
            yield path, f"{quoted(name)} désigne déjà autre chose\u202f: un nom ne sert qu’une fois"
        seen.add(name)
    for path, message in check_profile({"profile": values.get("questions")}, department_codes()):
        yield ("questions", *path[1:]), message
    yield from _needs(values)


def _needs(values: dict[Any, Any]) -> Iterator[Problem]:
    """Look for needs that the directory does not know: no resource could ever be shown for them."""
    for path, name in texts(values, "needs_from.*"):
        if name not in names(values, "questions.*.id"):
            yield path, f"question {quoted(name)} introuvable\u202f: corrigez le nom, ou ajoutez-la"
    for path, question in find(values, "questions.*"):
        if isinstance(question, dict) and question.get("id") in names(values, "needs_from.*"):
            for place, code in find(question, "options.*.code", path):
                if code not in published_directory().needs:
                    yield place, f"besoin {quoted(code)} inconnu de l’annuaire\u202f: corrigez le code"
