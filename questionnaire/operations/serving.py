"""Serves the application: waitress, one thread for the jobs unless workers do them, a clean end on SIGTERM."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import Any, NoReturn

from flask import Flask
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from questionnaire.app import BODY_LIMIT
from questionnaire.extensions import jobs, settings
from questionnaire.jobs import Jobs
from questionnaire.operations import journal
from questionnaire.operations.opening import CannotOpen, open_application
from questionnaire.operations.refusing import channels
from questionnaire.operations.watching import watch
from questionnaire.web.headers import owed

THREADS = 8


def serve(host: str, port: int) -> None:
    """Serve until stopped. Raises CannotOpen if the installation or the port cannot be opened."""
    app = open_application(host, port)
    server = _listen(app, host, port)
    with app.app_context():
        runner, chosen = jobs(), settings()
    watch(app)
    journal.keep()
    signal.signal(signal.SIGTERM, _leave)
    with nullcontext() if chosen.queue == "procrastinate" else _working(runner):
        sys.stdout.write(f"Faire alliance est ouvert : {chosen.base_url} (Ctrl+C pour arrêter)\n")
        sys.stdout.flush()
        server.run()


@contextmanager
def _working(runner: Jobs) -> Iterator[None]:
    """Run the jobs in a thread meanwhile; at the end the one in hand is finished."""
    stop = threading.Event()
    thread = threading.Thread(target=runner.run_until, args=(stop,), name="jobs", daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join(timeout=25)


def _listen(app: Flask, host: str, port: int) -> MultiSocketServer | BaseWSGIServer:
    opened: dict[Any, Any] = {}  # one server an address: `localhost` has two
    with app.app_context():
        refusing = channels(owed(settings()))
    try:
        server = create_server(
            app,
            opened,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            connection_limit=500,
            channel_timeout=60,
            max_request_body_size=2 * BODY_LIMIT,  # beyond, the server itself refuses; below, our page says so
        )
    except OSError as error:
        raise CannotOpen(f"{host}:{port} : impossible d’écouter ici ({error.strerror}). Choisissez --port.") from None
    except ValueError:
        raise CannotOpen(f"{host}:{port} : ce n’est pas une adresse de cette machine.") from None
    for each in opened.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = refusing
    return server


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)
