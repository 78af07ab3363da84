"""The part of a report about who can help beside the framework's own resources: for needs, a region, themes.

Nothing of the framework's resources is changed or left out: what the report already names is simply not named twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from questionnaire.core.companions import ALONE, Companions
from questionnaire.core.comparison import LastTime
from questionnaire.core.directory import Directory, DirectoryResource
from questionnaire.core.directory_remarks import bare_address, bare_name
from questionnaire.core.listening import Heard
from questionnaire.core.report_model import (
    ActionSheet,
    DirectoryGroup,
    DirectoryLine,
    DirectoryPart,
    ResourceLine,
    RuleLine,
)

MOST_IN_A_GROUP = 3
NO_DIRECTORY = Directory()


@dataclass(frozen=True)
class Around:
    """What stands around a set of answers and is no part of them."""

    directory: Directory = NO_DIRECTORY
    heard: Heard | None = None
    last: LastTime | None = None
    companions: Companions = ALONE


def directory_part(
    around: Around, region: str, region_label: str, rules: tuple[RuleLine, ...], plan: tuple[ActionSheet, ...]
) -> DirectoryPart:
    """Return what the directory adds, in a region ('' when it is not known), to what the rules and the plan name."""
    named = _Named(line for part in (rules, plan) for each in part for line in each.resources)
    here = tuple(around.directory.here(region))
    needs = tuple(_needs(around, here, named))
    nearby = tuple(_lines(around, (each for each in here if each.regions and named.is_new(each))))
    themes = dict.fromkeys(sheet.criterion.dimension_id for sheet in plan)
    titles = {sheet.criterion.dimension_id: sheet.criterion.dimension for sheet in plan}
    groups = (DirectoryGroup(titles[theme], tuple(_lines(around, _for_theme(here, theme, named)))) for theme in themes)
    return DirectoryPart(region_label, needs, nearby, tuple(group for group in groups if group.resources))


def _needs(around: Around, here: tuple[DirectoryResource, ...], named: _Named) -> Iterator[DirectoryGroup]:
    """Go through the needs that were named; a resource may serve several of them, and is told at each."""
    for need in around.heard.needs if around.heard else ():
        found = [each for each in here if need in each.needs][:MOST_IN_A_GROUP]
        named.note(found)
        if found:
            yield DirectoryGroup(around.directory.needs[need], tuple(_lines(around, found)))


class _Named:
    """What the report already names, by name or by address."""

    def __init__(self, lines: Iterable[ResourceLine]) -> None:
        self._known = {key for line in lines for key in _keys(line.name, line.url)}

    def note(self, resources: Iterable[DirectoryResource]) -> None:
        """Note what is named elsewhere."""
        self._known |= {key for each in resources for key in _keys(each.name, each.url or "")}

    def is_new(self, resource: DirectoryResource) -> bool:
        """Say whether this one is not named yet, and note it."""
        keys = _keys(resource.name, resource.url or "")
        new = not keys & self._known
        self._known |= keys
        return new


def _keys(name: str, url: str) -> set[str]:
    return {bare_name(name), bare_address(url)} - {""}


def _for_theme(here: Iterable[DirectoryResource], theme: str, named: _Named) -> Iterator[DirectoryResource]:
    return islice((each for each in here if theme in each.themes and named.is_new(each)), MOST_IN_A_GROUP)


def _lines(around: Around, resources: Iterable[DirectoryResource]) -> Iterator[DirectoryLine]:
    for each in resources:
        kind = around.directory.kinds[each.kind]
        yield DirectoryLine(each.id, each.name, each.purpose, each.serves, kind, each.url or "", bool(each.regions))
