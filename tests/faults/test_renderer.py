"""The renderer is killed, hangs, finds no font, memory or room: results stay, no part of a PDF, the next try works."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.conftest import FULL, MakeServer
from tests.faults.server import Server, renderers
from tests.faults.test_store_in_trouble import disk_is_full
from tests.faults.visitor import Answer, Respondent

ON_BOTH = ["sqlite", "postgresql"] if FULL else ["sqlite"]
Harm = Callable[[int], None]
LITTLE = 60 * 2**20  # bytes of memory: less than the renderer's own libraries take
TYPED = "Le compte rendu du 12 mars."
DOCUMENT = "essentiel.pdf"
NOT_MADE, IN_PREPARATION = 503, 202


def dies(renderer: int) -> None:
    os.kill(renderer, signal.SIGKILL)


def hangs(renderer: int) -> None:
    os.kill(renderer, signal.SIGSTOP)  # it is stopped for good after 20 s


def lacks_memory(renderer: int) -> None:
    resource.prlimit(renderer, resource.RLIMIT_AS, (LITTLE, LITTLE))


@pytest.mark.parametrize("kind", ON_BOTH)
@pytest.mark.parametrize("harm", [dies, hangs, lacks_memory] if FULL else [dies])
def test_a_renderer_in_trouble_costs_no_answer(make_server: MakeServer, kind: str, harm: Harm) -> None:
    server = make_server(kind)
    server.start()
    respondent = finished(server)
    with renderers_get(server, harm):
        answer = until(server, respondent, NOT_MADE)
        assert "Vos réponses" in answer.tree.text_content()
        nothing_is_lost(respondent)
    forget_the_failures(server)
    assert until(server, respondent, 200).body.startswith(b"%PDF-")


def test_without_room_for_a_pdf_nothing_is_lost(make_server: MakeServer) -> None:
    server = make_server("sqlite")
    server.start()
    no_room_then_room(server, no_byte_more)


if FULL:

    @pytest.fixture
    def full_disk(tmp_path: Path) -> Iterator[Path]:
        """A disk of sixteen megabytes that holds everything: the data folder, temporary files and the log."""
        disk = tmp_path / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "none", disk], check=True)
        yield disk
        subprocess.run(["umount", "--lazy", disk], check=True)

    def test_on_a_full_disk_nothing_is_lost(full_disk: Path) -> None:
        folder = full_disk / "instance"
        folder.mkdir(mode=0o700)
        server = Server(folder, f"sqlite:///{folder / 'questionnaire.sqlite'}")
        server.start()
        try:
            no_room_then_room(server, disk_is_full)
        finally:
            server.kill()

    def test_without_any_font_of_the_machine_a_pdf_is_whole(make_server: MakeServer) -> None:
        server = make_server("sqlite")
        server.start(environ={"FONTCONFIG_FILE": "/nowhere", "FONTCONFIG_PATH": "/nowhere", "HOME": "/nowhere"})
        assert until(server, finished(server), 200).body.rstrip().endswith(b"%%EOF")


def no_room_then_room(server: Server, trouble: Callable[[Server], AbstractContextManager[None]]) -> None:
    """Leave no room to keep a PDF that is being drawn; look at what is said meanwhile; make room and ask again."""
    respondent = finished(server)
    wait_for_renderers(server, at_work=True)
    with trouble(server):
        wait_for_renderers(server, at_work=False)
        for place in (DOCUMENT, "rapport.pdf", "premier-regard/resultat.pdf"):
            says_what_to_do(respondent.get(respondent.path(place)))
        nothing_is_lost(respondent)
    have_it_made_now(server, "done_at IS NULL")
    assert until(server, respondent, 200, tries=600).body.rstrip().endswith(b"%%EOF")
    nothing_is_lost(respondent)
    assert server.unharmed()


@contextmanager
def no_byte_more(server: Server) -> Iterator[None]:
    """Let the server, and what it starts, write to no file: like a disk without a byte of room, on any machine."""
    assert server.process
    limit = ["prlimit", f"--pid={server.process.pid}"]
    subprocess.run([*limit, "--fsize=0:unlimited"], check=True)
    yield
    subprocess.run([*limit, "--fsize=unlimited"], check=True)


def nothing_is_lost(respondent: Respondent) -> None:
    """Raise AssertionError unless the result and the answers can be read."""
    assert respondent.get(respondent.path("resultat")).status == 200
    assert TYPED in respondent.get(respondent.path("donnees.json")).text


def says_what_to_do(answer: Answer) -> None:
    """Raise AssertionError unless a page stands where the file would, that says how to go on."""
    assert answer.status in {IN_PREPARATION, NOT_MADE}, answer.status
    assert answer.headers["Retry-After"]
    assert answer.tree.xpath("//main//a[contains(@class, 'button')]")


def wait_for_renderers(server: Server, *, at_work: bool) -> None:
    """Wait until a renderer is at work, or none has been for a second."""
    assert server.process
    seen = 0
    for _ in range(2400):
        seen = seen + 1 if bool(renderers(server.process.pid)) == at_work else 0
        if seen == (1 if at_work else 20):
            return
        time.sleep(0.05)
    raise AssertionError("no renderer comes, or none ends")


def finished(server: Server) -> Respondent:
    """Somebody who has finished."""
    respondent = Respondent(server.url).begin()
    respondent.answer_everything()
    assert respondent.save("ECO", **{"evidence_ECO-1a": TYPED}).status == 303
    assert respondent.finish().status == 303
    return respondent


@contextmanager
def renderers_get(server: Server, harm: Harm) -> Iterator[None]:
    """Do this to every renderer that the server starts, meanwhile."""
    over = threading.Event()
    harming = threading.Thread(target=lambda: _harm_until(over, server, harm))
    harming.start()
    yield
    over.set()
    harming.join()


def _harm_until(over: threading.Event, server: Server, harm: Harm) -> None:
    assert server.process
    while not over.wait(0.01):
        for child in renderers(server.process.pid):
            with suppress(ProcessLookupError):
                harm(child)


def until(server: Server, respondent: Respondent, status: int, *, tries: int = 3000) -> Answer:
    """Ask for the document, without the pauses between tries, until it answers so; meanwhile it is in preparation."""
    for _ in range(tries):
        answer = respondent.get(respondent.path(DOCUMENT))
        if answer.status == status:
            return answer
        assert answer.status == IN_PREPARATION, answer.status
        have_it_made_now(server, "attempts = 0")
        time.sleep(0.1)
    raise AssertionError(f"{DOCUMENT} never answers {status}")


def have_it_made_now(server: Server, which: str) -> None:
    """Let nobody wait for the pause before a document is tried again."""
    with server.connection() as connection:
        connection.exec_driver_sql(
            f"UPDATE job SET run_after = '2020-01-01 00:00:00.000000' WHERE kind = 'render' AND {which}"
        )
        connection.commit()


def forget_the_failures(server: Server) -> None:
    """Let the rest that follows a failure be over."""
    with server.connection() as connection:
        connection.exec_driver_sql("UPDATE document SET changed_at = '2020-01-01 00:00:00.000000' WHERE failures > 0")
        connection.commit()
