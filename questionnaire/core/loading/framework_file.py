"""A framework file -> a Framework, or FrameworkError with every fault at once, each with its line (section 1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path as FilePath

from pydantic import ValidationError

from questionnaire.core.faults import Fault, FrameworkError, Path, dotted, unreadable
from questionnaire.core.framework import Framework
from questionnaire.core.loading.checking import check
from questionnaire.core.loading.document import LARGEST, Document, read_document
from questionnaire.core.loading.territory_files import department_codes
from questionnaire.core.loading.wording import sentence


def load_framework(path: FilePath) -> Framework:
    """Return the framework in this file. Raises FrameworkError, its faults bearing the file's name."""
    try:
        return parse_framework(_bytes(path))
    except FrameworkError as error:
        raise FrameworkError(replace(fault, file=str(path)) for fault in error.faults) from None


def parse_framework(data: bytes) -> Framework:
    """Return the framework in these bytes. Raises FrameworkError with every fault, in the order of the file."""
    document = read_document(data)
    framework = _shaped(document) if document.whole else None
    if document.faults or framework is None:
        raise FrameworkError(
            sorted(set(document.faults), key=lambda fault: (fault.line or 0, fault.path, fault.message))
        )
    return framework


def _bytes(path: FilePath) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise FrameworkError([Fault(None, "", unreadable(error))]) from None


def _shaped(document: Document) -> Framework | None:
    problems = list(check(document.values, department_codes())) if isinstance(document.values, dict) else []
    framework = None
    try:
        framework = Framework.model_validate(document.values, context={"sha256": document.sha256})
    except ValidationError as error:
        problems += _shape_problems(error)
    for path, message in problems:
        if not document.judged(path):
            document.faults.append(Fault(document.line(path), dotted(path), message))
    return framework


def _shape_problems(error: ValidationError) -> Iterator[tuple[Path, str]]:
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # pydantic counts only the items that are sound; the faults of the others are told themselves
        yield tuple(key for key in detail["loc"] if key != "[key]"), sentence(detail)
