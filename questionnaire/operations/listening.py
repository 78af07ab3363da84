"""Listens for visitors: waitress, opened at an address, and closed only once those who had asked are answered."""

from __future__ import annotations

import select
import threading
import time
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

from questionnaire.app import BODY_LIMIT
from questionnaire.extensions import settings
from questionnaire.operations.opening import CannotOpen
from questionnaire.operations.refusing import channels
from questionnaire.web.headers import owed

THREADS = 8
LAST_ANSWERS = 10.0  # seconds for those who had asked when we were told to leave
QUIET = 0.3  # seconds after which a connection without a request has nothing on its way


class Doors:
    """The addresses where visitors come in; `localhost` has two."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        """Open them. Raises CannotOpen."""
        self._opened: dict[Any, Any] = {}
        with app.app_context():
            refusing = channels(owed(settings()))
        try:
            create_server(
                app,
                self._opened,
                host=host,
                port=port,
                threads=THREADS,
                ident=None,
                connection_limit=500,
                channel_timeout=60,
                max_request_body_size=2 * BODY_LIMIT,  # beyond, the server itself refuses; below, our page says so
            )
        except OSError as error:
            lines = f"{host}:{port} : impossible d’écouter ici ({error.strerror}). Choisissez --port."
            raise CannotOpen(lines) from None
        except ValueError:
            raise CannotOpen(f"{host}:{port} : ce n’est pas une adresse de cette machine.") from None
        self._doors = [each for each in self._opened.values() if isinstance(each, BaseWSGIServer)]
        for door in self._doors:
            door.channel_class = refusing

    def answer_until(self, stop: threading.Event) -> None:
        """Answer until `stop` is set; then let nobody in any more, and answer who had asked."""
        while not stop.is_set():
            self._turn(1.0)
        listening = [door.socket for door in self._doors if door.socket]
        while select.select(listening, [], [], 0)[0]:
            self._turn(0.0)  # they are in already, as far as they know
        for door in self._doors:
            wasyncore.dispatcher.close(door)
        until = time.time() + LAST_ANSWERS
        while time.time() < until and any(map(_busy, self._inside())):
            self._turn(QUIET)
        self._doors[0].task_dispatcher.shutdown()

    def wake(self) -> None:
        """Have `answer_until` look at once whether it is to stop."""
        self._doors[0].pull_trigger()

    def _turn(self, timeout: float) -> None:
        wasyncore.loop(timeout=timeout, map=self._opened, count=1)

    def _inside(self) -> list[HTTPChannel]:
        return [each for each in self._opened.values() if isinstance(each, HTTPChannel)]


def _busy(channel: HTTPChannel) -> bool:
    asked = bool(channel.requests or channel.request or channel.total_outbufs_len)
    return asked or time.time() - channel.last_activity < QUIET
