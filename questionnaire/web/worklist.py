"""What an advisor chose to see in the work list, read from the address so that it can be bookmarked, and shown.

What an address holds that means nothing is passed over, never refused: an old bookmark still opens a list.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from flask import request, url_for

from questionnaire.core.journey import State
from questionnaire.core.territory import departments, territory
from questionnaire.storage.worklist import Found, Heap, Sort, Wanted

PAGE = 50
HEAP_WORDS: dict[str, Heap] = {
    "a-moi": "mine", "sans-conseiller": "unassigned", "a-rendre": "to_return", "a-relancer": "to_chase",
}  # fmt: skip
SORTS: dict[str, Sort] = {"recents": "recent", "anciens": "oldest", "nom": "name"}
STATES: dict[State, str] = {
    "sent": "Envoyé",
    "in_review": "En relecture",
    "to_complete": "À compléter",
    "returned": "Avis rendu",
    "followed": "En suivi",
    "closed": "Clos",
}
AGES = {"7": "une semaine", "30": "un mois", "90": "trois mois", "365": "un an"}
NAMES = ("liste", "etat", "territoire", "campagne", "depuis", "recherche", "tri")


@dataclass(frozen=True)
class Choice:
    """What the address asks for, as it stands in its fields, and as the store wants it."""

    given: Mapping[str, str]
    page: int
    wanted: Wanted

    def url(self, **changes: str | int) -> str:
        """Return the address of the same list with something changed; the first page unless it says otherwise."""
        kept: dict[str, Any] = {name: value for name, value in {**self.given, **changes}.items() if value}
        return url_for("advisor.index", **kept)

    def file(self, kind: str) -> str:
        """Return the address of the same list, all its pages, as a spreadsheet: "csv" or "xlsx"."""
        kept: dict[str, Any] = {name: value for name, value in self.given.items() if value}
        return url_for("exports.files", kind=kind, **kept)

    def pages(self, found: Found) -> int:
        """Return how many pages the list has, at least one."""
        return max(1, -(-found.total // PAGE))


def read_choice(arguments: Mapping[str, str], now: datetime | None = None) -> Choice:
    """Read the address of the list."""
    now = now or datetime.now(UTC)
    given = {name: printable(arguments.get(name, "")) for name in NAMES}
    page = _page(arguments.get("page", ""))
    age = given["depuis"] if given["depuis"] in AGES else ""
    wanted = Wanted(
        heap=HEAP_WORDS.get(given["liste"], "mine"),
        state=next((state for state in get_args(State) if state == given["etat"]), None),
        departments=_departments(given["territoire"]),
        campaign=_uuid(given["campagne"]),
        since=now - timedelta(days=int(age)) if age else None,
        search=given["recherche"],
        sort=SORTS.get(given["tri"], "recent"),
        first=(page - 1) * PAGE,
        count=PAGE,
    )
    return Choice(given, page, wanted)


def territory_choices() -> list[tuple[str, str]]:
    """Return what the list can be narrowed to: each region, then each department."""
    regions = [(f"r{each.code}", each.label) for each in territory().regions.values()]
    return [*regions, *((each.code, f"{each.code} {each.label}") for each in departments())]


def department_label(code: str | None) -> str:
    """Return a department in words; '' for none."""
    place = territory().department(code or "")
    return place.label if place else ""


def page_number() -> int:
    """Return the page of a list that the current address asks for; the first one for anything that means none."""
    return _page(request.args.get("page", ""))


def _page(number: str) -> int:
    return min(max(int(number), 1), 10_000) if number.isascii() and number.isdecimal() and len(number) < 6 else 1


def _departments(chosen: str) -> tuple[str, ...]:
    if chosen.startswith("r"):
        return tuple(each.code for each in departments() if each.region_code == chosen[1:]) or ("-",)
    return (chosen,) if chosen else ()


def printable(text: str) -> str:
    """Return what somebody typed into a search, as a page may show it."""
    return "".join(each for each in text if each.isprintable()).strip()[:200]


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
