"""How many PDFs does a worker draw in a minute? The same documents by one worker, then by two, each in a new process.

Reports and essentials of finished assessments wait; the clock runs from the first worker's start, its loading included,
until the last PDF is kept. A document that was not drawn ends the run.

    .venv/bin/python -m benchmarks.worker [--assessments 10] [--workers 1 2]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.burst import ask_for
from questionnaire.rendering import ESSENTIALS, REPORT
from tests import builders
from tests.faults.conftest import NO_WORKER
from tests.faults.machines import at_work
from tests.faults.server import Server


def main() -> int:
    """Print a line for each number of workers; say by the status whether every document was drawn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assessments", type=int, default=10)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    given = parser.parse_args()
    return max(measure(given.assessments, workers) for workers in given.workers)


def measure(assessments: int, workers: int) -> int:
    """Have both documents of so many assessments drawn by so many workers; print how many a minute; return a status."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), f"sqlite:///{folder}/questionnaire.sqlite", **NO_WORKER)
        server.start()
        ask_for(server.database_url, assessments, builders.NOW, REPORT, ESSENTIALS)
        began = time.monotonic()
        with at_work(server, workers):
            server.wait_for_jobs()
        minutes = (time.monotonic() - began) / 60
        drawn = server.rows("SELECT count(*) FROM document WHERE pdf IS NOT NULL")[0][0]
        server.kill()
    shown = f"{drawn} PDFs in {minutes:.1f} min, {drawn / minutes / workers:.1f} a minute for each worker"
    print(f"{workers} at work: {shown}", flush=True)
    return 0 if drawn == 2 * assessments else 1


if __name__ == "__main__":
    sys.exit(main())
