"""What the observatory publishes gives nobody away: frozen, rounded, of eleven at least who were reviewed and agreed.

Its figures themselves are attacked in tests/core/test_observatory_attack.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire import publishing
from questionnaire.core.loading import published
from questionnaire.storage import links
from questionnaire.storage.accounts import User
from questionnaire.storage.database import make_engine, write_first
from questionnaire.storage.models import Assessment, Review
from tests import builders, observed
from tests.faults.conftest import a_server
from tests.faults.server import KEY, Server
from tests.faults.visitor import Respondent, Visitor

FRAMEWORK = published().newest("faire-alliance")
PAGES = ("", "76", "publications/1", "publications/1.csv", "publications/1.json")
SECRET = KEY.encode()


@contextmanager
def writing(server: Server) -> Iterator[Session]:
    """A session on the server's database, committed at the end."""
    engine = make_engine(server.database_url)
    with Session(engine, expire_on_commit=False) as session:
        write_first(session)
        yield session
        session.commit()
    engine.dispose()


def join(server: Server, count: int, first: int, **lacking: object) -> list[Assessment]:
    """Let so many associations count, but for what they lack."""
    with writing(server) as session:
        advisor = session.scalar(sa.select(User).limit(1)) or builders.an_advisor(session)
        made = observed.a_network(session, FRAMEWORK, advisor, count, first=first, secret_key=SECRET)
        ids = [each.id for each in made]
        if "observatory_consent_at" in lacking:
            session.execute(sa.update(Assessment).where(Assessment.id.in_(ids)).values(lacking))
        elif lacking:
            session.execute(sa.update(Review).where(Review.assessment_id.in_(ids)).values(lacking))
    return made


def publish(server: Server) -> str:
    """Publish, beside the server that answers; return what refused it, '' if nothing did."""
    try:
        with writing(server) as session:
            publishing.keep(session, publishing.prepare(session, published()), by=None, now=datetime.now(UTC))
    except publishing.CannotPublish as refused:
        return str(refused)
    return ""


def shown(server: Server) -> dict[str, str]:
    """What anybody reads of the first release."""
    answers = {page: Visitor(server.url).get(f"/observatoire/{page}") for page in PAGES}
    assert {answer.status for answer in answers.values()} == {200}
    return {page: answer.text for page, answer in answers.items()}


def as_themselves(server: Server, assessment: Assessment) -> Respondent:
    visitor = Respondent(server.url)
    visitor.get(f"/l/{links.link_token(SECRET, assessment)}")
    visitor.assessment_id = str(assessment.id)
    return visitor


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for the whole module: its tests follow one another, as the years of a network do."""
    with a_server(request, request.param, tmp_path_factory.mktemp("observed")) as server:
        server.start()
        yield server


@pytest.fixture(scope="module")
def network(server: Server) -> list[Assessment]:
    """Ten who count, then enough of them; and what was published."""
    ten = join(server, 10, 0)
    assert "Moins de 11" in publish(server)
    everybody = ten + join(server, 50, 10)
    assert publish(server) == ""
    return everybody


def test_what_is_read_is_rounded_and_about_nobody(server: Server, network: list[Assessment]) -> None:
    pages = shown(server)
    figures = json.loads(pages["publications/1.json"])["figures"]
    shares = [each for each in figures if not each["measure"].startswith("score:")]
    assert {each["value"] % 5 for each in shares} == {each["contributors"] % 5 for each in figures} == {0}
    assert {type(each["value"]) for each in figures} == {int}
    assert all(5 <= each["value"] <= 95 for each in shares)
    private = {"Club", "canari", *(str(each.id) for each in network), *(str(each.association_id) for each in network)}
    assert [word for word in private for text in pages.values() if word in text] == []


def test_only_eleven_who_agreed_and_were_reviewed_move_a_figure(server: Server, network: list[Assessment]) -> None:
    before = shown(server)
    join(server, 1, 100)
    join(server, 24, 101, observatory_consent_at=None)
    join(server, 24, 125, state="draft", validated_at=None)
    assert "Aucun chiffre nouveau" in publish(server)
    assert shown(server) == before


def test_whoever_leaves_leaves_nothing_behind(server: Server, network: list[Assessment]) -> None:
    frozen = shown(server)["publications/1.json"]
    erased, withdrawn = (as_themselves(server, each) for each in network[:2])
    assert erased.submit(erased.path("supprimer"), sure="y").status == 303
    form = withdrawn.form(withdrawn.path(), "/consentement")
    assert (
        withdrawn.post(
            withdrawn.path("consentement"), [each for each in form.filled({}) if each[0] != "consent"]
        ).status
        == 303
    )
    server.wait_for_jobs()
    join(server, 24, 200)
    assert publish(server) == ""
    kept = {name: "".join(rows) for name, rows in server.kept().items()}
    assert [name for name, rows in kept.items() for each in ids(network[0]) if each in rows] == []
    second = server.rows("SELECT assessment_id FROM observatory_contribution WHERE release = 2")
    assert str(network[1].id).replace("-", "") not in str(second).replace("-", "")
    assert shown(server)["publications/1.json"] == frozen


def ids(assessment: Assessment) -> list[str]:
    return [str(assessment.id), str(assessment.association_id)]
