"""A framework file -> a Framework, or FrameworkError with every fault at once, each with its line (section 1)."""

from __future__ import annotations

from pathlib import Path

from questionnaire.core.framework import Framework
from questionnaire.core.loading.checking import check
from questionnaire.core.loading.data_file import load, parse
from questionnaire.core.loading.territory_files import department_codes


def load_framework(path: Path) -> Framework:
    """Return the framework in this file. Raises FrameworkError, its faults bearing the file's name."""
    return load(path, parse_framework)


def parse_framework(data: bytes) -> Framework:
    """Return the framework in these bytes. Raises FrameworkError with every fault, in the order of the file."""
    return parse(data, Framework, lambda values: check(values, department_codes()))
