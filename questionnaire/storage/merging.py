"""Two people, or two tabs, save the same page: what can be kept of both, and where somebody must choose.

A field is one value of the profile, or one part of an answer (its level, its evidence…). Pure: no database here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]
Field = tuple[str, ...]


def merge(base: Values, current: Values, mine: Values) -> tuple[dict[str, Any], tuple[Field, ...]]:
    """Merge `mine` into `current`, both grown from `base`.

    Return the merged values, and the fields that both changed, differently (there, the merged values hold `mine`).
    """
    before, theirs, ours = fields(base), fields(current), fields(mine)
    merged: dict[Field, Any] = {}
    conflicts: list[Field] = []
    for field in {**theirs, **ours}:
        was, there, here = before.get(field), theirs.get(field), ours.get(field)
        merged[field] = there if here == was else here
        if was not in (there, here) and there != here:
            conflicts.append(field)
    return _nested(merged), tuple(conflicts)


def onto_newest(
    history: Mapping[int, Values], base_version: int, mine: Values
) -> tuple[int, Values, dict[str, Any], tuple[Field, ...]]:
    """Merge `mine`, grown from one version of a page's history, into the newest one.

    Return the newest version (0 without any) and its values, the merged values, and the fields that both changed.
    """
    newest = max(history, default=0)
    current = history.get(newest, {})
    merged, conflicts = merge(history.get(base_version, {}), current, mine)
    return newest, current, merged, conflicts


def fields(values: Values) -> dict[Field, Any]:
    """Return the page's values, flat: `("department",)` or `("ECO-1a", "value")` to what was given there."""
    flat: dict[Field, Any] = {}
    for name, value in values.items():
        parts = value.items() if isinstance(value, Mapping) else None
        flat.update({(name,): value} if parts is None else {(name, part): text for part, text in parts})
    return flat


def _nested(flat: Mapping[Field, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for (name, *part), value in flat.items():
        if value is None:
            continue
        if part:
            values.setdefault(name, {})[part[0]] = value
        else:
            values[name] = value
    return values
