"""Which server should carry the application? Ours (waitress), gunicorn and granian, one process of 8 threads, in turn.

Each serves the same installation in the same run: pages shown and saved by eight people, read back at the end; a wrong
answer ends the run. Then bodies cut on their way, a hundred visitors that send a byte a second, and a stop under load.

    .venv/bin/uv pip install granian && .venv/bin/python -m benchmarks.server [--rounds 3] [--seconds 8]
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from tests.faults.server import QUESTIONNAIRE, Server, a_database
from tests.faults.test_kill import PAGE, Writer
from tests.faults.visitor import Respondent, Unanswered, Visitor
from tests.postgresql import a_cluster

APPLICATION = "questionnaire.app:create_app"
PEOPLE, SLOW, CUT = 8, 100, 40
PATIENCE = 10.0
HEAD = "POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n"
BIN = Path(sys.executable).parent
Command = Callable[[int, str], list[str]]


def waitress(port: int, application: str) -> list[str]:
    """Our own command for the application, with its settings; else waitress as it comes."""
    if application == APPLICATION:
        return [*QUESTIONNAIRE, "serve", "--port", str(port)]
    return [str(BIN / "waitress-serve"), f"--listen=127.0.0.1:{port}", "--threads=8", "--call", application]


def gunicorn(port: int, application: str) -> list[str]:
    """Gunicorn with threads."""
    return [str(BIN / "gunicorn"), "--threads=8", f"--bind=127.0.0.1:{port}", f"{application}()"]


def granian(port: int, application: str) -> list[str]:
    """Granian, whose requests are read and written by Rust."""
    own = ["--interface=wsgi", "--workers=1", "--blocking-threads=8", "--factory", "--no-ws"]
    return [str(BIN / "granian"), *own, "--host=127.0.0.1", f"--port={port}", application]


SERVERS: dict[str, Command] = {"waitress": waitress, "gunicorn": gunicorn, "granian": granian}


def short_bodies() -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Make an application that notes each body that was handed over shorter than announced."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        announced = int(environ.get("CONTENT_LENGTH") or 0)
        with suppress(OSError):
            if len(environ["wsgi.input"].read(announced)) < announced:
                with Path(os.environ["SHORT_BODIES"]).open("ab") as noted:
                    noted.write(b".")
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return [b""]

    return application


@dataclass(frozen=True)
class Trial:
    """One server, on the installation that all share."""

    name: str
    server: Server
    seconds: float

    def start(self, application: str = APPLICATION, **environ: str) -> None:
        """Start it, and wait until it answers."""
        self.server.start(command=SERVERS[self.name](self.server.port, application), environ=environ)

    def people(self) -> list[Writer]:
        """Eight people, each on the first page of an assessment of their own."""
        return [Writer(Respondent(self.server.url, timeout=PATIENCE).begin()) for _ in range(PEOPLE)]

    def pages(self) -> dict[str, float]:
        """Let eight people show and save a page for a while, and read back what they saved."""
        self.start()
        people, stop, times = self.people(), threading.Event(), list[float]()
        used = self._processor()
        with ThreadPoolExecutor(PEOPLE) as pool:
            done = [pool.submit(show_and_save, each, stop, times) for each in people]
            time.sleep(self.seconds)
            stop.set()
        for each in done:
            each.result()
        spent = self._processor() - used
        for each in people:
            each.come_back()
        self.server.stop()
        p95 = statistics.quantiles(times, n=20)[-1] * 1000
        return {"pages a second": len(times) / self.seconds, "of processor": len(times) / spent, "p95 (ms)": p95}

    def cut(self) -> dict[str, float]:
        """Send bodies that end in their middle; count those that an application is handed all the same."""
        with tempfile.NamedTemporaryFile() as noted:
            self.start("benchmarks.server:short_bodies", SHORT_BODIES=noted.name)
            for _ in range(CUT):
                with socket.create_connection(("127.0.0.1", self.server.port)) as visitor:
                    visitor.sendall(HEAD.format("/", 1000).encode() + b"x" * 500)
                    visitor.shutdown(socket.SHUT_WR)
                    visitor.settimeout(0.3)
                    with suppress(OSError):
                        visitor.recv(1)
            self.server.stop()
            return {f"bodies handed over of {CUT} cut": len(Path(noted.name).read_bytes())}

    def slow(self) -> dict[str, float]:
        """Ask for a page while a hundred visitors send their form a byte at a time."""
        self.start()
        with ExitStack() as stack:
            address = ("127.0.0.1", self.server.port)
            crowd = [stack.enter_context(socket.create_connection(address)) for _ in range(SLOW)]
            for each in crowd:
                each.sendall(HEAD.format("/commencer", 100_000).encode())
            time.sleep(1)
            slowest = max(self._beside(crowd) for _ in range(3))
        self.server.kill()
        return {f"page beside {SLOW} slow (s)": slowest}

    def stop(self) -> dict[str, float]:
        """Stop it under load as an operator does; count requests that had been sent and got no whole answer."""
        self.start()
        people = self.people()
        with ThreadPoolExecutor(PEOPLE) as pool:
            found = [pool.submit(save_until_it_is_gone, each) for each in people]
            time.sleep(1)
            self.server.stop()
            cut = sum(each.result() for each in found)
        self.start()
        for each in people:
            each.come_back()
        self.server.stop()
        return {f"of {PEOPLE} requests cut by a stop": cut}

    def _beside(self, crowd: list[socket.socket]) -> float:
        for each in crowd:
            with suppress(OSError):
                each.sendall(b"x")
        began = time.monotonic()
        with suppress(Unanswered):
            Visitor(self.server.url, timeout=PATIENCE).get("/")
        return time.monotonic() - began

    def _processor(self) -> float:
        """Return the seconds of processor that it and its children spent so far."""
        spent = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = path.read_text().rpartition(")")[2].split()
                own = self.server.process and int(fields[3]) == self.server.process.pid  # its session
                spent += int(fields[11]) + int(fields[12]) if own else 0
        return spent / os.sysconf("SC_CLK_TCK")


def show_and_save(person: Writer, stop: threading.Event, times: list[float], pause: float = 0.0) -> None:
    """Show a page and save it again and again, after a pause, and note how long each took."""
    while not stop.wait(pause):
        began = time.monotonic()
        shown = person.respondent.get(person.respondent.path(PAGE))
        between = time.monotonic()
        person.write()
        times += [between - began, time.monotonic() - between]
        if shown.status != 200:
            sys.exit(f"Wrong: {shown.status}")


def save_until_it_is_gone(person: Writer) -> bool:
    """Save until nobody answers; say whether the last request had been sent, rather than refused at the door."""
    while True:
        try:
            person.write()
        except Unanswered as error:
            return not isinstance(error.__cause__, ConnectionRefusedError)


def main() -> int:
    """Try all in turn, print the median of each figure, and leave."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8)
    given = parser.parse_args()
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name, a_cluster() as cluster:
        folder = Path(name)
        server = Server(folder, a_database("postgresql", folder, cluster), queue="procrastinate")
        trials = [Trial(name, server, given.seconds) for name in SERVERS]
        for _, trial in product(range(given.rounds), trials):
            for tried in (trial.pages, trial.cut, trial.slow, trial.stop):
                for figure, value in tried().items():
                    found[figure, trial.name].append(value)
                    print(f"{trial.name} {figure} {value:.2f}", file=sys.stderr, flush=True)
    for figure in dict.fromkeys(figure for figure, _ in found):
        medians = {name: statistics.median(found[figure, name]) for name in SERVERS}
        print(f"{figure:32}", *(f"{name} {value:8.2f}" for name, value in medians.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
