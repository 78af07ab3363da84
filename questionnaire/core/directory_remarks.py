"""What somebody should look at in a directory that is sound: the same help twice, regions without any, old addresses.

Remarks are no faults: the directory can be used. The day is handed over, and nothing is fetched.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from questionnaire.core.directory import Directory, DirectoryResource
from questionnaire.core.territory import Region

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Remarks:
    """The remarks about a directory, each list in its order."""

    same_name: tuple[tuple[DirectoryResource, ...], ...]
    same_address: tuple[tuple[DirectoryResource, ...], ...]
    regions_without: tuple[Region, ...]
    unchecked: tuple[DirectoryResource, ...]

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.same_name or self.same_address or self.regions_without or self.unchecked)


def remarks(directory: Directory, regions: tuple[Region, ...], today: date) -> Remarks:
    """Return what to look at in this directory on this day."""
    served = {code for each in directory.resources for code in each.regions}
    return Remarks(
        same_name=tuple(_twins(directory, lambda each: bare_name(each.name))),
        same_address=tuple(_twins(directory, lambda each: bare_address(each.url or ""))),
        regions_without=tuple(region for region in regions if region.code not in served),
        unchecked=tuple(each for each in directory.resources if each.url and _is_old(each.checked, today)),
    )


def bare_name(name: str) -> str:
    """Return a name without what tells nothing apart: capitals, accents, signs, spaces."""
    decomposed = unicodedata.normalize("NFD", name.casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


def bare_address(url: str) -> str:
    """Return an address without what leads to the same page: scheme, `www.`, capitals, last slash."""
    return url.casefold().partition("://")[2].removeprefix("www.").rstrip("/")


def _twins(directory: Directory, key: Callable[[DirectoryResource], str]) -> Iterator[tuple[DirectoryResource, ...]]:
    groups: dict[str, list[DirectoryResource]] = defaultdict(list)
    for each in directory.resources:
        groups[key(each)].append(each)
    yield from (tuple(group) for name, group in groups.items() if name and len(group) > 1)


def _is_old(checked: date | None, today: date) -> bool:
    return checked is None or today - checked > A_YEAR
