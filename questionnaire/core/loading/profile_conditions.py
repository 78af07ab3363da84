"""Conditions of facts and guides: they read the profile, never an answer, and stand outside any framework file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from questionnaire.core.faults import quoted
from questionnaire.core.framework import Framework
from questionnaire.core.loading.conditions import check_accepted
from questionnaire.core.loading.data_file import Problem
from questionnaire.core.loading.finding import find
from questionnaire.core.loading.territory_files import department_codes


def check_profile_conditions(
    values: Any, patterns: Iterable[str], frameworks: Iterable[Framework]
) -> Iterator[Problem]:
    """Yield what these conditions read and that no profile of the frameworks asks, or no option answers."""
    codes = _codes(frameworks)
    for pattern in patterns:
        for path, condition in find(values, pattern):
            for key, accepted in condition.items() if isinstance(condition, dict) else ():
                if key not in codes:
                    yield (*path, key), f"question du profil {quoted(key)} introuvable : corrigez le nom"
                else:
                    yield from check_accepted((*path, key), accepted, codes[key])


def _codes(frameworks: Iterable[Framework]) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for question in (each for framework in frameworks for each in framework.profile if each.type != "text"):
        options = department_codes() if question.options_from else {option.code for option in question.options}
        codes.setdefault(question.id, set()).update(options)
    return codes
