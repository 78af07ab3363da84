"""A row in every table that holds something about an association, so that no table is forgotten when one is added."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage import holdings
from questionnaire.storage.accounts import User
from questionnaire.storage.database import UtcDateTime
from questionnaire.storage.models import Assessment
from tests.builders import NOW


def fill_every_table(session: Session, assessment: Assessment, advisor: User, word: str) -> set[str]:
    """Add one more row about this assessment to each such table, this word in all its texts; return the tables' names.

    The rows obey the schema, keys included, and mean nothing.
    """
    ids = {"assessment": assessment.id, "association": assessment.association_id, "user": advisor.id}
    session.flush()
    for table in holdings.tables():
        if table.name not in ids:
            counted = table.autoincrement_column  # the database numbers these rows itself
            row = {column.name: _value(column, ids, word) for column in table.columns if column is not counted}
            made = session.connection().execute(sa.insert(table).values(row)).inserted_primary_key or (None,)
            ids[table.name] = made[0]
    return set(ids) - {"user", "assessment", "association"}


def _value(column: sa.Column[Any], ids: dict[str, Any], word: str) -> Any:
    for key in column.foreign_keys:
        return ids[key.column.table.name]
    if isinstance(column.type, sa.String):
        return (uuid.uuid4().hex if column.unique else word)[: column.type.length]
    given = {
        sa.Uuid: uuid.uuid4(),
        UtcDateTime: NOW,
        sa.Date: NOW.date(),
        sa.LargeBinary: word.encode(),
        sa.JSON: {"mot": word},
    }
    return next((value for kind, value in given.items() if isinstance(column.type, kind)), 1)
