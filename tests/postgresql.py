"""A PostgreSQL of the tests' own, emptied of nothing: each test that wants one makes its own database in it.

PostgreSQL refuses to run as root; as root it is started as the nearest ordinary account, `nobody`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def a_cluster(*settings: str) -> Iterator[str]:
    """Start a server with these settings, give its address, and take it away at the end."""
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
    options = [f"-p {port} -k {folder} -c listen_addresses=127.0.0.1", *(f"-c {each}" for each in settings)]
    run(server, "-D", data, "-l", str(folder / "log"), "-o", " ".join(options), "-w", "start")
    try:
        yield f"postgresql+psycopg://tests@127.0.0.1:{port}/postgres"
    finally:
        run(server, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests; quick, since nobody cuts its power."""
    with a_cluster("fsync=off") as address:
        yield address
