"""Departments and regions of the official geographic code; the region follows from the department.

What the two files mean; `loading` reads them. A region is never guessed from a postcode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from questionnaire.core.loading import territory_records


@dataclass(frozen=True)
class Department:
    """A department, or an overseas territory that the code lists beside them."""

    code: str
    label: str
    region_code: str


@dataclass(frozen=True)
class Region:
    """A region, by its official code."""

    code: str
    label: str


@dataclass(frozen=True)
class Territory:
    """The whole code, by department and by region."""

    departments: Mapping[str, Department]
    regions: Mapping[str, Region]

    def department(self, code: str) -> Department | None:
        """Return the department with this code, if there is one."""
        return self.departments.get(code)

    def region_of(self, department_code: str) -> Region | None:
        """Return the region that follows from a department, if there is such a department."""
        department = self.department(department_code)
        return self.regions[department.region_code] if department else None


@cache
def territory() -> Territory:
    """Return the territory that ships with the program, read once."""
    places = (Department(**record) for record in territory_records("departments"))
    regions = (Region(**record) for record in territory_records("regions"))
    return Territory(
        MappingProxyType({place.code: place for place in places}),
        MappingProxyType({region.code: region for region in regions}),
    )


def departments() -> tuple[Department, ...]:
    """Return the 109 departments, in the order of their codes."""
    return tuple(territory().departments.values())


def regions() -> tuple[Region, ...]:
    """Return the regions, in the order of their codes, those overseas included."""
    return tuple(territory().regions.values())


def region_of(department_code: str) -> Region:
    """Return the region that follows from a department, or raise KeyError."""
    return territory().regions[territory().departments[department_code].region_code]
