"""The directory's files -> a Directory, or FrameworkError with every fault at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from questionnaire.core.directory import Directory, DirectoryFile
from questionnaire.core.faults import quoted
from questionnaire.core.loading.data_file import Problem, load, parse
from questionnaire.core.loading.finding import names, texts
from questionnaire.core.loading.territory_files import FOLDER, territory_records

PUBLISHED = FOLDER / "directory" / "resources.yaml"
OWN = "resources.yaml"  # in the data folder
WORDS = {"kinds": "resources.*.kind", "themes": "resources.*.themes.*", "needs": "resources.*.needs.*"}
KINDS = {"kinds": "sorte", "themes": "thème", "needs": "besoin"}
UNIQUE = ("resources.*.id", *(f"{words}.*.code" for words in WORDS))


def load_directory(path: Path, before: Directory | None = None) -> Directory:
    """Return the directory with this file after those of `before`. Raises FrameworkError with every fault."""
    known = before or Directory()
    return Directory((*known.files, load(path, partial(parse_directory, known=known))))


def parse_directory(data: bytes, known: Directory) -> DirectoryFile:
    """Return the directory file in these bytes; it may use the words of `known`. Raises FrameworkError."""
    return parse(data, DirectoryFile, lambda values: _check(values, known))


@cache
def published_directory() -> Directory:
    """Return the directory shipped with the program, read once."""
    return load_directory(PUBLISHED)


def installed_directory(instance: Path) -> Directory:
    """Return the published directory with the operator's own file, if there is one. Raises FrameworkError."""
    own = instance / OWN
    return load_directory(own, published_directory()) if own.is_file() else published_directory()


def _check(values: dict[Any, Any], known: Directory) -> Iterator[Problem]:
    yield from _repeated(values)
    yield from _unknown_words(values, known)
    regions = {record["code"] for record in territory_records("regions")}
    for path, code in texts(values, "resources.*.regions.*"):
        if code not in regions:
            yield path, f"région {quoted(code)} inconnue\u202f: écrivez son code officiel à deux ou trois chiffres"


def _repeated(values: dict[Any, Any]) -> Iterator[Problem]:
    for pattern in UNIQUE:
        seen: set[str] = set()
        for path, name in texts(values, pattern):
            if name in seen:
                yield path, f"{quoted(name)} désigne déjà autre chose\u202f: un nom ne sert qu’une fois"
            seen.add(name)


def _unknown_words(values: dict[Any, Any], known: Directory) -> Iterator[Problem]:
    for words, pattern in WORDS.items():
        codes = names(values, f"{words}.*.code") | set(getattr(known, words))
        for path, code in texts(values, pattern):
            if code not in codes:
                added = f"ou ajoutez-le à «\u202f{words}\u202f»"
                yield path, f"{KINDS[words]} {quoted(code)} introuvable\u202f: corrigez le code, {added}"
