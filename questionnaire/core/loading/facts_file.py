"""A file of legal facts -> a FactBook, or FrameworkError with every fault at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from questionnaire.core.facts import FactBook
from questionnaire.core.faults import quoted
from questionnaire.core.framework import Framework
from questionnaire.core.loading.catalogue import FACTS, published
from questionnaire.core.loading.data_file import Problem, load, parse
from questionnaire.core.loading.finding import find, names, texts
from questionnaire.core.loading.profile_conditions import check_profile_conditions
from questionnaire.core.loading.territory_files import FOLDER

OURS = FOLDER / FACTS


@cache
def published_facts() -> FactBook:
    """Return the facts shipped with the program, read once."""
    return load_facts(OURS, published(), FactBook())


def load_facts(path: FilePath, frameworks: Iterable[Framework], ours: FactBook) -> FactBook:
    """Return the facts of this file, laid over `ours`. Raises FrameworkError, its faults bearing the file's name."""
    known = tuple(frameworks)
    return load(path, lambda data: parse_facts(data, known, ours))


def parse_facts(data: bytes, frameworks: Iterable[Framework], ours: FactBook) -> FactBook:
    """Return the facts of these bytes, laid over `ours`. Raises FrameworkError with every fault.

    Conditions may read what the profile of one of the frameworks asks.
    """
    known = tuple(frameworks)

    def check(values: dict[Any, Any]) -> Iterator[Problem]:
        yield from _repeated(values)
        yield from _headless(values, ours)
        yield from _short_lived(values)
        yield from check_profile_conditions(values, ("facts.*.when", "facts.*.unless"), known)

    return ours.with_own(parse(data, FactBook, check))


def _repeated(values: Any) -> Iterator[Problem]:
    for pattern in ("topics.*.id", "facts.*.id"):
        seen: set[str] = set()
        for path, name in texts(values, pattern):
            if name in seen:
                yield path, f"{quoted(name)} désigne déjà autre chose : un nom ne sert qu’une fois"
            seen.add(name)


def _headless(values: Any, ours: FactBook) -> Iterator[Problem]:
    known = names(values, "topics.*.id") | {each.id for each in ours.topics}
    for path, name in texts(values, "facts.*.topic"):
        if name not in known:
            yield path, f"rubrique {quoted(name)} introuvable : corrigez le nom, ou ajoutez-la dans « topics »"


def _short_lived(values: Any) -> Iterator[Problem]:
    for path, fact in find(values, "facts.*"):
        checked, expires = (_day(fact, key) for key in ("checked", "expires"))
        if checked and expires and expires < checked:
            yield (
                (*path, "expires"),
                "périmé avant d’avoir été vérifié : corrigez l’une des deux dates",
            )


def _day(fact: Any, key: str) -> date | None:
    try:
        return date.fromisoformat(fact[key])
    except (KeyError, TypeError, ValueError):
        return None
