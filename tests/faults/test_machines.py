"""Two servers and two workers on one PostgreSQL, each with a data folder of its own; one of each dies under load.

What was acknowledged is kept, and every PDF is made, once. In the campaign nginx stands before the servers, and the
work of a dead worker is taken up when its lease is over; here every lease is over at once, those of the living too.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.faults.conftest import FULL, Figure, MakeServer
from tests.faults.machines import Wanderer, Worker, nginx
from tests.faults.server import Server
from tests.faults.test_kill import Writer

SIGN_IN, TRIES = "/conseiller/connexion", 10  # for one account in a quarter of an hour
COUNTED = """
CREATE TABLE drawn (assessment_id uuid, name text);
CREATE FUNCTION count_drawn() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO drawn VALUES (NEW.assessment_id, NEW.name); RETURN NEW; END';
CREATE TRIGGER drawn AFTER INSERT OR UPDATE ON document
  FOR EACH ROW WHEN (NEW.pdf IS NOT NULL) EXECUTE FUNCTION count_drawn()
"""
OVER = "UPDATE job SET run_after = TIMESTAMPTZ '2026-01-01 00:00Z' WHERE done_at IS NULL AND attempts > 0"


@dataclass(frozen=True)
class Machines:
    """The servers, the workers beside them, and the addresses that people may come to."""

    servers: list[Server]
    workers: list[Worker]
    front: list[str]

    def finish(self, email: str) -> str:
        """Answer everything as somebody new and finish; return the assessment's id once that is acknowledged."""
        somebody = Wanderer(self.front)
        somebody.begin("Les Jardins du Lez", email).answer_everything()
        assert somebody.finish().acknowledged
        return somebody.assessment_id

    def change(self, statements: str) -> None:
        """Change something in the database, behind everybody's back."""
        with self.servers[0].connection() as connection:
            connection.execute(sa.text(statements))
            connection.commit()

    def letters(self) -> list[tuple[str, str]]:
        """Return whom each letter went to, and its identity, whichever machine sent it."""
        files = [path for each in self.servers for path in (each.instance / "mails").glob("*")]
        read = [message_from_bytes(path.read_bytes()) for path in files]
        return [(str(each["To"]), str(each["Message-ID"])) for each in read]


def two_servers(make_server: MakeServer, **settings: str) -> list[Server]:
    """Start two servers on one empty PostgreSQL at the same moment."""
    servers = [make_server("postgresql", **settings) for _ in range(2)]
    servers[1].database_url = servers[0].database_url
    with ThreadPoolExecutor() as pool:
        list(pool.map(Server.start, servers))
    return servers


@pytest.fixture
def machines(make_server: MakeServer, tmp_path: Path) -> Iterator[Machines]:
    """Two servers and two workers that run, behind nginx in the campaign."""
    servers = two_servers(make_server, queue="procrastinate")
    workers = [Worker(each) for each in servers]
    with ExitStack() as stack:
        front = [stack.enter_context(nginx(tmp_path / "nginx", servers))] if FULL else [each.url for each in servers]
        made = Machines(servers, workers, front)
        made.change(COUNTED)
        for each in workers:
            stack.callback(each.kill)
            each.start()
        yield made


def test_what_was_acknowledged_is_kept_and_made_once_whoever_dies(
    machines: Machines, figure: Figure, record_property: Callable[[str, object], None]
) -> None:
    people, finished = figure("people who write", 2, full=8), []
    writers = [Writer(Wanderer(machines.front).begin(f"Club {number}")) for number in range(people)]
    for number in range(figure("servers and workers killed", 1, full=15)):
        emails = [f"club{number}-{each}@example.org" for each in range(figure("finished a time", 1, full=3))]
        finished += finish_while_others_write_and_one_of_each_dies(
            machines, writers, machines.servers[number % 2], emails
        )
        for writer in writers:
            writer.come_back()
    assert sum(writer.answers for writer in writers) > people
    machines.servers[0].wait_for_jobs()
    drawn = Counter(machines.servers[0].rows("SELECT CAST(assessment_id AS text), name FROM drawn"))
    assert drawn == Counter((each, name) for each in finished for name in ("essentials", "report"))
    letters = machines.letters()
    assert len({identity for _, identity in letters}) == len({to for to, _ in letters}) == len(finished)
    record_property("letters sent again", len(letters) - len(finished))
    purges = machines.servers[0].rows("SELECT done_at IS NULL FROM job WHERE kind = 'purge' ORDER BY 1")
    assert purges == [(False,), (True,)], "today's once, and tomorrow's"
    assert machines.workers[1].stop() == 0


def finish_while_others_write_and_one_of_each_dies(
    machines: Machines, writers: list[Writer], doomed: Server, emails: list[str]
) -> list[str]:
    """Finish assessments, kill a worker that draws one and this server, start both again; return what was finished."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(writers)) as pool:
        writing = [pool.submit(each.write_until, stop) for each in writers]
        finished = [machines.finish(each) for each in emails]
        worker = who_draws(machines.workers)
        worker.kill()
        doomed.kill()
        if not FULL:
            machines.change(OVER)
        worker.start()
        doomed.start()
        stop.set()
    for each in writing:
        each.result()
    return finished


def who_draws(workers: list[Worker]) -> Worker:
    """Wait until a worker is drawing, and return it."""
    for _ in range(6000):
        if found := [each for each in workers if each.draws()]:
            return found[0]
        time.sleep(0.01)
    raise AssertionError("nobody draws")


def test_a_limit_holds_whichever_machine_is_asked(make_server: MakeServer) -> None:
    servers = two_servers(make_server, limits="on")

    def guess(number: int) -> int:
        somebody = Wanderer([each.url for each in (servers if number % 2 else reversed(servers))])
        return somebody.submit(SIGN_IN, SIGN_IN, email="camille@reseau.example", password=f"essai {number}").status

    with ThreadPoolExecutor(4) as pool:
        assert Counter(pool.map(guess, range(TRIES + 6))) == {422: TRIES, 429: 6}
