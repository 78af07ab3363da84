"""The server is killed with all it started while people save: what it had acknowledged stands, whole."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from tests.faults.conftest import FULL, Figure
from tests.faults.server import Server
from tests.faults.visitor import Form, Respondent, Unanswered

PAGE = "ECO"
BOTH_ENDS = ("evidence_ECO-1a", "comment_ECO-4a")  # of one page: saved together or not at all
BUSY = 503
EACH = 76 if FULL else 0  # answers acknowledged per kill, on average: fifteen thousand and more in two hundred
PATIENCE = 30  # seconds; the figure measured stands in the report, this only ends a server that never comes


class Writer:
    """Somebody who saves one page again and again, counting, and remembers what was acknowledged."""

    def __init__(self, respondent: Respondent) -> None:
        self.respondent = respondent
        self.form: Form = respondent.page(PAGE)
        self.acknowledged, self.tried, self.answers = 0, 0, 0

    def write_until(self, stop: threading.Event) -> None:
        """Save until told to stop, or until nobody answers."""
        with suppress(Unanswered):
            while not stop.is_set():
                self.write()

    def write(self) -> bool:
        """Save once, and remember and say whether it was acknowledged. Raises Unanswered.

        A service that says that it is busy has kept nothing: eight who never pause may be too many for a slow machine.
        """
        self.tried = self.acknowledged + 1
        typed = dict.fromkeys(BOTH_ENDS, str(self.tried)) | {"version": str(self._version)}
        answer = self.respondent.post(self.respondent.path(PAGE), self.form.filled(typed))
        if answer.status == BUSY:
            return False
        assert answer.status == 303, answer.status
        self.acknowledged, self._version, self.answers = self.tried, self._version + 1, self.answers + 1
        return True

    def come_back(self) -> None:
        """Read the page again: it holds the last number acknowledged, or the one after it, at both ends."""
        self.form = self.respondent.page(PAGE)
        shown = {int(self.form.get(name) or 0) for name in BOTH_ENDS}
        assert len(shown) == 1, f"half a page: {shown}"
        assert shown <= {self.acknowledged, self.tried}, f"acknowledged {self.acknowledged}, kept {shown}"
        self.acknowledged = self.tried = shown.pop()

    @property
    def _version(self) -> int:
        return int(self.form.get("version"))

    @_version.setter
    def _version(self, version: int) -> None:
        fields = dict(self.form.fields) | {"version": str(version)}
        self.form = Form(self.form.action, tuple(fields.items()))


def test_what_was_acknowledged_outlives_kill_9(
    server: Server, figure: Figure, record_property: Callable[[str, object], None]
) -> None:
    writers = [Writer(Respondent(server.url).begin(f"Club {number}")) for number in range(8)]
    moments, slowest = random.Random(9), 0.0
    for number in range(1, figure("kills", 1, full=100) + 1):
        kill_under_load(server, writers, seconds=moments.uniform(0.5, 2), answers=EACH * number)
        slowest = max(slowest, server.start())
        for writer in writers:
            writer.come_back()
        assert server.unharmed()
    acknowledged = sum(writer.answers for writer in writers)
    record_property("acknowledged", acknowledged)
    record_property("slowest start (s)", round(slowest, 1))
    assert acknowledged > len(writers)
    assert slowest < PATIENCE


def kill_under_load(server: Server, writers: list[Writer], seconds: float, answers: int) -> None:
    """Let all write for a while, longer while they have fewer answers than this; then kill the server."""
    stop = threading.Event()
    threads = [threading.Thread(target=writer.write_until, args=(stop,)) for writer in writers]
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    until = time.monotonic() + PATIENCE
    while sum(writer.answers for writer in writers) < answers and time.monotonic() < until:
        time.sleep(0.02)
    server.kill()
    for thread in threads:
        thread.join()
