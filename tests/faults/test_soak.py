"""A server works for long: memory, files, threads and sessions stay what they were, and reading leaves nothing.

Each visitor does in turn what people do, at length one thing every ten seconds, as who reads and types. What is looked
at again leaves no byte in the data folder; what is saved again leaves its rows, and no file beside.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from tests.faults.conftest import FULL, Figure
from tests.faults.server import Server
from tests.faults.visitor import Answer, Respondent
from tests.faults.world import finished

PACE = 10 if FULL else 0  # seconds from one thing that somebody does to the next
MORE_MEMORY = 1.1
MORE_FILES = 8  # a connection of each thread that answers may just be open, or not
LOGS = "-wal", "-shm"


@dataclass(frozen=True)
class State:
    """What a server holds on to."""

    memory: int
    files: int
    threads: int
    sessions: int

    @classmethod
    def of(cls, server: Server) -> State:
        """Look at the process, and at the sessions that PostgreSQL counts for its database."""
        assert server.process
        place = Path(f"/proc/{server.process.pid}")
        postgresql = server.database_url.startswith("postgresql")
        counted = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        sessions = server.rows(counted)[0][0] if postgresql else 0
        return cls(server.memory(), len(list(place.glob("fd/*"))), len(list(place.glob("task/*"))), sessions)

    def outgrown(self, later: State) -> list[str]:
        """Say what grew from this to a later state."""
        kept = {
            "memory": later.memory <= self.memory * MORE_MEMORY,
            "files": later.files <= self.files + MORE_FILES,
            "threads": later.threads <= self.threads,
            "sessions": later.sessions <= self.sessions + MORE_FILES,
        }
        return [f"{name}: {self} then {later}" for name, flat in kept.items() if not flat]


def test_a_server_keeps_nothing_of_what_it_answered(live: Server, figure: Figure) -> None:
    [done] = finished(live, 1)
    visitors = [Respondent(live.url).begin(f"Club {number}") for number in range(figure("visitors", 8, full=50))]
    once, minutes = len(acts(visitors[0], done)), figure("minutes", 0, full=30)
    many = minutes * 60 // PACE if PACE else once
    assert all(beside_each_other(visitors, done, once, 0)), live.remembered()[-3000:]
    before = State.of(live)
    assert all(beside_each_other(visitors, done, many, PACE)), live.remembered()[-3000:]
    assert before.outgrown(State.of(live)) == []
    rows, sizes = live.kept(), stored(live)
    assert all(look().status < 500 for look in looks(visitors[0], done)), live.remembered()[-3000:]
    assert (live.kept(), stored(live)) == (rows, sizes)
    assert live.alive()


def beside_each_other(visitors: list[Respondent], done: Respondent, count: int, pace: float) -> list[bool]:
    """Have each visitor do this many things, each beginning with another; say of each whether all were answered."""
    with ThreadPoolExecutor(len(visitors)) as pool:
        return list(pool.map(lambda first: work(visitors[first], done, first, count, pace), range(len(visitors))))


def work(who: Respondent, done: Respondent, first: int, count: int, pace: float) -> bool:
    """Do this many things, in turn, a save among them, one each `pace` seconds; say whether none broke the server."""
    began = time.monotonic() + pace * (first % 10) / 10  # people do not all send at the same moment
    for number, act in enumerate(islice(cycle(acts(who, done)), first, first + count)):
        time.sleep(max(0, began + pace * number - time.monotonic()))
        if act().status >= 500:
            return False
    return True


def acts(who: Respondent, done: Respondent) -> list[Callable[[], Answer]]:
    """Everything that a visitor does, a save first."""
    return [partial(save, who), *looks(who, done)]


def save(who: Respondent) -> Answer:
    """Save something that was not there before."""
    return who.save("ECO", **{"evidence_ECO-1a": f"essai {len(who.statuses)}"})


def looks(who: Respondent, done: Respondent) -> list[Callable[[], Answer]]:
    """Every kind of page, file and refusal that changes nothing."""
    own = [who.path(page) for page in ("", "ECO", "verifier", "donnees.json", "inconnue")]
    others = ["/", "/l/" + "x" * 43, "/nulle-part", "/static/tokens.css", "/conseiller/connexion"]
    results = [done.path(page) for page in ("resultat", "calcul", "resultat.csv", "resultat.xlsx")]
    return [*(partial(who.get, path) for path in (*own, *others)), *(partial(done.get, path) for path in results)]


def stored(server: Server) -> dict[str, int]:
    """How large each file of the data folder is, the logs of the database aside: those are taken over and over."""
    files = [path for path in server.instance.rglob("*") if path.is_file() and not path.name.endswith(LOGS)]
    return {path.name: path.stat().st_size for path in files}
