"""What is erased is gone: no row, no byte in any file, and an older backup does not bring it back."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.storage import assessments, audit, documents, erasure, reviews, talks
from questionnaire.storage.database import Base, make_engine
from questionnaire.storage.installation import open_installation
from questionnaire.storage.models import Assessment, Association, AuditEvent
from questionnaire.storage.review_draft import Draft
from tests import builders
from tests.builders import NOW, SECRET
from tests.filling import fill_every_table

CANARY = "canari-jaune-7431"


def someone(session: Session, framework: Framework, number: int) -> Assessment:
    """An association whose every text holds the canary, reviewed by an advisor."""
    named = {"association_name": f"{CANARY} {number}", "email": f"{CANARY}@exemple.fr"}
    assessment = builders.an_assessment(session, framework, **named)
    for version, page in enumerate(["ECO"] * 3):
        words = {"value": 1 + version, "comment": f"{CANARY} {version} " * 40}
        assessments.save_page(session, assessment, page, version, {"ECO-1a": words}, NOW)
    assessments.finish(session, assessment, framework, NOW)
    advisor = builders.an_advisor(session, f"conseil{number}@reseau.example")
    talk = talks.ask_for_talk(session, assessment, advisor, NOW)
    talks.take_talk(session, talk, advisor, NOW)
    review = reviews.begin_review(session, talk, advisor.id)
    reviews.save_review(session, review, Draft(CANARY, {"ECO": CANARY}, {"ECO-1a": (3, CANARY)}), version=0, base="")
    reviews.keep_edition(session, review, f"<p>{CANARY}</p>" * 500, NOW)
    documents.keep(session, assessment.id, "report", "k", CANARY.encode() * 5000, NOW)
    fill_every_table(session, assessment, advisor, CANARY)
    return assessment


def hits(folder: Path) -> list[str]:
    """Which files of the folder hold a byte of the canary."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[sa.Engine]:
    """An installation on SQLite, opened once."""
    engine = make_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    open_installation(engine, tmp_path, SECRET, NOW)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("neighbours", [0, 10])
def test_fifty_erasures_leave_no_byte(place: sa.Engine, tmp_path: Path, framework: Framework, neighbours: int) -> None:
    """Alone, and among others that stay and whose rows share their pages."""
    with Session(place, expire_on_commit=False) as session:
        leaving = []
        for number in range(50):
            leaving.append(someone(session, framework, number))
            if number < neighbours:
                builders.a_finished_assessment(session, framework, association_name=f"Qui reste {number}")
            session.commit()
        assert hits(tmp_path)
        for assessment in leaving:
            erasure.erase(session, assessment, NOW, actor="respondent")
            session.commit()
        session.close()
    erasure.wipe(place)
    assert hits(tmp_path) == []
    with Session(place) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Association)) == neighbours


def test_without_wiping_the_log_the_bytes_would_be_found(
    place: sa.Engine, tmp_path: Path, framework: Framework
) -> None:
    with Session(place) as session:
        assessment = someone(session, framework, 0)
        session.commit()
        erasure.erase(session, assessment, NOW, actor="respondent")
        session.commit()
    assert hits(tmp_path) == ["store.sqlite-wal"]


def test_somebody_who_reads_delays_the_wiping(place: sa.Engine, framework: Framework) -> None:
    with place.connect() as reader:
        reader.execute(sa.select(Assessment)).all()
        with Session(place) as session:
            someone(session, framework, 0)
            session.commit()
        with pytest.raises(erasure.StillRead):
            erasure.wipe(place)
    erasure.wipe(place)


def test_no_row_is_left_on_either_database(session: Session, framework: Framework) -> None:
    assessment = someone(session, framework, 0)
    session.commit()
    erasure.erase(session, assessment, NOW, actor="respondent")
    session.commit()
    rows = [str(row) for table in Base.metadata.sorted_tables for row in session.execute(sa.select(table))]
    assert rows
    assert not any(sign in row for row in rows for sign in (CANARY, str(assessment.id), assessment.id.hex))


@pytest.mark.parametrize("written", [True, False])
def test_an_older_database_put_back_does_not_bring_it_back(
    place: sa.Engine, tmp_path: Path, framework: Framework, written: bool
) -> None:
    """The file's tombstones do it; without them (the planted mistake) it comes back."""
    with Session(place, expire_on_commit=False) as session:
        gone, stays = someone(session, framework, 0), builders.a_finished_assessment(session, framework)
        session.commit()
    erasure.wipe(place)
    shutil.copy(tmp_path / "store.sqlite", tmp_path / "older.sqlite")
    with Session(place) as session:
        erasure.erase(session, session.get_one(Assessment, gone.id), NOW, actor="respondent")
        session.commit()
        if written:
            erasure.write_down(session, tmp_path)
    place.dispose()
    (tmp_path / "older.sqlite").replace(tmp_path / "store.sqlite")
    open_installation(place, tmp_path, SECRET, NOW)
    with Session(place) as session:
        back = {gone.id, stays.id} if not written else {stays.id}
        assert set(session.scalars(sa.select(Assessment.id))) == back
    erasure.wipe(place)
    assert (hits(tmp_path) == []) is written


def test_a_tombstone_lost_from_the_file_is_written_again(
    place: sa.Engine, tmp_path: Path, framework: Framework
) -> None:
    with Session(place) as session:
        assessment = someone(session, framework, 0)
        erasure.erase(session, assessment, NOW, actor="respondent")
        session.commit()
    open_installation(place, tmp_path, SECRET, NOW)
    assert erasure.digest(assessment.id) in (tmp_path / erasure.LOG).read_text()


def test_a_line_cut_by_a_power_loss_hides_no_other(place: sa.Engine, tmp_path: Path, framework: Framework) -> None:
    (tmp_path / erasure.LOG).write_text("2026-01-01T00:00:00+00:00 12ab")
    with Session(place) as session:
        assessment = someone(session, framework, 0)
        erasure.erase(session, assessment, NOW, actor="respondent")
        session.flush()
        erasure.write_down(session, tmp_path)
        erasure.write_down(session, tmp_path)
    lines = (tmp_path / erasure.LOG).read_text().splitlines()
    assert (len(lines), lines[1].split()[1]) == (2, erasure.digest(assessment.id))


def test_the_event_says_that_and_not_what(session: Session, framework: Framework) -> None:
    erasure.erase(session, someone(session, framework, 0), NOW, actor="respondent")
    session.flush()
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.name == "assessment_erased")).one()
    assert (event.assessment_id, event.facts) == (None, {})
    assert not audit.EVENTS["assessment_erased"]


def test_an_old_first_page_sent_again_begins_under_another_id(session: Session, framework: Framework) -> None:
    given = {"framework": framework, "association_name": "A", "email": None, "secret_key": SECRET, "now": NOW}
    first, _ = assessments.begin_once(session, uuid.UUID(int=7), **given)
    erasure.erase(session, first, NOW, actor="respondent")
    session.flush()
    again, begun = assessments.begin_once(session, uuid.UUID(int=7), **given)
    assert begun
    assert not erasure.is_erased(session, again.id)
