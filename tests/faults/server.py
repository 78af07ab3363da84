"""The server in its production form: `questionnaire serve` as a child process, real HTTP on 127.0.0.1.

It can be killed with everything it started, and started again on the same data folder, under another clock or tracer.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from questionnaire.storage.accounts import User
from questionnaire.storage.schema import METADATA

QUESTIONNAIRE = [str(Path(sys.executable).with_name("questionnaire"))]
GUNICORN = [str(Path(sys.executable).with_name("gunicorn")), "--threads", "4", "questionnaire.app:create_app()"]
KEY = "a-key-of-the-tests-of-thirty-two-characters"
NOT_SOON = ("purge", "mail_follow_up", "plan_look_back")  # jobs that wait for tomorrow, or for months
PASSING = {"installation", "alembic_version", User.__tablename__}  # what no visitor of an association writes


class Server:
    """An installation and the process that serves it."""

    def __init__(self, instance: Path, database_url: str, **settings: str) -> None:
        """Choose everything; start nothing yet."""
        self.instance, self.database_url = instance, database_url
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = {"limits": "off", "mail_url": "file:mails", "base_url": self.url, **settings}
        self.log = instance.parent / f"{instance.name}.log"
        self.temporary = instance.parent / f"{instance.name}.tmp"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environ(self) -> dict[str, str]:
        """The environment of the command line of this installation."""
        own = {"instance": str(self.instance), "database_url": self.database_url, "secret_key": KEY, **self.settings}
        named = {f"QUESTIONNAIRE_{name.upper()}": value for name, value in own.items()}
        return os.environ | named | {"TMPDIR": str(self.temporary)}

    def start(self, *before: str, command: list[str] | None = None, environ: dict[str, str] | None = None) -> float:
        """Start the server, `before` it a program that changes its world; return the seconds until it is ready."""
        serving = command or [*QUESTIONNAIRE, "serve", "--port", str(self.port)]
        self.temporary.mkdir(exist_ok=True)
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*before, *serving], env=self.environ | (environ or {}), stdout=log, stderr=log, start_new_session=True
            )
        self._wait_until_ready()
        return time.monotonic() - began

    def start_gunicorn(self) -> float:
        """Start the same application behind gunicorn, which hands over a body that was cut as if it were whole."""
        return self.start(command=[*GUNICORN, "--bind", f"127.0.0.1:{self.port}"])

    def kill(self) -> None:
        """Kill the server and all it started, as a machine that dies does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop the server as an operator does."""
        self._end(signal.SIGTERM)

    def restart(self, *before: str) -> float:
        """Kill the server and start it again."""
        self.kill()
        return self.start(*before)

    def alive(self) -> bool:
        """Say whether the process still runs."""
        return self.process is not None and self.process.poll() is None

    def command(self, *arguments: str) -> str:
        """Run `questionnaire …` on this installation and return what it prints."""
        ran = subprocess.run([*QUESTIONNAIRE, *arguments], env=self.environ, check=True, capture_output=True, text=True)
        return ran.stdout

    def invite(self, email: str) -> str:
        """Open an advisor's account and return the path of its link."""
        found = re.search(r"https?://[^/]+(/conseiller/lien/\S+)", self.command("advisor", "invite", email))
        assert found
        return found[1]

    @contextmanager
    def connection(self) -> Iterator[sa.Connection]:
        """A connection to the database beside the server's own."""
        engine = sa.create_engine(self.database_url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def rows(self, query: str, **given: Any) -> list[tuple[Any, ...]]:
        """Return what the database answers."""
        with self.connection() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query), given)]

    def kept(self) -> dict[str, list[str]]:
        """Return everything that is kept, table by table, so that nothing changed can be seen."""
        tables = [table for table in METADATA.sorted_tables if table.name not in PASSING]
        with self.connection() as connection:
            found = {table.name: connection.execute(sa.select(table)).all() for table in tables}
        found["job"] = [row for row in found["job"] if row.kind != "purge"]
        return {name: sorted(map(str, rows)) for name, rows in found.items()}

    def wait_for_jobs(self) -> None:
        """Wait until nothing is left to do soon in the background: whatever changes then was changed by somebody."""
        for _ in range(3000):
            if not self.rows(f"SELECT id FROM job WHERE done_at IS NULL AND kind NOT IN {NOT_SOON}"):
                return
            time.sleep(0.1)
        raise AssertionError("the jobs are never done")

    def unharmed(self) -> bool:
        """Say whether the database finds nothing wrong with itself (PostgreSQL is not the one that is killed)."""
        if not self.database_url.startswith("sqlite"):
            return True
        return self.rows("PRAGMA integrity_check") == [("ok",)] and not self.rows("PRAGMA foreign_key_check")

    def remembered(self) -> str:
        """Return what the log says."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def memory(self) -> int:
        """Return the resident memory of the process, in MB."""
        assert self.process
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) // 1024 if found else 0

    def _wait_until_ready(self) -> None:
        for _ in range(1200):
            assert self.alive(), f"the server stopped at once: {self.remembered()[-500:]}"
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"nothing answers at {self.url}")

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        self.process.wait(timeout=30)
        self.process = None


def a_database(kind: str, folder: Path, cluster: str) -> str:
    """Return the address of a new, empty database of this kind."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'questionnaire.sqlite'}"
    name = f"faults_{os.urandom(6).hex()}"
    engine = sa.create_engine(cluster, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return cluster.rpartition("/")[0] + f"/{name}"


def renderers(parent: int) -> list[int]:
    """Return the renderers that this process started; one that is only about to become one is let be."""
    with suppress(OSError):
        found = [
            child for each in Path(f"/proc/{parent}/task").glob("*/children") for child in each.read_text().split()
        ]
        return [int(child) for child in found if b"questionnaire.pdf" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return []


def free_port() -> int:
    """Return a port nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
