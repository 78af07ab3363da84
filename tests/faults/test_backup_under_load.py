"""A copy is made while eight people write, over HTTP: put back, it holds one moment, and all acknowledged before it.

The copy is stopped again and again until somebody wrote, so that much changes between its first row and its last.
"""

from __future__ import annotations

import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from questionnaire.storage import assessments
from questionnaire.storage.database import make_engine
from tests.faults.conftest import FULL, Figure, MakeServer
from tests.faults.server import QUESTIONNAIRE, Server
from tests.faults.test_kill import BOTH_ENDS, PAGE, Writer
from tests.faults.visitor import Respondent

PEOPLE = 8
MOMENT = 0.05  # seconds


class Pair:
    """Somebody who saves for one association, then for another, then begins a third, and so on: one after the other."""

    def __init__(self, url: str, number: int) -> None:
        self.url, self.begun = url, 0
        self.first, self.second = (Writer(Respondent(url).begin(f"Club {number}, {each}")) for each in (1, 2))

    def write_until(self, stop: threading.Event) -> None:
        """Save and begin until told to stop."""
        while not stop.is_set():
            if self.first.acknowledged == self.second.acknowledged:
                self.first.write()
            elif self.second.write():
                answer = Respondent(self.url).submit("/", "/commencer", association_name="Club de plus")
                self.begun += answer.status == 303


def test_a_copy_made_while_eight_people_write_holds_one_moment(
    live: Server, make_server: MakeServer, tmp_path: Path, figure: Figure
) -> None:
    pairs = [Pair(live.url, number) for number in range(PEOPLE)]
    assert all(each.write() for pair in pairs for each in (pair.first, pair.second))  # something to lose
    for number in range(figure("copies put back", 1, full=15)):
        copy = tmp_path / f"{number}.zip"
        acknowledged = [(each.first.acknowledged, each.second.acknowledged) for each in pairs]
        with a_copy_begun(live, copy) as running, all_write(pairs):
            while running.poll() is None:
                go_on_a_little(running, pairs)
        tried = [(each.first.tried, each.second.tried) for each in pairs]
        assert running.returncode == 0
        other = make_server("postgresql" if "postgresql" in live.database_url else "sqlite")
        other.command("restore", str(copy))
        for pair, least, most in zip(pairs, acknowledged, tried, strict=True):
            first, second = number_kept(other, pair.first), number_kept(other, pair.second)
            assert least[0] <= first <= most[0]
            assert least[1] <= second <= most[1]
            assert second <= first <= second + 1, "what was saved later is there, what was saved before is not"
        if FULL:
            other.start()
            assert Respondent(other.url).get(pairs[0].first.respondent.link).status == 303


@contextmanager
def all_write(pairs: list[Pair]) -> Iterator[None]:
    """Have everybody write meanwhile."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(pairs)) as pool:
        writing = [pool.submit(each.write_until, stop) for each in pairs]
        try:
            yield
        finally:
            stop.set()
    for each in writing:
        each.result()


@contextmanager
def a_copy_begun(server: Server, copy: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command that makes a copy, and stop it where it begins to write."""
    part = copy.with_name(f".{copy.name}.part")
    command = [*QUESTIONNAIRE, "backup", "-o", str(copy)]
    with subprocess.Popen(command, env=server.environ, stdout=subprocess.DEVNULL) as running:
        try:
            while not part.exists() and running.poll() is None:
                time.sleep(0.001)
            running.send_signal(signal.SIGSTOP)
            yield running
        finally:
            running.send_signal(signal.SIGCONT)


def go_on_a_little(running: subprocess.Popen[bytes], pairs: list[Pair]) -> None:
    """Wait until somebody began, and let the copy go on for a moment."""
    wait_for_more(pairs, 1)
    running.send_signal(signal.SIGCONT)
    time.sleep(MOMENT)
    running.send_signal(signal.SIGSTOP)


def wait_for_more(pairs: list[Pair], count: int) -> None:
    """Wait until so many associations more were begun."""
    until = sum(each.begun for each in pairs) + count
    for _ in range(12_000):
        if sum(each.begun for each in pairs) >= until:
            return
        time.sleep(0.005)
    raise AssertionError("nobody writes")


def number_kept(server: Server, writer: Writer) -> int:
    """Return the number that the last save of this writer holds, which is the same at both ends of its page."""
    engine = make_engine(server.database_url)
    with Session(engine) as session:
        assessment = assessments.assessment_by_id(session, uuid.UUID(writer.respondent.assessment_id))
        assert assessment
        saves = assessments.current_pages(session, assessment)
    engine.dispose()
    if PAGE not in saves:
        return 0
    values = saves[PAGE].values
    first, last = (str(values[name.partition("_")[2]][name.partition("_")[0]]) for name in BOTH_ENDS)
    assert first == last, f"half a page: {first}, {last}"
    return int(first)
