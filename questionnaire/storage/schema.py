"""The database's schema: which step it is at, and how it reaches the newest one, under a lock.

This file may not know what the tables mean.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from questionnaire.storage import (
    accounts,
    installation_models,
    models,
    observatory_models,
    plan_models,
    portfolio_models,
)
from questionnaire.storage.database import Base

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
METADATA = Base.metadata
# so that METADATA knows every table
TABLES = (installation_models, models, plan_models, portfolio_models, observatory_models, accounts)
_LOCK = 0x71756573  # any number, the same for each process: PostgreSQL's advisory lock of the migrations


class NewerSchema(Exception):
    """The database was written by a newer version of this program."""


def current_step(connection: sa.Connection) -> str | None:
    """Return the step this database is at; None where there is no schema yet."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: sa.Connection, to: str = "head") -> None:
    """Bring the schema to the newest step, or to `to`, in the connection's transaction, opened with `CHANGING_TABLES`.

    Raises NewerSchema, and RuntimeError if a step left a row that points at nothing.
    """
    config = _config()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    scripts = ScriptDirectory.from_config(config)
    step = current_step(connection)
    known = {script.revision for script in scripts.walk_revisions()}
    for asked in {step, to} - {None, "head"} - known:
        raise NewerSchema(asked)
    if step != scripts.get_current_head():
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        check_references(connection)


def check_references(connection: sa.Connection) -> None:
    """Raise RuntimeError if a row points at nothing; PostgreSQL watches by itself."""
    if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"A step of the schema left rows that point at nothing: {lost[:3]}")


def newest_step() -> str | None:
    """Return the newest step this program ships."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
