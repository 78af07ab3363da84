"""An installation of the schema's first step, made by the code of that day, comes up to date: wholly, or not at all."""

from __future__ import annotations

import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage import archive, schema
from questionnaire.storage.database import CHANGING_TABLES, make_engine
from questionnaire.storage.models import Document, Edition, PageSave, Proposal, Review, TalkMove
from tests.faults.conftest import Figure, MakeServer
from tests.faults.server import Server, a_database

GOLDEN = Path(__file__).parent / "golden" / "0001.zip"
Rows = dict[str, list[dict[str, Any]]]


def old_rows() -> Rows:
    """What the old installation held, by table."""
    with zipfile.ZipFile(GOLDEN) as copy:
        manifest = archive.check(GOLDEN)
        return {name: list(archive.rows(copy, manifest, name)) for name in manifest["tables"]}


@pytest.fixture
def old(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database at the first step, as that day's program left it."""
    cluster = request.getfixturevalue("postgresql") if database == "postgresql" else ""
    engine = make_engine(a_database(database, tmp_path, cluster))
    with zipfile.ZipFile(GOLDEN) as copy, engine.execution_options(**CHANGING_TABLES).begin() as connection:
        archive.put(connection, copy, archive.check(GOLDEN))
    yield engine
    engine.dispose()


def state(engine: sa.Engine) -> dict[str, Any]:
    """The step, every table's columns and every row, read from the database itself."""
    with engine.connect() as connection:
        found = sa.MetaData()
        found.reflect(connection)
        rows = {name: sorted(map(str, connection.execute(sa.select(each)))) for name, each in found.tables.items()}
        return {"columns": {name: sorted(each.columns.keys()) for name, each in found.tables.items()}, "rows": rows}


def upgrade(engine: sa.Engine) -> None:
    with engine.execution_options(**CHANGING_TABLES).begin() as connection:
        schema.upgrade(connection)


def killed_after(engine: sa.Engine, statements: int) -> bool:
    """Bring the database up to date in a process that dies after so many statements; say whether it died."""
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    left = iter(range(statements))

    def count(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    own = make_engine(url)
    sa.event.listen(own, "after_cursor_execute", count)
    upgrade(own)
    os._exit(0)


def test_every_table_of_that_day_holds_something() -> None:
    assert [name for name, rows in old_rows().items() if not rows] == []
    assert archive.check(GOLDEN)["schema"] == "0001"


def test_every_answer_and_review_is_still_there(make_server: MakeServer, database: str, tmp_path: Path) -> None:
    """Put back by the command in an installation of today, then moved to the other database."""
    with zipfile.ZipFile(GOLDEN) as copy:
        key = copy.read("secret_key").decode()
    server = make_server(database, secret_key=key)
    assert "Évaluations : 4." in server.command("restore", str(GOLDEN))
    all_is_there(make_engine(server.database_url))
    assert "aucune différence" in server.command("verify")
    server.command("backup", "-o", str(tmp_path / "copy.zip"))
    other = make_server("sqlite" if database == "postgresql" else "postgresql", secret_key=key)
    other.command("restore", str(tmp_path / "copy.zip"))
    assert rows(other) == rows(server)


def rows(server: Server) -> dict[str, tuple[int, str]]:
    with make_engine(server.database_url).connect() as connection:
        return archive.prints(connection)


def all_is_there(engine: sa.Engine) -> None:
    was = old_rows()
    with Session(engine) as session:
        saves = [(each.contribution_id, each.page, each.version, each.values) for each in session.scalars(PAGES)]
        reviews = [(each.id, each.private_note, each.comments, each.state) for each in session.scalars(REVIEWS)]
        proposals = [(each.review_id, each.question_id, each.level, each.reason) for each in session.scalars(PROPOSALS)]
        editions = [(each.id, each.html, each.sha256) for each in session.scalars(EDITIONS)]
        assert list(session.scalars(sa.select(Document.pdf))) == [each["pdf"] for each in was["edition"]]
        assert sorted(session.scalars(sa.select(TalkMove.name))) == ["ask", "ask", "take", "take", "validate"]
    assert saves == of(was["page_save"], "contribution_id", "page", "version", "values")
    assert reviews == of(was["review"], "id", "private_note", "comments", "state")
    assert proposals == of(was["proposal"], "review_id", "question_id", "level", "reason")
    assert editions == of(was["edition"], "id", "html", "sha256")


PAGES = sa.select(PageSave).order_by(PageSave.contribution_id, PageSave.page, PageSave.version)
REVIEWS = sa.select(Review).order_by(Review.id)
PROPOSALS = sa.select(Proposal).order_by(Proposal.review_id, Proposal.question_id)
EDITIONS = sa.select(Edition).order_by(Edition.id)


def of(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """Some columns of each row."""
    return [tuple(row[name] for name in names) for row in rows]


def test_killed_on_the_way_it_is_old_or_new_never_between(old: sa.Engine, figure: Figure) -> None:
    """At moments spread over the whole way, each on the database as it was left by the one before."""
    before, total = state(old), statements_of(old)
    kills = figure("kills of a migration", 5, full=50)
    for number in range(kills):
        assert killed_after(old, number * (total - 1) // (kills - 1))
        assert state(old) == before
    assert not killed_after(old, total + 100)
    all_is_there(old)
    with old.connect() as connection:
        assert schema.current_step(connection) == schema.newest_step()


def statements_of(old: sa.Engine) -> int:
    """How many statements the whole way takes."""
    counted: list[int] = []
    with old.execution_options(**CHANGING_TABLES).connect() as connection:
        sa.event.listen(connection, "after_cursor_execute", lambda *_: counted.append(1))
        schema.upgrade(connection)
        connection.rollback()
    return len(counted)
