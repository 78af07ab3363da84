"""Hostile requests, while others work: never a five-hundred, never a dead server, and the others notice nothing."""

from __future__ import annotations

import contextlib
import random
import re
import socket
import time
from urllib.parse import quote_from_bytes, urlsplit

import pytest

from tests.faults.conftest import Figure
from tests.faults.server import Server
from tests.faults.visitor import OWED, Respondent, Unanswered, Visitor

PAGE = "ECO"
PATIENCE = 2.0  # seconds for refusing what is too much
TOO_MUCH = [b"a=" + b"x" * 4_000_000, b"&".join([b"a=1"] * 5_000), b"&".join([b"a=1"] * 1_000_000), b"x" * 100_000_000]
NASTY = [
    b"\xff\xfe",
    b"\x00",
    b"\xed\xa0\x80",
    b"9223372036854775808",
    b"1" * 5000,
    "٣٤".encode(),
    b"NaN",
    b"-1",
    b"1e309",
    b"%s%n{{7*7}}${7*7}",
    b"' OR 1=1 --",
    b"../../../etc/passwd",
    b"\r\nSet-Cookie: a=b",
    "\u202e\u200b\ufeff".encode(),
    "🧨".encode() * 50,
    b"[]",
]
BROKEN = b'--x\r\nContent-Disposition: form-data; name="a'
COOKIES = ["questionnaire=x", "questionnaire=.eJw.x.y", "questionnaire=" + "A" * 3000, "\xff=\xfe", ";;;==;"]
RAW = [
    b"GARBAGE\r\n\r\n",
    b"POST /commencer HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /commencer HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /commencer HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 60_000 + b"\r\n",
]


def hostile(visitor: Respondent, token: str, chance: random.Random) -> int:
    """Send one hostile request; return the status, or 0 where the connection was ended."""
    nasty = quote_from_bytes(chance.choice(NASTY))
    names = ["version", "q_ECO-1a", "evidence_ECO-1a", "profile_territory", "code", "email", "association_name", "key"]
    paths = [visitor.path(PAGE), visitor.path("profil"), "/commencer", "/retrouver", "/conseiller/connexion"]
    form = f"csrf_token={token}&complete=1&{chance.choice(names)}={nasty}".encode()
    kind, path = chance.randrange(5), chance.choice(paths)
    urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
    if kind == 0:
        return visitor.send("GET", f"{chance.choice(['/', '/l/', '/e/', '/q/', '/static/'])}{nasty}").status
    if kind == 1:
        return visitor.send("GET", f"{path}?retour={nasty}&code={nasty}&next={nasty}").status
    if kind == 2:
        return visitor.send("POST", path, BROKEN, {"Content-Type": "multipart/form-data; boundary=x"}).status
    if kind == 3:
        cookie = chance.choice(COOKIES).encode("latin-1").decode("latin-1")
        return visitor.send("GET", visitor.path(), headers={"Cookie": cookie}).status
    return visitor.send("POST", path, form, urlencoded).status


def test_hostile_requests_break_nothing(live: Server, figure: Figure) -> None:
    chance = random.Random(10_000)
    attacker, other = Respondent(live.url).begin("Attaque"), Respondent(live.url).begin("Club")
    token = attacker.page(PAGE).get("csrf_token")
    for number in range(figure("hostile requests", 150, full=5000)):
        assert hostile(attacker, token, chance) < 500, number
        if number % 25 == 0:
            assert other.save(PAGE, **{"evidence_ECO-1a": f"essai {number}"}).status == 303
            assert other.page(PAGE).get("evidence_ECO-1a") == f"essai {number}"
    assert live.alive()


@pytest.mark.parametrize("live", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sent", RAW)
def test_what_is_no_request_is_refused(live: Server, sent: bytes) -> None:
    answer = raw_answer(live, sent)
    assert answer.startswith(("HTTP/1.0 4", "HTTP/1.1 4", "HTTP/1.0 5", "HTTP/1.1 5")), answer
    assert not answer.startswith(("HTTP/1.0 500", "HTTP/1.1 500"))
    for name, wanted in OWED.items():
        assert re.search(f"^{name}: .*{wanted}", answer, re.MULTILINE), f"{name} is missing: {answer}"
    assert "waitress" not in answer
    assert Visitor(live.url).get("/healthz").status == 200


@pytest.mark.parametrize("live", ["sqlite"], indirect=True)
@pytest.mark.parametrize("head", ["Expect: 100-continue", f"Host: {'x' * 5000}", "Range: bytes=9-1"])
def test_an_odd_head_gets_the_page(live: Server, head: str) -> None:
    answer = raw_answer(live, f"GET / HTTP/1.1\r\n{head}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith("HTTP/1.1 200")


@pytest.mark.parametrize("live", ["sqlite"], indirect=True)
@pytest.mark.parametrize("body", TOO_MUCH)
def test_what_is_too_much_is_refused(live: Server, body: bytes) -> None:
    visitor, before = Visitor(live.url), live.memory()
    began = time.monotonic()
    try:
        status = visitor.send("POST", "/commencer", body, {"Content-Type": "application/x-www-form-urlencoded"}).status
        assert status == 413
    except Unanswered:
        assert len(body) > 6_000_000  # refused before it was read
    assert time.monotonic() - began < PATIENCE
    assert live.alive()
    assert live.memory() < before + 64


@pytest.mark.parametrize("live", ["sqlite"], indirect=True)
@pytest.mark.parametrize("repeated", [b"3e8\r\n" + b"x" * 1000 + b"\r\n", b"1\r\nx\r\n" * 200, b"0" * 1000])
def test_chunks_without_end_are_refused(live: Server, repeated: bytes) -> None:
    before, sent, place = live.memory(), 0, urlsplit(live.url)
    head = b"POST /commencer HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    began = time.monotonic()
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(head)
        with contextlib.suppress(OSError):  # the server hangs up
            while sent < 64_000_000:
                connection.sendall(repeated * 100)
                sent += len(repeated) * 100
    assert time.monotonic() - began < PATIENCE
    assert sent < 64_000_000
    assert live.memory() < before + 64
    assert Visitor(live.url).get("/healthz").status == 200


def raw_answer(server: Server, sent: bytes) -> str:
    """Send these bytes and nothing more; return all that comes back."""
    place, got = urlsplit(server.url), b""
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        with contextlib.suppress(OSError):  # it hangs up in the middle of what it refuses
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while piece := connection.recv(65536):
                got += piece
    return got.decode("latin-1")
