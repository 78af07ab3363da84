"""A YAML data file -> its typed values, or FrameworkError with every fault at once, each with its line.

The one way in for all files of the framework's family: frameworks, the directory of resources, the listening to the
territory. What each of them must hold is said by its model and by its own check; nothing here knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import ValidationError

from questionnaire.core.faults import Fault, FrameworkError, Path, dotted, unreadable
from questionnaire.core.loading.document import LARGEST, Document, read_document
from questionnaire.core.loading.wording import sentence
from questionnaire.core.shapes import Part

Problem = tuple[Path, str]
Check = Callable[[dict[Any, Any]], Iterable[Problem]]
Loaded = TypeVar("Loaded")
Shaped = TypeVar("Shaped", bound=Part)


def load(path: FilePath, parse: Callable[[bytes], Loaded]) -> Loaded:
    """Return what `parse` makes of a file. Raises FrameworkError, its faults bearing the file's name."""
    try:
        return parse(_bytes(path))
    except FrameworkError as error:
        raise FrameworkError(replace(fault, file=str(path)) for fault in error.faults) from None


def parse(data: bytes, model: type[Shaped], check: Check) -> Shaped:
    """Return the model filled from these bytes. Raises FrameworkError with every fault, in the order of the file."""
    document = read_document(data)
    made = _shaped(document, model, check) if document.whole else None
    if document.faults or made is None:
        raise FrameworkError(
            sorted(set(document.faults), key=lambda fault: (fault.line or 0, fault.path, fault.message))
        )
    return made


def _bytes(path: FilePath) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise FrameworkError([Fault(None, "", unreadable(error))]) from None


def _shaped(document: Document, model: type[Shaped], check: Check) -> Shaped | None:
    problems = list(check(document.values)) if isinstance(document.values, dict) else []
    made = None
    try:
        made = model.model_validate(document.values, context={"sha256": document.sha256})
    except ValidationError as error:
        problems += _shape_problems(error)
    for path, message in problems:
        if not document.judged(path):
            document.faults.append(Fault(document.line(path), dotted(path), message))
    return made


def _shape_problems(error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # pydantic counts only the items that are sound; the faults of the others are told themselves
        yield tuple(key for key in detail["loc"] if key != "[key]"), sentence(detail)
