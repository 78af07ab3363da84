"""A framework's guide -> a Guide, or FrameworkError with every fault at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from questionnaire.core.faults import Fault, FrameworkError, quoted
from questionnaire.core.framework import Framework
from questionnaire.core.guide import Guide
from questionnaire.core.loading.catalogue import published
from questionnaire.core.loading.data_file import Problem, load, parse
from questionnaire.core.loading.finding import texts
from questionnaire.core.loading.profile_conditions import check_profile_conditions
from questionnaire.core.loading.territory_files import FOLDER

GUIDES = "guides"  # the folder, beside the frameworks
VOICES = "legitimacies.voices.*"
FORMS = "company.forms.*"
CONDITIONS = (
    *(f"{VOICES}.{kind}.*" for kind in ("linked", "engaged")),
    *(f"{FORMS}.{kind}.*" for kind in ("suits", "practised", "closed", "doubtful")),
    *(f"company.notes.*.{kind}" for kind in ("when", "unless")),
)


@cache
def published_guides() -> Mapping[str, Guide]:
    """Return the guides shipped with the program, by the framework they go with, read once."""
    return load_guides([FOLDER], published())


def load_guides(folders: Iterable[FilePath], frameworks: Iterable[Framework]) -> dict[str, Guide]:
    """Return the guides beside the frameworks of these folders, a later one in place of an earlier one.

    Raises FrameworkError with the faults of all files.
    """
    known = tuple(frameworks)
    guides: dict[str, Guide] = {}
    faults: list[Fault] = []
    for path in (path for folder in folders for path in sorted((folder / GUIDES).glob("*.yaml"))):
        try:
            guide = load(path, lambda data: parse_guide(data, known))
            guides[guide.framework] = guide
        except FrameworkError as error:
            faults += error.faults
    if faults:
        raise FrameworkError(faults)
    return guides


def parse_guide(data: bytes, frameworks: Iterable[Framework]) -> Guide:
    """Return the guide in these bytes. Raises FrameworkError with every fault, in the order of the file."""
    known = tuple(frameworks)

    def check(values: dict[Any, Any]) -> Iterator[Problem]:
        own = [each for each in known if each.id == values.get("framework")]
        if not own:
            yield ("framework",), f"référentiel {quoted(values.get('framework'))} inconnu ici : corrigez son nom"
            return
        yield from _dangling(values, own)
        yield from check_profile_conditions(values, CONDITIONS, own)

    return parse(data, Guide, check)


def _dangling(values: Any, frameworks: list[Framework]) -> Iterator[Problem]:
    criteria = {criterion.id for framework in frameworks for criterion in framework.criteria}
    asked = {question.id for framework in frameworks for question in framework.profile}
    for path, name in texts(values, f"{VOICES}.criteria.*", "legitimacies.together.*.criterion"):
        if name not in criteria:
            yield path, f"critère {quoted(name)} introuvable : corrigez le nom"
    for path, name in texts(values, "company.objective"):
        if name not in asked:
            yield path, f"question du profil {quoted(name)} introuvable : corrigez le nom"
