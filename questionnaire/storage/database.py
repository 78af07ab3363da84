"""The base of all models, and how a connection to the database behaves: the same promises on SQLite and PostgreSQL.

SQLite keeps a write-ahead log, syncs each commit to the disk, checks foreign keys and waits for a lock. Who is going
to write says so first (`write_first`): the lock is then taken at the start, where waiting for it loses nothing.
This file may not know any table.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Session

BUSY_SECONDS = 5
LARGEST_NUMBER = 2**31 - 1  # that an integer column holds; an address or a form may say any number
# For the schema's steps: SQLite changes a table by making it again; dropping the old one must not empty its children.
CHANGING_TABLES = {"begin": "IMMEDIATE", "foreign_keys": "OFF"}
NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment, aware and in UTC on both databases; SQLite alone would forget the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a moment without a zone; keep the others in UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("A stored moment needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the zone back to what SQLite returns."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Base(DeclarativeBase):
    """What all models share: constraints with predictable names, so that a migration can name them."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: sa.JSON()}  # noqa: RUF012 - SQLAlchemy's own form


def make_engine(url: str) -> sa.Engine:
    """Return an engine on `url` that keeps this house's promises."""
    engine = sa.create_engine(url, **engine_options(url))
    prepare(engine)
    return engine


def engine_options(url: str) -> dict[str, Any]:
    """Return the options of `create_engine` for this database."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": BUSY_SECONDS}, "hide_parameters": True}
    return {"pool_pre_ping": True, "hide_parameters": True, "connect_args": {"connect_timeout": BUSY_SECONDS}}


def prepare(engine: sa.Engine) -> None:
    """Give each new connection its settings, and each transaction its beginning."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:
        sa.event.listen(engine, "connect", _set_up_postgresql)


def write_first(session: Session) -> None:
    """Take the right to write when the session's transaction begins, rather than in its middle.

    SQLite would otherwise refuse a reader that becomes a writer, however long it is ready to wait.
    """
    session.bind = session.get_bind().execution_options(begin="IMMEDIATE")


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin_sqlite` does
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql(
        f"PRAGMA foreign_keys={options.get('foreign_keys', 'ON')}"
    )  # only heard outside of BEGIN
    connection.exec_driver_sql(f"BEGIN {options.get('begin', 'DEFERRED')}")


def _set_up_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
    connection.commit()
