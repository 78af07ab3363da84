"""Does a burst of 100 reports slow down those who answer? One server that draws by itself, calm and busy in turn.

Eight people show and save a page every half second while nothing is drawn, then while the reports are, and so on; a
wrong answer ends the run. It fails when the 95th percentile of their pages is more than half longer beside the burst.

    .venv/bin/python -m benchmarks.burst [--rounds 4] [--seconds 10]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.server import show_and_save
from questionnaire.core.loading import published
from questionnaire.rendering import REPORT
from questionnaire.storage import documents
from questionnaire.storage.database import make_engine, write_first
from questionnaire.storage.models import Job
from tests import builders
from tests.faults.server import KEY, Server
from tests.faults.test_kill import Writer
from tests.faults.visitor import Respondent

REPORTS, PEOPLE, PAUSE, MOST = 100, 8, 0.5, 1.5
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


def main() -> int:
    """Measure both in turn, print the ratio, and say by the status whether it held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), f"sqlite:///{folder}/questionnaire.sqlite")
        server.start()
        ask_for(server.database_url, REPORTS, NEVER, REPORT)
        people = [Writer(Respondent(server.url).begin()) for _ in range(PEOPLE)]
        calm, busy = list[float](), list[float]()
        for _ in range(given.rounds):
            for times, due in ((calm, NEVER), (busy, builders.NOW)):
                draw_from(server.database_url, due)
                answer(people, given.seconds, times)
        drawn = server.rows("SELECT count(*) FROM document WHERE pdf IS NOT NULL")[0][0]
        for each in people:
            each.come_back()
        server.kill()
    before, beside = (statistics.quantiles(times, n=20)[-1] * 1000 for times in (calm, busy))
    shown = f"p95 {before:.0f} ms calm ({len(calm)} pages), {beside:.0f} ms beside the burst ({len(busy)} pages)"
    print(f"{shown}, {drawn} reports drawn in {given.rounds * given.seconds:.0f} s; ratio {beside / before:.2f}")
    return 0 if drawn and beside / before <= MOST else 1


def ask_for(url: str, assessments: int, due: datetime, *names: str) -> None:
    """Have these documents of so many finished assessments waiting, to be drawn from then on."""
    framework = published().newest("faire-alliance")
    with Session(make_engine(url)) as session:
        write_first(session)
        for number in range(assessments):
            own = {"association_name": f"Association {number}", "secret_key": KEY.encode()}
            finished = builders.a_finished_assessment(session, framework, **own)
            session.flush()
            for name in names:
                documents.ask(session, finished.id, name, due)
        session.commit()


def draw_from(url: str, due: datetime) -> None:
    """Have what waits drawn from this moment on; what is being drawn is waited for."""
    with Session(make_engine(url)) as session:
        write_first(session)
        waiting = sa.update(Job).where(Job.kind == "render", Job.done_at.is_(None))
        session.execute(waiting.values(run_after=due))
        session.commit()
    if due == NEVER:
        time.sleep(10)


def answer(people: list[Writer], seconds: float, times: list[float]) -> None:
    """Let all show and save pages for so long."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(people)) as pool:
        done = [pool.submit(show_and_save, each, stop, times, PAUSE) for each in people]
        time.sleep(seconds)
        stop.set()
    for each in done:
        each.result()


if __name__ == "__main__":
    sys.exit(main())
