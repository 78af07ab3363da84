"""Serves the application, with threads for the jobs unless workers do them, and a clean end on SIGTERM."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from questionnaire.extensions import jobs, settings
from questionnaire.jobs import Jobs
from questionnaire.operations import journal
from questionnaire.operations.listening import Doors
from questionnaire.operations.opening import open_application
from questionnaire.operations.watching import watch


def serve(host: str, port: int) -> None:
    """Serve until stopped. Raises CannotOpen if the installation or the port cannot be opened."""
    app = open_application(host, port)
    doors, stop = Doors(app, host, port), threading.Event()
    with app.app_context():
        runner, chosen = jobs(), settings()
    watch(app)
    journal.keep()

    def leave(*_: object) -> None:
        stop.set()
        doors.wake()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, leave)
    with nullcontext() if chosen.queue == "procrastinate" else _working(runner, stop):
        sys.stdout.write(f"Faire alliance est ouvert : {chosen.base_url} (Ctrl+C pour arrêter)\n")
        sys.stdout.flush()
        doors.answer_until(stop)


@contextmanager
def _working(runner: Jobs, stop: threading.Event) -> Iterator[None]:
    """Run the jobs in a thread until `stop` is set; what is in hand is finished."""
    thread = threading.Thread(target=runner.run_until, args=(stop,), name="jobs", daemon=True)
    thread.start()
    yield
    thread.join(timeout=25)
