"""The stage of the fault tests: a server in its production form, on SQLite and on PostgreSQL, and how much is asked.

In `script/test` each promise is tried for a few seconds; with FIGURES=full (`script/campaign`) with its full figure.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faults.server import Server, a_database
from tests.faults.visitor import Respondent

FULL = os.environ.get("FIGURES") == "full"
Figure = Callable[..., int]
MakeServer = Callable[..., Server]
NO_WORKER = {"queue": "procrastinate"}  # letters and PDFs wait: where nobody reads them, drawing them costs minutes


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """How much of something to do: `figure("kills", 2, full=200)`; the campaign's report says it by that name."""

    def chosen(name: str, light: int, *, full: int) -> int:
        amount = full if FULL else light
        record_property(name, amount)
        return amount

    return chosen


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database: the same results are expected of both."""
    return str(request.param)


@contextmanager
def a_server(request: pytest.FixtureRequest, kind: str, folder: Path, **settings: str) -> Iterator[Server]:
    """A server with this data folder, not started; whatever runs is killed at the end."""
    cluster = request.getfixturevalue("postgresql") if kind == "postgresql" else ""
    server = Server(folder, a_database(kind, folder, cluster), **settings)
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture
def make_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeServer]:
    """Make servers with data folders of their own: `make_server("sqlite", limits="on")`."""
    with ExitStack() as stack:

        def make(kind: str, **settings: str) -> Server:
            folder = tmp_path / f"instance-{time.monotonic_ns()}"
            folder.mkdir(mode=0o700)
            return stack.enter_context(a_server(request, kind, folder, **settings))

        yield make


@pytest.fixture
def server(make_server: MakeServer, database: str) -> Server:
    """A server that runs, for a test that may harm it; nothing limits how often something is tried."""
    server = make_server(database)
    server.start()
    return server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that runs for all tests that harm nothing: each begins assessments of its own."""
    with a_server(request, request.param, tmp_path_factory.mktemp("live"), **NO_WORKER) as server:
        server.start()
        yield server


@pytest.fixture
def respondent(live: Server) -> Respondent:
    """Somebody who has just begun."""
    return Respondent(live.url).begin()
