"""Where things stand in the values of a framework file: a pattern such as `rules.*.resources.*` and what it reaches.

Never fails on a misshapen file: what is not there, or has another shape, is simply not found.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from questionnaire.core.faults import Path

CRITERIA = "dimensions.*.criteria.*"
QUESTIONS = f"{CRITERIA}.questions.*"
RECOMMENDATIONS = f"{CRITERIA}.recommendations.*"
Found = tuple[Path, Any]


def find(values: Any, pattern: str, start: Path = ()) -> Iterator[Found]:
    """Yield the path and value of all that `pattern` reaches; `*` stands for every item of a list or mapping."""
    yield from _reach(values, pattern.split("."), start)


def texts(values: Any, *patterns: str) -> Iterator[tuple[Path, str]]:
    """Yield what the patterns reach and that is a text."""
    for pattern in patterns:
        for path, value in find(values, pattern):
            if isinstance(value, str):
                yield path, value


def names(values: Any, *patterns: str) -> set[str]:
    """Return the set of texts that the patterns reach."""
    return {text for _, text in texts(values, *patterns)}


def _reach(value: Any, keys: list[str], path: Path) -> Iterator[Found]:
    if not keys:
        yield path, value
        return
    for key, child in _children(value, keys[0]):
        yield from _reach(child, keys[1:], (*path, key))


def _children(value: Any, key: str) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, tuple) and key == "*":
        yield from enumerate(value)
    elif isinstance(value, dict) and key == "*":
        yield from value.items()
    elif isinstance(value, dict) and key in value:
        yield key, value[key]
