"""The two files of the official geographic code that ship with the frameworks; `territory` says what they mean."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "frameworks"


@cache
def territory_records(name: str) -> tuple[dict[str, str], ...]:
    """Return the records of `departments` or `regions`, in the order of the file."""
    records: list[dict[str, str]] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return tuple(records)


@cache
def department_codes() -> frozenset[str]:
    """Return the 109 codes a department question accepts."""
    return frozenset(record["code"] for record in territory_records("departments"))
