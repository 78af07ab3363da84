"""How often something was tried lately, counted in the database: a limit holds across processes and machines.

The counts live a few minutes and mean nothing to anybody, so on SQLite they have a file of their own: counting never
waits for somebody who is saving. Keys are hashed: no address stands here. It may not know what is limited.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

import sqlalchemy as sa
from limits.storage import MovingWindowSupport, Storage

from questionnaire.storage.database import NAMES, make_engine

_HITS = sa.Table(
    "limit_hit",
    sa.MetaData(naming_convention=NAMES),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("key", sa.String(64), nullable=False, index=True),
    sa.Column("at", sa.Double, nullable=False, index=True),
)
_LONGEST = 24 * 3600


class DatabaseLimits(Storage, MovingWindowSupport):
    """The counts that Flask-Limiter reads and adds to, by its moving window."""

    STORAGE_SCHEME = ["database"]  # noqa: RUF012 - the library's own form

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, *, url: str, **options: Any) -> None:
        """Open the database at `url`; the table is made where it lacks."""
        super().__init__(uri, wrap_exceptions, **options)
        self._engine = make_engine(url).execution_options(begin="IMMEDIATE")
        with self._engine.begin() as connection:
            _alone(connection, "limit_hit")
            _HITS.metadata.create_all(connection)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the library may wrap."""
        return sa.exc.SQLAlchemyError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more tries unless that makes more than `limit` in `expiry` seconds; say whether it did."""
        hashed, now = _hashed(key), time.time()
        with self._engine.begin() as connection:
            _alone(connection, hashed)
            connection.execute(sa.delete(_HITS).where(_HITS.c.at < now - _LONGEST))
            if _count(connection, hashed, now - expiry) + amount > limit:
                return False
            connection.execute(sa.insert(_HITS), [{"key": hashed, "at": now}] * amount)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest try still counted was made, and how many there are."""
        hashed, now = _hashed(key), time.time()
        with self._engine.connect() as connection:
            oldest = sa.select(sa.func.min(_HITS.c.at)).where(_HITS.c.key == hashed, _HITS.c.at > now - expiry)
            return connection.scalar(oldest) or now, _count(connection, hashed, now - expiry)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more tries, whatever the limit, and return how many there are."""
        self.acquire_entry(key, 2**31, expiry, amount)
        return self.get_moving_window(key, 0, expiry)[1]

    def get(self, key: str) -> int:
        """Return how many tries are kept for this key."""
        return self.get_moving_window(key, 0, _LONGEST)[1]

    def get_expiry(self, key: str) -> float:
        """Return when the oldest try kept for this key is forgotten."""
        return self.get_moving_window(key, 0, _LONGEST)[0] + _LONGEST

    def check(self) -> bool:
        """Say whether the database answers."""
        with self._engine.connect() as connection:
            return connection.scalar(sa.select(1)) == 1

    def reset(self) -> int | None:
        """Forget all tries."""
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(_HITS)).rowcount

    def clear(self, key: str) -> None:
        """Forget the tries of this key."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_HITS).where(_HITS.c.key == _hashed(key)))


def limits_url(database_url: str) -> str:
    """Return where the counts of this database live: beside a SQLite file, inside any other database."""
    url = sa.make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return database_url
    return url.set(database=f"{url.database}-limits").render_as_string(hide_password=False)


def _alone(connection: sa.Connection, key: str) -> None:
    """Let one transaction at a time count under this key; on SQLite the write lock does it already."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(key))))


def _count(connection: sa.Connection, hashed: str, since: float) -> int:
    query = sa.select(sa.func.count()).select_from(_HITS).where(_HITS.c.key == hashed, _HITS.c.at > since)
    return connection.scalar(query) or 0


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
