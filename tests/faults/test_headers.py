"""What every answer says, whoever gets it and however it ends: pages, files, redirects, errors, the server's refusals.

The server stands behind a proxy that speaks TLS with the visitors, as docs/deployment.md asks.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from email.message import Message
from http.client import parse_headers
from http.cookies import SimpleCookie

import pytest

from tests.faults.conftest import FULL, NO_WORKER, MakeServer, a_server
from tests.faults.crawling import Crawl, crawl, one_of_a_kind, with_token
from tests.faults.server import Server
from tests.faults.test_hostile import RAW, raw_answer
from tests.faults.test_rights import LAST, filled
from tests.faults.visitor import Answer, Respondent, Visitor
from tests.faults.world import Actor, build, finished

BEHIND_TLS = {"base_url": "https://localhost", "trusted_proxies": "1"}
ONCE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=31536000",
}
POLICY = {
    "default-src": {"'none'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "form-action": {"'self'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
}
COOKIE = {"secure": True, "httponly": True, "path": "/", "domain": ""}
BOASTING = re.compile("waitress|werkzeug|python|flask", re.IGNORECASE)
OBSERVATORY = "/observatoire/"
STATIC, WHOLE_OR_PART = "/static/", {200, 206, 304}
Noted = Callable[[str, object], None]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def complaints(headers: Message, path: str, status: int) -> list[str]:
    """Return what an answer lacks or says too much of."""
    told = [f"{name}: {headers.get_all(name)}" for name, wanted in ONCE.items() if headers.get_all(name) != [wanted]]
    told += [f"the policy {each}" for each in _policy(headers.get_all("Content-Security-Policy") or [])]
    kept = headers.get_all("Cache-Control")
    if kept not in _allowed(path, status):
        told.append(f"Cache-Control: {kept}")
    told += [f"{name}: {value}" for name, value in headers.items() if name == "Server" or BOASTING.search(value)]
    return told + [f"the cookie {line}" for line in headers.get_all("Set-Cookie") or [] if not _safe(line)]


def _allowed(path: str, status: int) -> list[list[str]]:
    """What may be said of keeping it: static files for long; what the observatory published, where it greets nobody."""
    if path.startswith(STATIC) and status in WHOLE_OR_PART:
        return [["max-age=31536000, public"]]
    if path.startswith(OBSERVATORY) and status == 200:
        seconds = 31536000 if path.endswith((".csv", ".json")) else 300
        return [[f"public, max-age={seconds}"], ["no-store"]]
    return [["no-store"]]


def _policy(given: list[str]) -> list[str]:
    if len(given) != 1:
        return [f"stands {len(given)} times"]
    rules = {name: set(rest) for name, *rest in (each.split() for each in given[0].split(";") if each.strip())}
    loose = [f"allows {source}" for sources in rules.values() for source in sources if re.search("unsafe|[*]", source)]
    return loose + [f"lacks {name}" for name, sources in POLICY.items() if rules.get(name) != sources]


def _safe(line: str) -> bool:
    ((name, morsel),) = SimpleCookie(line).items()
    tied = all(morsel[each] == wanted for each, wanted in COOKIE.items())
    return name.startswith("__Host-") and tied and morsel["samesite"] in {"Lax", "Strict"}


@pytest.fixture(scope="module")
def tls_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with a_server(request, "sqlite", tmp_path_factory.mktemp("tls"), **BEHIND_TLS, **NO_WORKER) as server:
        server.start()
        yield server


@pytest.fixture(scope="module")
def world(tls_server: Server) -> dict[str, Actor]:
    return build(tls_server)


@pytest.fixture(scope="module")
def crawls(world: dict[str, Actor]) -> dict[str, Crawl]:
    return {name: crawl(actor) for name, actor in world.items()}


def check(path: str, answer: Answer) -> int:
    """Fail if an answer lacks something; return its status."""
    assert complaints(answer.headers, path, answer.status) == [], f"{path}: {answer.status}"
    return answer.status


def test_every_page_of_everybody_says_it_all(crawls: dict[str, Crawl], record_property: Noted) -> None:
    answers = [(path, answer) for seen in crawls.values() for path, answer in seen.answers.items()]
    statuses = {check(path, answer) for path, answer in answers}
    record_property("pages", len(answers))
    assert {200, 303} <= statuses
    kinds = {answer.headers.get_content_type() for _, answer in answers}
    assert {"text/html", "application/json", "text/csv", "text/calendar"} <= kinds


def test_every_other_way_of_asking_says_it_all(world: dict[str, Actor], crawls: dict[str, Crawl]) -> None:
    pages = one_of_a_kind(crawls, "GET")
    for name, act in pages if FULL else pages[::4]:
        for method in ("HEAD", "OPTIONS", "PUT", "DELETE"):
            visitor = world[name].visitor
            check(act.path, visitor.send(method, act.path))


def test_a_document_says_it_all(make_server: MakeServer) -> None:
    server = make_server("sqlite", **BEHIND_TLS)
    server.start()
    [visitor] = finished(server, 1)
    path = visitor.path("essentiel.pdf")
    check(path, visitor.get(path))
    server.wait_for_jobs()
    answer = visitor.get(path)
    assert (check(path, answer), answer.headers.get_content_type()) == (200, "application/pdf")


@pytest.mark.parametrize(
    ("status", "method", "path", "headers"),
    [
        (200, "GET", "/static/web.css", {"Accept-Encoding": "gzip"}),
        (206, "GET", "/static/web.css", {"Range": "bytes=0-9"}),
        (404, "GET", "/static/nothing.css", {}),
        (404, "GET", "/static/../app.py", {}),
        (308, "GET", "/conseiller", {}),
        (404, "GET", "/nulle-part", {}),
        (405, "POST", "/healthz", {}),
        (200, "GET", "/healthz", {}),
        (200, "GET", "/readyz", {}),
        (422, "POST", "/commencer", {}),
    ],
)
def test_files_and_errors_say_it_all(
    tls_server: Server, status: int, method: str, path: str, headers: dict[str, str]
) -> None:
    assert check(path, Visitor(tls_server.url).send(method, path, headers=headers)) == status


def test_a_file_that_did_not_change_says_it_all(tls_server: Server) -> None:
    visitor, path = Visitor(tls_server.url), "/static/web.css"
    tag = visitor.get(path).headers["ETag"]
    assert check(path, visitor.get(path, If_None_Match=tag)) == 304


def test_what_is_too_much_says_it_all(tls_server: Server) -> None:
    answer = Visitor(tls_server.url).send("POST", "/commencer", b"&".join([b"a=1"] * 5_000), FORM)
    assert check("/commencer", answer) == 413


@pytest.mark.parametrize("sent", RAW)
def test_the_servers_own_refusals_say_it_all(tls_server: Server, sent: bytes) -> None:
    first, _, rest = raw_answer(tls_server, sent).partition("\r\n")
    assert complaints(parse_headers(io.BytesIO(rest.encode("latin-1"))), "", int(first.split()[1])) == []


def test_what_is_refused_for_too_many_tries_says_it_all(make_server: MakeServer) -> None:
    server = make_server("sqlite", **BEHIND_TLS, limits="on")
    server.start()
    visitor = Visitor(server.url)
    assert {check("/l/x", visitor.get(f"/l/{number:043}")) for number in range(210)} == {404, 429}


def test_what_is_given_back_says_it_all(world: dict[str, Actor]) -> None:
    path = f"/conseiller/saisie/{world['paper'].visitor.assessment_id}"
    answer = world["unassigned"].visitor.post(path, [("evidence_ECO-1a", "Le compte rendu.")])
    assert (check(path, answer), "Le compte rendu." in answer.text) == (404, True)


def test_what_breaks_says_it_all(make_server: MakeServer) -> None:
    server = make_server("sqlite", **BEHIND_TLS)
    server.start()
    visitor = Respondent(server.url).begin()
    assert visitor.save("ECO", **{"evidence_ECO-1a": "Le compte rendu."}).status == 303
    with server.connection() as connection:
        connection.exec_driver_sql("UPDATE page_save SET \"values\" = '[1]'")
        connection.commit()
        assert check("", visitor.get(visitor.path("theme/ECO"))) == 500
        connection.exec_driver_sql("ALTER TABLE assessment RENAME TO elsewhere")
        connection.commit()
    assert check("", visitor.get(visitor.path())) == 503


def test_every_form_says_it_all(world: dict[str, Actor], crawls: dict[str, Crawl]) -> None:
    forms = sorted(one_of_a_kind(crawls, "POST"), key=lambda each: each[1].path.endswith(LAST))
    statuses: set[int] = set()
    for name, act in forms:
        visitor = world[name].visitor
        statuses.add(check(act.path, visitor.post(act.path, [("complete", "1")])))
        statuses.add(check(act.path, visitor.post(act.path, filled(act, with_token(act.fields, visitor)))))
    assert {303, 422} <= statuses


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Security-Policy", "default-src 'none'; script-src 'self' 'unsafe-inline'"),
        ("Cache-Control", "private"),
        ("Set-Cookie", "questionnaire=x; Secure; HttpOnly; Path=/; SameSite=Lax"),
        ("Set-Cookie", "__Host-questionnaire=x; HttpOnly; Path=/; SameSite=Lax"),
        ("Server", "waitress/3.0"),
        ("X-Content-Type-Options", "nosniff"),
    ],
)
def test_what_is_too_much_or_lacks_is_told(tls_server: Server, name: str, value: str) -> None:
    headers = Visitor(tls_server.url).get("/").headers
    headers[name] = value  # one more
    assert len(complaints(headers, "/", 200)) >= 1
