"""Both databases, with the same expected results: SQLite in a file, and a PostgreSQL of the tests’ own, emptied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage import schema
from questionnaire.storage.database import CHANGING_TABLES, make_engine, write_first


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An engine on an empty database with the newest schema."""
    file = f"sqlite:///{tmp_path / 'store.sqlite'}"
    engine = make_engine(file if request.param == "sqlite" else request.getfixturevalue("postgresql"))
    if request.param == "postgresql":
        with engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
    with engine.execution_options(**CHANGING_TABLES).begin() as connection:
        schema.upgrade(connection)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A session that is about to write."""
    with Session(engine, expire_on_commit=False) as session:
        write_first(session)
        yield session
