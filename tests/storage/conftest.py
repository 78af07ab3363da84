"""Both databases, with the same expected results: SQLite in a file, and a PostgreSQL of the tests’ own, emptied first.

PostgreSQL refuses to run as root; as root it is started as the nearest ordinary account, `nobody`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage import schema
from questionnaire.storage.database import CHANGING_TABLES, make_engine, write_first


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    ordinary = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    if ordinary:
        shutil.chown(folder, "nobody")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        subprocess.run([*ordinary, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    data, server = str(folder / "data"), str(programs / "pg_ctl")
    run(str(programs / "initdb"), "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    run(server, "-D", data, "-l", str(folder / "log"), "-o", options, "-w", "start")
    try:
        yield f"postgresql+psycopg://tests@127.0.0.1:{port}/postgres"
    finally:
        run(server, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


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
