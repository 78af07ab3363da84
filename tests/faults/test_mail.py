"""The mail server is down, slow or refuses: pages are saved all the same, and each letter leaves once, later."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator

import pytest

from tests.faults.conftest import FULL, MakeServer
from tests.faults.server import Server
from tests.faults.test_renderer import DOCUMENT, finished
from tests.faults.visitor import Respondent

ON_BOTH = ["sqlite", "postgresql"] if FULL else ["sqlite"]
LETTERS = 12  # four minutes of a mail server that says nothing
TROUBLES = ("down", "slow", "refusing")


class Post(socketserver.ThreadingTCPServer):
    """A mail server in trouble, or well again; it keeps what it was given."""

    daemon_threads = True

    def __init__(self) -> None:
        """Have an address where nobody answers yet."""
        super().__init__(("127.0.0.1", 0), Conversation, bind_and_activate=False)
        self.server_bind()
        self.trouble, self.over = "down", threading.Event()
        self.letters: list[str] = []

    def open(self) -> None:
        """Begin to answer."""
        self.server_activate()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Conversation(socketserver.StreamRequestHandler):
    """What the mail server says."""

    server: Post

    def handle(self) -> None:
        """Say nothing, refuse, or take a letter."""
        if self.server.trouble == "slow":
            self.server.over.wait(60)
        elif self.server.trouble == "refusing":
            self.wfile.write(b"554 no\r\n")
        else:
            self.wfile.write(b"220 yes\r\n")
            for line in self.rfile:
                self._answer(line[:4].upper())

    def _answer(self, verb: bytes) -> None:
        if verb == b"DATA":
            self.wfile.write(b"354 go on\r\n")
            lines = iter(self.rfile.readline, b".\r\n")
            self.server.letters.append(b"".join(lines).decode())
        self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 yes\r\n")


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server that is down."""
    with Post() as post:
        yield post
        post.over.set()
        post.shutdown()


@pytest.mark.parametrize("kind", ON_BOTH)
def test_mail_in_trouble_blocks_no_page_and_loses_no_letter(make_server: MakeServer, post: Post, kind: str) -> None:
    server = make_server(kind, mail_url=f"smtp://127.0.0.1:{post.server_address[1]}")
    server.start()
    writers = {}
    for trouble in TROUBLES:
        post.trouble = trouble
        if trouble == "slow":
            post.open()
        writers[trouble] = begin_with(server, trouble)
        if trouble == "slow":
            assert tried_in_vain(server) == 1  # it is still being sent, and the page was answered
            post.over.set()
        wait_for_failures(server, len(writers))
    server.kill()
    post.trouble = ""
    server.start()
    due_now(server)
    server.wait_for_jobs()
    assert len(post.letters) == len(TROUBLES)
    for trouble, writer in writers.items():
        assert [writer.link in letter.replace("=\n", "") for letter in to(post, trouble)] == [True]


@pytest.mark.parametrize("kind", ON_BOTH)
def test_a_silent_mail_server_delays_no_pdf(make_server: MakeServer, post: Post, kind: str) -> None:
    server = make_server(kind, mail_url=f"smtp://127.0.0.1:{post.server_address[1]}")
    server.start()
    post.trouble = "slow"
    post.open()
    for number in range(LETTERS):
        Respondent(server.url).begin(email=f"{number}@exemple.fr")
    respondent = finished(server)
    while respondent.get(respondent.path(DOCUMENT)).status != 200:
        assert tried_in_vain(server) < LETTERS, "each letter was given up before the PDF was drawn"
        time.sleep(0.1)


def begin_with(server: Server, trouble: str) -> Respondent:
    """Begin and save a page while mail is in trouble."""
    writer = Respondent(server.url).begin(f"Club {trouble}", email=f"{trouble}@exemple.fr")
    assert writer.save("ECO", **{"evidence_ECO-1a": trouble}).status == 303
    assert writer.page("ECO").get("evidence_ECO-1a") == trouble
    return writer


def to(post: Post, trouble: str) -> list[str]:
    return [letter for letter in post.letters if f"To: {trouble}@exemple.fr" in letter]


def wait_for_failures(server: Server, count: int) -> None:
    """Wait until so many letters were tried in vain; each is tried again later."""
    for _ in range(600):
        if tried_in_vain(server) == count:
            return
        time.sleep(0.1)
    raise AssertionError(f"{count} letters were not tried")


def tried_in_vain(server: Server) -> int:
    """How many letters could not be sent so far; a server that says nothing is given up after 20 seconds."""
    return len(server.rows("SELECT id FROM job WHERE kind = 'mail_private_link' AND last_error IS NOT NULL"))


def due_now(server: Server) -> None:
    """Let the pause before the next try be over."""
    with server.connection() as connection:
        connection.exec_driver_sql("UPDATE job SET run_after = '2020-01-01 00:00:00.000000' WHERE kind LIKE 'mail_%%'")
        connection.commit()
