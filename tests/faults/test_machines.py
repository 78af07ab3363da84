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
from itertools import product

import pytest
import sqlalchemy as sa

from tests.faults.conftest import FULL, Figure, a_server
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

    def finish(self, email: str) -> Wanderer:
        """Answer everything as somebody new and finish; return who it was once that is acknowledged."""
        somebody = Wanderer(self.front)
        somebody.begin("Les Jardins du Lez", email).answer_everything()
        assert somebody.finish().acknowledged
        return somebody

    def download(self, somebody: Wanderer, file: str) -> None:
        """Come back until the PDF is there. One given up by a machine too busy may be asked for again at once."""
        for _ in range(600):
            if somebody.get(somebody.path(file)).status == 200:
                return
            self.change("UPDATE document SET failures = 0 WHERE pdf IS NULL")
            time.sleep(0.5)
        raise AssertionError(f"{file} is never made")

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


@pytest.fixture(scope="module")
def machines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Two servers, started at one moment on an empty PostgreSQL, and two workers; behind nginx in the campaign."""
    with ExitStack() as stack:
        places = [tmp_path_factory.mktemp("machine") for _ in range(2)]
        own = {"queue": "procrastinate", "limits": "on"}
        servers = [stack.enter_context(a_server(request, "postgresql", place, **own)) for place in places]
        servers[1].database_url = servers[0].database_url
        with ThreadPoolExecutor() as pool:
            list(pool.map(Server.start, servers))
        nearest = [each.url for each in servers]
        front = [stack.enter_context(nginx(tmp_path_factory.mktemp("nginx"), servers))] if FULL else nearest
        made = Machines(servers, [Worker(each) for each in servers], front)
        made.change(COUNTED)
        for each in made.workers:
            stack.callback(each.kill)
            each.start()
        yield made


def test_what_was_acknowledged_is_kept_and_made_once_whoever_dies(
    machines: Machines, figure: Figure, record_property: Callable[[str, object], None]
) -> None:
    people = figure("people who write", 2, full=8)
    finished: list[Wanderer] = []
    writers = [Writer(Wanderer(machines.front).begin(f"Club {number}")) for number in range(people)]
    for number in range(figure("servers and workers killed", 1, full=10)):
        doomed = machines.servers[number % 2]
        finished.append(finish_while_others_write_and_one_of_each_dies(machines, writers, doomed, number))
        for writer in writers:
            writer.come_back()
    assert sum(writer.answers for writer in writers) > people
    for somebody, file in product(finished, ("essentiel.pdf", "rapport.pdf")):
        machines.download(somebody, file)
    machines.servers[0].wait_for_jobs()
    drawn = Counter(machines.servers[0].rows("SELECT CAST(assessment_id AS text), name FROM drawn"))
    assert drawn == Counter((each.assessment_id, name) for each in finished for name in ("essentials", "report"))
    letters = machines.letters()
    assert len({identity for _, identity in letters}) == len({to for to, _ in letters}) == len(finished)
    record_property("letters sent again", len(letters) - len(finished))
    purges = machines.servers[0].rows("SELECT done_at IS NULL FROM job WHERE kind = 'purge' ORDER BY 1")
    assert purges == [(False,), (True,)], "today's once, and tomorrow's"
    assert machines.workers[1].stop() == 0


def finish_while_others_write_and_one_of_each_dies(
    machines: Machines, writers: list[Writer], doomed: Server, number: int
) -> Wanderer:
    """Finish an assessment, kill a worker that draws and this server, start both again; return who finished."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(writers)) as pool:
        writing = [pool.submit(each.write_until, stop) for each in writers]
        somebody = machines.finish(f"club{number}@example.org")
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
    return somebody


def who_draws(workers: list[Worker]) -> Worker:
    """Wait until a worker is drawing, and return it."""
    for _ in range(6000):
        if found := [each for each in workers if each.draws()]:
            return found[0]
        time.sleep(0.01)
    raise AssertionError("nobody draws")


def test_a_limit_holds_whichever_machine_is_asked(machines: Machines) -> None:
    def guess(number: int) -> int:
        somebody = Wanderer(machines.front[:: 1 if number % 2 else -1])
        return somebody.submit(SIGN_IN, SIGN_IN, email="camille@reseau.example", password=f"essai {number}").status

    with ThreadPoolExecutor(4) as pool:
        assert Counter(pool.map(guess, range(TRIES + 6))) == {422: TRIES, 429: 6}
