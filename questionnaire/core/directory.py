"""The directory of resources: who or what can help, where, for which theme and which need.

It stands beside a framework's own resources and never in their place (FRAMEWORK.md rules those). `loading` reads the
files; an operator's file adds to the published one, or replaces a resource by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from questionnaire.core.profile import Option
from questionnaire.core.shapes import Day, Part, Url


class DirectoryHeader(Part):
    """What the directory is."""

    title: str
    language: str


class DirectoryResource(Part):
    """Someone or something that helps. Without `regions` it helps everywhere; `checked` is when its page was read."""

    id: str
    name: str
    purpose: str
    serves: str
    kind: str
    regions: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    url: Url | None = None
    checked: Day | None = None

    def is_for(self, region: str) -> bool:
        """Say whether it helps in this region ('' when the region is not known)."""
        return not self.regions or region in self.regions


class DirectoryFile(Part):
    """One file: resources, and the words it adds for kinds, themes and needs."""

    directory: DirectoryHeader
    kinds: tuple[Option, ...] = ()
    themes: tuple[Option, ...] = ()
    needs: tuple[Option, ...] = ()
    resources: tuple[DirectoryResource, ...]


@dataclass(frozen=True)
class Directory:
    """The files together, in order: of two resources with one id the later file's stands, in the first one's place."""

    files: tuple[DirectoryFile, ...] = ()

    @cached_property
    def resources(self) -> tuple[DirectoryResource, ...]:
        """Every resource, one per id."""
        return tuple({each.id: each for file in self.files for each in file.resources}.values())

    @cached_property
    def kinds(self) -> dict[str, str]:
        """What each code of a kind means."""
        return _labels(file.kinds for file in self.files)

    @cached_property
    def themes(self) -> dict[str, str]:
        """What each code of a theme means: a theme is a dimension of a framework."""
        return _labels(file.themes for file in self.files)

    @cached_property
    def needs(self) -> dict[str, str]:
        """What each code of a need means, in the order in which needs are asked about."""
        return _labels(file.needs for file in self.files)

    def here(self, region: str) -> Iterator[DirectoryResource]:
        """Go through what helps in this region, its own resources first."""
        yield from (each for each in self.resources if each.regions and each.is_for(region))
        yield from (each for each in self.resources if not each.regions)


def _labels(options: Iterable[Iterable[Option]]) -> dict[str, str]:
    return {option.code: option.label for each in options for option in each}
