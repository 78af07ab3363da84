"""The same request twice: in turn, at once, later, after a restart. One effect, and the normal page each time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.conftest import Figure
from tests.faults.server import Server
from tests.faults.visitor import Answer, Fields, Respondent

PAGE = "ECO"
TYPED = {"evidence_ECO-1a": "Le compte rendu du 12 mars.", "q_ECO-1a": "3"}


def versions(server: Server, respondent: Respondent) -> int:
    """How many times the page was kept."""
    query = """SELECT count(*) FROM page_save JOIN contribution ON contribution.id = page_save.contribution_id
               WHERE page_save.page = :page AND contribution.assessment_id = :id"""
    return int(server.rows(query, page=PAGE, id=key(server, respondent))[0][0])


def finishes(server: Server, respondent: Respondent) -> tuple[int, int]:
    """How many times it was finished, as the assessment says it and as the audit does."""
    found = server.rows(
        """SELECT finish_count, (SELECT count(*) FROM audit_event WHERE name = 'assessment_finished'
           AND assessment_id = assessment.id) FROM assessment WHERE id = :id""",
        id=key(server, respondent),
    )
    return found[0][0], found[0][1]


def key(server: Server, respondent: Respondent) -> str:
    """The id as this database writes it."""
    return respondent.assessment_id.replace("-", "") if "sqlite" in server.database_url else respondent.assessment_id


def lasting(server: Server) -> dict[str, object]:
    """Everything that is kept and everything to be done, whatever was drawn, sent or drawn again of it meanwhile."""
    kept = {name: rows for name, rows in server.kept().items() if name not in ("document", "job")}
    jobs = server.rows("SELECT kind, count(*) FROM job WHERE kind NOT IN ('purge', 'render') GROUP BY kind")
    drawn = server.rows("SELECT DISTINCT assessment_id, CAST(payload AS text) FROM job WHERE kind = 'render'")
    return kept | {"jobs": sorted(jobs), "drawn": sorted(drawn, key=str)}


def twice_in_turn(respondent: Respondent, path: str, fields: Fields) -> list[Answer]:
    return [respondent.post(path, fields), respondent.post(path, fields)]


def at_once(respondent: Respondent, path: str, fields: Fields) -> list[Answer]:
    with ThreadPoolExecutor(4) as crowd:
        return list(crowd.map(lambda _: respondent.post(path, fields), range(4)))


@pytest.mark.parametrize("replay", [twice_in_turn, at_once])
def test_a_page_sent_twice_is_kept_once(live: Server, figure: Figure, replay: object) -> None:
    assert callable(replay)
    for _ in range(figure("saves", 3, full=125)):
        respondent = Respondent(live.url).begin()
        answers = replay(respondent, respondent.path(PAGE), respondent.page(PAGE).filled(TYPED))
        assert {answer.status for answer in answers} == {303}
        assert len({answer.location for answer in answers}) == 1
        assert versions(live, respondent) == 1


@pytest.mark.parametrize("replay", [twice_in_turn, at_once])
def test_a_finish_sent_twice_happens_once(live: Server, figure: Figure, replay: object) -> None:
    assert callable(replay)
    for _ in range(figure("finishes", 1, full=50)):
        respondent = Respondent(live.url).begin()
        respondent.answer_everything()
        answers = replay(respondent, respondent.path("verifier"), respondent.page("verifier").filled({}))
        assert {(answer.status, answer.location) for answer in answers} == {(303, respondent.path("resultat"))}
        assert finishes(live, respondent) == (1, 1)


def test_five_minutes_later_and_after_a_restart_nothing_happens_again(server: Server, figure: Figure) -> None:
    saved = [Respondent(server.url).begin() for _ in range(figure("saves", 2, full=250))]
    pages = [respondent.page(PAGE).filled(TYPED) for respondent in saved]
    finished = [Respondent(server.url).begin() for _ in range(figure("finishes", 1, full=100))]
    for respondent, page in zip(saved, pages, strict=True):
        assert respondent.post(respondent.path(PAGE), page).status == 303
    checks = []
    for respondent in finished:
        respondent.answer_everything()
        checks.append(respondent.page("verifier").filled({}))
        assert respondent.post(respondent.path("verifier"), checks[-1]).status == 303
    before = lasting(server)
    server.restart("faketime", "-f", "+5m")
    for respondent, page in zip(saved, pages, strict=True):
        assert respondent.post(respondent.path(PAGE), page).status == 303
    for respondent, check in zip(finished, checks, strict=True):
        assert respondent.post(respondent.path("verifier"), check).location == respondent.path("resultat")
    assert lasting(server) == before
