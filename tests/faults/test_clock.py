"""Time passes while a page is open, or the machine's clock is wrong: nothing typed is lost, nothing goes backwards."""

from __future__ import annotations

import pytest

from tests.faults.conftest import FULL, NO_WORKER, MakeServer
from tests.faults.server import Server
from tests.faults.visitor import Respondent

PAGE = "ECO"
WHILES = ["+61m", "+25h", "+32d"] if FULL else ["+32d"]
BACK = "-1h"
WRONG = (
    [BACK, "+10y", "@2038-01-19 04:14:00"] if FULL else [BACK, "+10y"]
)  # the last one a second counter of 32 bits does not survive
TYPED = {"evidence_ECO-1a": "Le compte rendu du 12 mars.", "q_ECO-1a": "3"}


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    """One kind of database is enough here: the clock is the application's."""
    server = make_server("sqlite", **NO_WORKER)
    server.start()
    return server


def test_a_page_left_open_is_saved_when_it_is_sent(server: Server) -> None:
    opened = [Respondent(server.url).begin() for _ in WHILES]
    pages = [respondent.page(PAGE).filled(TYPED) for respondent in opened]
    for how_long, respondent, page in zip(WHILES, opened, pages, strict=True):
        server.restart("faketime", "-f", how_long)
        assert respondent.post(respondent.path(PAGE), page).status == 303, how_long
        assert {name: respondent.page(PAGE).get(name) for name in TYPED} == TYPED


@pytest.mark.parametrize("clock", WRONG)
def test_under_a_wrong_clock_the_last_save_stands(server: Server, clock: str) -> None:
    respondent = Respondent(server.url).begin()
    respondent.answer_everything()
    server.restart("faketime", "-f", clock)
    if clock == BACK:
        assert respondent.get(respondent.path()).status == 200  # whoever was here still is
    respondent = respondent.elsewhere()
    assert respondent.save(PAGE, **TYPED).status == 303
    server.restart()
    assert {name: respondent.page(PAGE).get(name) for name in TYPED} == TYPED
    assert respondent.finish().location == respondent.path("resultat")
    assert respondent.get(respondent.path("resultat")).status == 200


def test_what_is_typed_comes_back_when_its_link_no_longer_opens_anything(server: Server) -> None:
    respondent = Respondent(server.url).begin()
    other, page = respondent.elsewhere(), respondent.page(PAGE).filled(TYPED)
    assert other.submit(other.path("lien"), "/lien/remplacer").status == 303
    answer = respondent.post(respondent.path(PAGE), page)
    assert answer.status == 404
    assert TYPED["evidence_ECO-1a"] in answer.tree.xpath("string(//main)")
