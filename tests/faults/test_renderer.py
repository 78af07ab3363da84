"""The renderer is killed, hangs, finds no font: answers and results stay, no part of a PDF, and the next try works."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.faults.conftest import FULL, MakeServer
from tests.faults.server import Server, renderers
from tests.faults.visitor import Answer, Respondent

ON_BOTH = ["sqlite", "postgresql"] if FULL else ["sqlite"]
HARMS = [signal.SIGKILL, signal.SIGSTOP] if FULL else [signal.SIGKILL]  # one that hangs is stopped after 20 s
TYPED = "Le compte rendu du 12 mars."
DOCUMENT = "essentiel.pdf"
NOT_MADE, IN_PREPARATION = 503, 202


@pytest.mark.parametrize("kind", ON_BOTH)
@pytest.mark.parametrize("harm", HARMS)
def test_a_renderer_in_trouble_costs_no_answer(make_server: MakeServer, kind: str, harm: signal.Signals) -> None:
    server = make_server(kind)
    server.start()
    respondent = finished(server)
    with renderers_get(server, harm):
        answer = until(server, respondent, NOT_MADE)
        assert "Vos réponses" in answer.tree.text_content()
        assert respondent.get(respondent.path("resultat")).status == 200
        assert TYPED in respondent.get(respondent.path("donnees.json")).text
    forget_the_failures(server)
    assert until(server, respondent, 200).body.startswith(b"%PDF-")


if FULL:

    def test_without_any_font_of_the_machine_a_pdf_is_whole(make_server: MakeServer) -> None:
        server = make_server("sqlite")
        server.start(environ={"FONTCONFIG_FILE": "/nowhere", "FONTCONFIG_PATH": "/nowhere", "HOME": "/nowhere"})
        assert until(server, finished(server), 200).body.rstrip().endswith(b"%%EOF")


def finished(server: Server) -> Respondent:
    """Somebody who has finished."""
    respondent = Respondent(server.url).begin()
    respondent.answer_everything()
    assert respondent.save("ECO", **{"evidence_ECO-1a": TYPED}).status == 303
    assert respondent.finish().status == 303
    return respondent


@contextmanager
def renderers_get(server: Server, harm: signal.Signals) -> Iterator[None]:
    """Do this to every renderer that the server starts, meanwhile."""
    over = threading.Event()
    harming = threading.Thread(target=lambda: _harm_until(over, server, harm))
    harming.start()
    yield
    over.set()
    harming.join()


def _harm_until(over: threading.Event, server: Server, harm: signal.Signals) -> None:
    assert server.process
    while not over.wait(0.01):
        for child in renderers(server.process.pid):
            with suppress(ProcessLookupError):
                os.kill(child, harm)


def until(server: Server, respondent: Respondent, status: int) -> Answer:
    """Ask for the document, without the pauses between tries, until it answers so; meanwhile it is in preparation."""
    for _ in range(3000):
        answer = respondent.get(respondent.path(DOCUMENT))
        if answer.status == status:
            return answer
        assert answer.status == IN_PREPARATION, answer.status
        with server.connection() as connection:
            connection.exec_driver_sql(
                "UPDATE job SET run_after = '2020-01-01 00:00:00.000000' WHERE kind = 'render' AND attempts = 0"
            )
            connection.commit()
        time.sleep(0.1)
    raise AssertionError(f"{DOCUMENT} never answers {status}")


def forget_the_failures(server: Server) -> None:
    """Let the rest that follows a failure be over."""
    with server.connection() as connection:
        connection.exec_driver_sql("UPDATE document SET changed_at = '2020-01-01 00:00:00.000000' WHERE failures > 0")
        connection.commit()
