"""A request is cut off on its way, at any byte: nothing of it is kept, whoever carries it to the application."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

import pytest

from tests.faults.conftest import Figure, MakeServer
from tests.faults.server import Server
from tests.faults.visitor import Respondent

PAGE = "ECO"
TYPED = {"q_ECO-1a": "3", "evidence_ECO-1a": "Le compte rendu du 12 mars.", "comment_ECO-2a": "À revoir en juin."}


@pytest.fixture(params=["waitress", "gunicorn"])
def carrier(request: pytest.FixtureRequest, make_server: MakeServer) -> Server:
    """The application behind its own server, and behind one that hands over what it got of a body that was cut."""
    server = make_server("sqlite")
    if request.param == "gunicorn":
        server.start_gunicorn()
    else:
        server.start()
    return server


def whole_request(respondent: Respondent) -> tuple[bytes, bytes]:
    """Head and body of the page's form as it would be sent, the mark of completeness first: only the length betrays."""
    fields = dict(respondent.page(PAGE).filled(TYPED))
    body = urlencode({"complete": fields.pop("complete"), **fields}).encode()
    cookie = "; ".join(f"{name}={value}" for name, value in respondent.cookies.items())
    lines = [
        f"POST {respondent.path(PAGE)} HTTP/1.1",
        f"Host: {respondent.address}",
        f"Cookie: {cookie}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode(), body


def send(respondent: Respondent, sent: bytes, *, reset: bool) -> bytes:
    """Send this and no more; end the connection politely (FIN) or abruptly (RST)."""
    place = urlsplit(respondent.url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(sent)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return b""
        connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            return connection.recv(12)
    return b""


def cuts(body: bytes, count: int) -> Iterator[int]:
    """`count` offsets of the body, evenly spread, the last byte but one among them."""
    step = max(1, len(body) // count)
    yield from range(0, len(body) - 1, step)
    yield len(body) - 1


def test_a_body_that_was_cut_changes_nothing(carrier: Server, figure: Figure) -> None:
    respondent = Respondent(carrier.url).begin()
    head, body = whole_request(respondent)
    before = carrier.kept()
    for offset in cuts(body, figure("offsets", 20, full=500)):
        for reset in (False, True):
            answer = send(respondent, head + body[:offset], reset=reset)
            assert not answer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3")), offset
    assert carrier.kept() == before
    assert send(respondent, head + body, reset=False) == b"HTTP/1.1 303"


def test_who_was_asking_when_the_server_is_stopped_is_answered(make_server: MakeServer) -> None:
    server = make_server("sqlite")
    server.start()
    respondent = Respondent(server.url).begin()
    head, body = whole_request(respondent)
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(head + body[:10])
        respondent.get("/healthz")  # by now the server has read as much
        server.process.terminate() if server.process else pytest.fail("not started")
        wait_until_nobody_comes_in(server)
        connection.sendall(body[10:])
        assert connection.recv(12) == b"HTTP/1.1 303"
    server.stop()
    server.start()
    assert respondent.page(PAGE).get("comment_ECO-2a") == TYPED["comment_ECO-2a"]


def wait_until_nobody_comes_in(server: Server) -> None:
    """Wait until the server lets nobody in any more."""
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=5).close()
        except OSError:
            return
        time.sleep(0.02)
    raise AssertionError("the server still lets people in")
