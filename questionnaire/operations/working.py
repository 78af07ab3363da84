"""Does the work of servers that do none: as many of these processes as wanted, on any machine."""

from __future__ import annotations

import signal
import sys
import threading

from questionnaire.extensions import jobs, settings
from questionnaire.operations import journal
from questionnaire.operations.opening import CannotOpen, open_application
from questionnaire.operations.watching import watch


def work() -> None:
    """Run jobs until stopped; the one in hand is finished first. Raises CannotOpen."""
    app = open_application()
    with app.app_context():
        runner, chosen = jobs(), settings()
    if chosen.queue == "inline":
        raise CannotOpen(
            "QUESTIONNAIRE_QUEUE : avec « inline », le service fait déjà ce travail. "
            "Choisissez « procrastinate », pour lui aussi."
        )
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    watch(app)
    journal.keep()
    sys.stdout.write("Au travail : courriels, PDF, durées de conservation (Ctrl+C pour arrêter)\n")
    sys.stdout.flush()
    runner.run_until(stop)
