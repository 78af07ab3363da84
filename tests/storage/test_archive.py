"""What is saved row by row fills either database with the same rows, while others write; what is cut is refused."""

from __future__ import annotations

import json
import os
import signal
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.storage import (
    archive,
    audit,
    documents,
    outbox,
    reviews,
    schema,
    sealing,
    signin,
    talks,
)
from questionnaire.storage.database import CHANGING_TABLES, make_engine
from questionnaire.storage.installation_models import Installation
from questionnaire.storage.review_draft import Draft
from tests import builders
from tests.builders import NOW

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def other(tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty database of the other place."""
    engine = make_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture
def full(engine: sa.Engine, session: Session, framework: Framework) -> sa.Engine:
    """A database where every table of the archive holds something."""
    assessment = builders.a_finished_assessment(
        session, framework, association_name="L’Étoile « d’ici » 🌱\u00a0; =1+1"
    )
    advisor = builders.an_advisor(session)
    talk = talks.ask_for_talk(session, assessment, advisor, NOW)
    talks.take_talk(session, talk, advisor, NOW)
    review = reviews.begin_review(session, talk, advisor.id)
    words = Draft("note privée", {"ECO": "bien"}, {"ECO-1a": (3, "vu")})
    reviews.save_review(session, review, words, version=0, base="")
    reviews.validate_review(session, review, advisor.id, NOW)
    reviews.keep_edition(session, review, "<p>é</p>", NOW)
    documents.keep(session, assessment.id, "edition", "k", bytes(range(256)), NOW)
    outbox.enqueue(session, "purge", now=NOW)
    audit.record(session, "advisor_invited", actor="operator", now=NOW, advisor_id=advisor.id)
    signin.open_session(session, advisor, NOW)
    session.add(Installation(id=str(uuid.uuid4()), key_check="k", created_at=NOW))
    session.commit()
    return engine


def kept(engine: sa.Engine) -> Rows:
    """Every row of the archive's tables."""
    with engine.connect() as connection:
        found = {table.name: connection.execute(sa.select(table)).all() for table in archive.TABLES}
    return {name: sorted((tuple(row) for row in rows), key=str) for name, rows in found.items()}


def fill(engine: sa.Engine, path: Path) -> None:
    with zipfile.ZipFile(path) as copy, engine.execution_options(**CHANGING_TABLES).begin() as connection:
        archive.fill(connection, copy, archive.check(path))


def test_a_copy_fills_another_database_with_the_same_rows(full: sa.Engine, other: sa.Engine, tmp_path: Path) -> None:
    archive.write(full, tmp_path / "copy.zip", {}, {})
    fill(other, tmp_path / "copy.zip")
    assert kept(other) == kept(full)
    assert kept(full)["edition"]


def test_a_copy_comes_back_whole_and_new_rows_are_numbered_on(
    full: sa.Engine, other: sa.Engine, session: Session, tmp_path: Path
) -> None:
    """Into what was copied, by way of SQLite: so PostgreSQL is filled from a copy of SQLite too."""
    before = kept(full)
    archive.write(full, tmp_path / "copy.zip", {}, {})
    fill(other, tmp_path / "copy.zip")
    archive.write(other, tmp_path / "again.zip", {}, {})
    fill(full, tmp_path / "again.zip")
    assert kept(full) == before
    builders.an_advisor(session, "autre@reseau.example")
    session.commit()


def test_who_was_signed_in_is_not_after_a_return(full: sa.Engine, tmp_path: Path) -> None:
    archive.write(full, tmp_path / "copy.zip", {}, {})
    fill(full, tmp_path / "copy.zip")
    with full.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM user_session")) == 0


def test_only_its_owner_reads_a_copy(full: sa.Engine, tmp_path: Path) -> None:
    archive.write(full, tmp_path / "copy.zip", {}, {})
    assert (tmp_path / "copy.zip").stat().st_mode & 0o777 == 0o600


def test_one_changed_bit_anywhere_is_seen(full: sa.Engine, tmp_path: Path) -> None:
    """What a ZIP says twice, or ignores, has no sum of its own: the seal covers it. Some hundred places, end to end."""
    path = tmp_path / "copy.zip"
    archive.write(full, path, {}, {})
    data = path.read_bytes()
    for place in {*range(0, len(data), len(data) // 200), *range(len(data) - 90, len(data))}:
        path.write_bytes(data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :])
        with pytest.raises(archive.ArchiveError):
            archive.check(path)


@pytest.mark.parametrize("harm", ["cut", "row lost", "no copy"])
def test_what_is_not_whole_is_refused(full: sa.Engine, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "copy.zip"
    archive.write(full, path, {}, {})
    spoil(path, harm)
    with pytest.raises(archive.ArchiveError, match=str(path)):
        archive.check(path)


def spoil(path: Path, harm: str) -> None:
    data = path.read_bytes()
    if harm == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif harm == "no copy":
        path.write_bytes(b"rien")
    else:
        rewrite(path, "tables/page_save.jsonl", lambda rows: rows.split(b"\n", 1)[1])


def rewrite(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change one member of a copy, and seal it again."""
    with zipfile.ZipFile(path) as copy:
        members = {each: copy.read(each) for each in copy.namelist()}
    members[name] = change(members[name])
    with zipfile.ZipFile(path, "w") as copy:
        for each, content in members.items():
            copy.writestr(each, content)
        copy.comment = sealing.BLANK
    with path.open("r+b") as file:
        sealing.seal(file)


def test_killed_at_any_table_it_leaves_what_was_there(
    full: sa.Engine, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path, rows = tmp_path / "copy.zip", archive.rows
    archive.write(full, path, {}, {})
    builders.an_advisor(session, "depuis@reseau.example")
    session.commit()
    before = kept(full)
    for fatal in archive.TABLES[::4]:

        def die(*given: Any, name: str = fatal.name) -> Iterator[dict[str, Any]]:
            if given[-1] == name:
                os.kill(os.getpid(), signal.SIGKILL)
            return rows(*given)

        monkeypatch.setattr(archive, "rows", die)
        full.dispose()
        child = os.fork()
        if child == 0:
            fill(make_engine(full.url.render_as_string(hide_password=False)), path)
            os._exit(0)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert kept(full) == before


def test_every_column_has_a_kind() -> None:
    assert all(archive.kind_of(column) for table in archive.TABLES for column in table.columns)


def test_a_copy_of_a_newer_program_is_refused(full: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "copy.zip"
    before = kept(full)
    archive.write(full, path, {}, {})
    rewrite(path, archive.MANIFEST, lambda text: json.dumps(json.loads(text) | {"schema": "9999"}).encode())
    with pytest.raises(schema.NewerSchema):
        fill(full, path)
    assert kept(full) == before
