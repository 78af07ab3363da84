"""The database is locked, or its disk full: nothing is said to be saved that is not; what was typed comes back."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.faults.conftest import FULL, Figure, MakeServer
from tests.faults.server import Server
from tests.faults.visitor import Answer, Respondent

PAGE = "ECO"
TYPED = {"evidence_ECO-1a": "Le compte rendu du 12 mars.", "comment_ECO-2a": "", "q_ECO-1a": "3"}


@contextmanager
def held(server: Server) -> Iterator[Connection]:
    """Hold what a save needs, as a backup program or a stuck transaction would."""
    holding = "BEGIN IMMEDIATE" if "sqlite" in server.database_url else "LOCK TABLE assessment IN EXCLUSIVE MODE"
    with server.connection() as connection:
        connection.exec_driver_sql(holding)
        try:
            yield connection
        finally:
            connection.exec_driver_sql("ROLLBACK")


def test_a_short_lock_is_waited_for(live: Server, respondent: Respondent, figure: Figure) -> None:
    form = respondent.page(PAGE)
    with ThreadPoolExecutor(1) as other:
        with held(live):
            answer = other.submit(respondent.post, respondent.path(PAGE), form.filled(TYPED))
            time.sleep(figure("seconds", 1, full=3))
        assert answer.result().status == 303
    assert respondent.page(PAGE).get("evidence_ECO-1a") == TYPED["evidence_ECO-1a"]


def test_a_long_lock_gives_everything_back_and_passes(live: Server, respondent: Respondent, figure: Figure) -> None:
    assert respondent.save(PAGE, **{"comment_ECO-2a": "À effacer."}).status == 303
    form, until = respondent.page(PAGE), time.monotonic() + figure("seconds", 1, full=30)
    with held(live):
        answer = respondent.post(respondent.path(PAGE), form.filled(TYPED))
        given_back(answer)
        assert respondent.get(respondent.path()).status == 200  # reading goes on
        time.sleep(max(0, until - time.monotonic()))
    assert respondent.page(PAGE).get("comment_ECO-2a") == "À effacer."
    again = respondent.post(respondent.path(PAGE), answer.forms[0].filled({}))
    assert again.status == 303
    after = respondent.page(PAGE)
    assert {name: after.get(name) for name in TYPED} == TYPED


def given_back(answer: Answer) -> None:
    """Raise AssertionError unless the answer says that nothing is kept, and shows what was typed."""
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert TYPED["evidence_ECO-1a"] in answer.tree.xpath("string(//main)")


# --- a full disk ------------------------------------------------------------------------------------------------------


@contextmanager
def files_may_not_grow(server: Server) -> Iterator[None]:
    """Let no file of the server grow by more than a few kilobytes: like a full disk, on any machine."""
    assert server.process
    largest = max(file.stat().st_size for file in server.instance.iterdir())
    limit = ["prlimit", f"--pid={server.process.pid}"]
    subprocess.run([*limit, f"--fsize={largest + 40_000}:unlimited"], check=True)
    yield
    subprocess.run([*limit, "--fsize=unlimited"], check=True)


@contextmanager
def disk_is_full(server: Server) -> Iterator[None]:
    """Fill the disk of the data folder, and free it at the end."""
    ballast = server.instance / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    yield
    ballast.unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes; making one needs root, so only the campaign does."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "none", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_files_that_may_not_grow_lose_nothing(make_server: MakeServer) -> None:
    server = make_server("sqlite")
    server.start()
    fill_then_free(server, files_may_not_grow)


if FULL:

    def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
        server = Server(small_disk, f"sqlite:///{small_disk / 'questionnaire.sqlite'}")
        server.start()
        try:
            fill_then_free(server, disk_is_full)
        finally:
            server.kill()


def fill_then_free(server: Server, trouble: object) -> None:
    """Save until it no longer can be, look at what was said; then free the disk and save again."""
    assert callable(trouble)
    respondent = Respondent(server.url).begin()
    number, form = 0, respondent.page(PAGE)
    with trouble(server):
        while True:
            typed = TYPED | {"comment_ECO-2a": f"{number} " * 400, "version": str(number)}
            answer = respondent.post(respondent.path(PAGE), form.filled(typed))
            if not answer.acknowledged:
                break
            number += 1
            assert number < 2000, "the disk never was full"
        given_back(answer)
    assert respondent.page(PAGE).get("version") == str(number)
    assert respondent.post(respondent.path(PAGE), answer.forms[0].filled({})).status == 303
    assert respondent.page(PAGE).get("comment_ECO-2a").startswith(f"{number} ")
    assert server.alive()
    assert server.unharmed()
