"""A hundred PDFs asked at once: each comes whole, two at most are drawn at a time, people go on, no file lies about."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from questionnaire.pdf import AT_ONCE
from tests.faults.conftest import FULL, Figure, MakeServer
from tests.faults.server import Server, renderers
from tests.faults.visitor import Answer, Respondent
from tests.faults.world import finished

ASKED = {"sqlite": 100, "postgresql": 20} if FULL else {"sqlite": 3}
DOCUMENT = "essentiel.pdf"


@pytest.mark.parametrize("kind", ASKED)
def test_pdfs_asked_at_once_come_whole(make_server: MakeServer, kind: str, figure: Figure) -> None:
    server = make_server(kind)
    server.start()
    people = finished(server, figure("PDFs asked at once", ASKED[kind], full=ASKED[kind]))
    writer = Respondent(server.url).begin()
    with renderers_counted(server) as seen:
        assert {answer.status for answer in all_ask(people)} == {202}
        assert {answer.status for answer in all_ask(people)} <= {200, 202}
        assert writer.save("ECO", **{"evidence_ECO-1a": "meanwhile"}).status == 303
        server.wait_for_jobs()
    answers = all_ask(people)
    assert [whole_or_told(answer) for answer in answers] == [True] * len(people)
    assert 1 <= max(seen) <= AT_ONCE
    assert len(server.rows("SELECT id FROM job WHERE kind = 'render'")) == len(people)
    assert writer.page("ECO").get("evidence_ECO-1a") == "meanwhile"
    assert [*server.temporary.rglob("*")] == []
    assert server.alive()


def all_ask(people: list[Respondent]) -> list[Answer]:
    """Have everybody ask at the same moment."""
    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(lambda who: who.get(who.path(DOCUMENT)), people))


def whole_or_told(answer: Answer) -> bool:
    """Whether a whole PDF was handed over, or a page that says in words why there is none."""
    if answer.status == 200:
        return answer.body.startswith(b"%PDF-") and answer.body.rstrip().endswith(b"%%EOF")
    return answer.status == 503 and "Vos réponses" in answer.tree.text_content()


@contextmanager
def renderers_counted(server: Server) -> Iterator[list[int]]:
    """Give how many renderers were seen to run at a time, again and again."""
    assert server.process
    seen, over, process = [0], threading.Event(), server.process.pid

    def count() -> None:
        while not over.wait(0.02):
            seen.append(len(renderers(process)))

    counting = threading.Thread(target=count)
    counting.start()
    try:
        yield seen
    finally:
        over.set()
        counting.join()
