"""Everything that is kept about one assessment and its association: found by following the keys, nothing forgotten.

It answers the right of access. Other people appear only by the name under which they act: an advisor who read or wrote.
Columns that are not handed over stand in `WITHHELD`, each with why.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage.accounts import User
from questionnaire.storage.journey import public_name
from questionnaire.storage.models import Assessment
from questionnaire.storage.schema import METADATA

WITHHELD = {
    "assessment.link_sha256": "of the private link, which its holder has and nobody else may rebuild",
}
Holdings = dict[str, list[dict[str, Any]]]


def holdings(session: Session, assessment: Assessment) -> Holdings:
    """Return every row about this assessment, by table; advisors by their name."""
    names = {user.id: public_name(user) for user in session.scalars(sa.select(User))}
    kept = {}
    for table, chosen in _about(assessment).items():
        rows = session.execute(sa.select(table).where(chosen).order_by(*table.primary_key)).mappings()
        kept[table.name] = [_row(table, dict(row), names) for row in rows]
    return kept


def tables() -> list[sa.Table]:
    """Return the tables that hold something about an association, those that others point at first."""
    return list(_reached({"association", "assessment"}))


def _reached(names: set[str]) -> dict[sa.Table, list[sa.ForeignKey]]:
    found: dict[sa.Table, list[sa.ForeignKey]] = {}
    for table in METADATA.sorted_tables:
        keys = [key for key in table.foreign_keys if key.column.table in found]
        if table.name in names or keys:
            found[table] = [] if table.name in names else keys
    return found


def _about(assessment: Assessment) -> dict[sa.Table, sa.ColumnElement[bool]]:
    """Return what to ask of each table: the rows that point, from table to table, at this assessment."""
    ids = {"assessment": assessment.id, "association": assessment.association_id}
    chosen: dict[sa.Table, sa.ColumnElement[bool]] = {}
    for table, keys in _reached(set(ids)).items():
        if table.name in ids:
            chosen[table] = table.c.id == ids[table.name]
        else:
            pointing = (key.parent.in_(sa.select(key.column).where(chosen[key.column.table])) for key in keys)
            chosen[table] = sa.or_(*pointing)
    return chosen


def _row(table: sa.Table, row: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    people = {key.parent.name for key in table.foreign_keys if key.column.table.name == "user"}
    shown = {
        name: names.get(value, "") if name in people else _plain(value)
        for name, value in row.items()
        if f"{table.name}.{name}" not in WITHHELD
    }
    facts = shown.get("facts")
    if isinstance(facts, dict) and "advisor_id" in facts:
        shown["facts"] = {**facts, "advisor_id": names.get(facts["advisor_id"], "")}
    return shown


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes) else value
