"""What is kept, on both databases: pages merged, finished once, erased wholly; links that open one thing."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.storage import assessments, audit, erasure, links, outbox, schema, talks
from questionnaire.storage.assessments import Conflict, Saved, Unchanged
from questionnaire.storage.database import CHANGING_TABLES, Base, write_first
from questionnaire.storage.models import Assessment, Contribution, Job, PageSave
from tests import builders
from tests.builders import NOW, SECRET

PAGE = "ECO"


@pytest.fixture
def assessment(session: Session, framework: Framework) -> Assessment:
    made = builders.an_assessment(session, framework)
    session.commit()
    return made


def save(session: Session, assessment: Assessment, base: int, values: dict[str, Any]) -> object:
    return assessments.save_page(session, assessment, PAGE, base, values, NOW)


def stands(session: Session, assessment: Assessment) -> dict[str, Any]:
    return assessments.current_pages(session, assessment)[PAGE].values


def test_the_schema_of_the_steps_is_that_of_the_models(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.METADATA) == []


def test_an_unnumbered_database_is_brought_to_the_newest_step(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert schema.current_step(connection) == schema.newest_step()


def test_a_database_from_tomorrow_is_refused(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(schema.NewerSchema):
            schema.upgrade(connection)


def test_a_step_that_makes_a_table_again_keeps_its_children(
    engine: sa.Engine, session: Session, framework: Framework
) -> None:
    builders.an_assessment(session, framework)
    session.commit()
    with engine.execution_options(**CHANGING_TABLES).begin() as connection:
        steps = Operations(MigrationContext.configure(connection))
        with steps.batch_alter_table("assessment", recreate="auto") as table:
            table.alter_column("state", existing_type=sa.String(20), nullable=True)
    assert session.scalar(sa.select(sa.func.count()).select_from(Contribution)) == 1


def test_outside_of_steps_what_hangs_on_a_row_goes_with_it(
    engine: sa.Engine, session: Session, framework: Framework
) -> None:
    assessment = builders.an_assessment(session, framework)
    session.commit()
    with engine.execution_options(begin="IMMEDIATE").begin() as connection:
        connection.execute(sa.delete(Assessment).where(Assessment.id == assessment.id))
    assert session.scalar(sa.select(sa.func.count()).select_from(Contribution)) == 0


@pytest.mark.parametrize("seen", [True, False], ids=["later", "at-once"])
def test_what_is_begun_twice_is_begun_once(
    session: Session, framework: Framework, monkeypatch: pytest.MonkeyPatch, *, seen: bool
) -> None:
    given = {"framework": framework, "association_name": "Un club", "email": None, "secret_key": SECRET, "now": NOW}
    first, begun = assessments.begin_once(session, uuid.UUID(int=7), **given)
    session.expunge_all()
    if not seen:  # as it is for a request that looked before the other one committed
        monkeypatch.setattr(assessments, "assessment_by_id", lambda *_: None)
    again, begun_again = assessments.begin_once(session, uuid.UUID(int=7), **given)
    session.commit()
    assert (again.id, begun, begun_again) == (first.id, True, False)
    assert session.scalar(sa.select(sa.func.count(Assessment.id))) == 1


def test_a_page_is_kept_in_versions(session: Session, assessment: Assessment) -> None:
    assert save(session, assessment, 0, {"ECO-1a": {"value": 2}}) == Saved(1)
    assert save(session, assessment, 1, {"ECO-1a": {"value": 3}}) == Saved(2)
    assert stands(session, assessment) == {"ECO-1a": {"value": 3}}


def test_the_same_page_twice_is_one_save(session: Session, assessment: Assessment) -> None:
    save(session, assessment, 0, {"ECO-1a": {"value": 2}})
    assert save(session, assessment, 0, {"ECO-1a": {"value": 2}}) == Unchanged(1)


def test_what_a_page_held_before_is_not_read_again(session: Session, assessment: Assessment) -> None:
    for version in range(5):
        save(session, assessment, version, {"ECO-1a": {"value": version % 4 + 1}})
    known = assessment.id
    session.expunge_all()
    pages = assessments.current_pages(session, session.get_one(Assessment, known))
    assert pages[PAGE].version == 5
    assert [each.version for each in session.identity_map.values() if isinstance(each, PageSave)] == [5]


def test_a_version_that_never_was_overwrites_nothing(session: Session, assessment: Assessment) -> None:
    save(session, assessment, 0, {"ECO-1a": {"value": 1}})
    assert isinstance(save(session, assessment, 99, {"ECO-1a": {"value": 2}}), Conflict)
    assert stands(session, assessment) == {"ECO-1a": {"value": 1}}


def test_what_two_people_wrote_in_different_places_is_kept(session: Session, assessment: Assessment) -> None:
    save(session, assessment, 0, {"ECO-1a": {"value": 2}})
    save(session, assessment, 0, {"ECO-1b": {"value": 4, "evidence": "Fichier"}})
    assert stands(session, assessment) == {"ECO-1a": {"value": 2}, "ECO-1b": {"value": 4, "evidence": "Fichier"}}


def test_what_two_people_wrote_in_one_place_is_shown_to_the_second(session: Session, assessment: Assessment) -> None:
    save(session, assessment, 0, {"ECO-1a": {"value": 2}})
    outcome = save(session, assessment, 0, {"ECO-1a": {"value": 3}})
    assert isinstance(outcome, Conflict)
    assert (outcome.fields, stands(session, assessment)) == ((("ECO-1a", "value"),), {"ECO-1a": {"value": 2}})


def test_eight_people_at_once_lose_nothing(engine: sa.Engine, session: Session, assessment: Assessment) -> None:
    questions = [f"Q{number}" for number in range(8)]

    def one(question: str) -> None:
        with Session(engine) as own:
            write_first(own)
            locked = assessments.assessment_by_id(own, assessment.id, lock=True)
            assert locked
            save(own, locked, 0, {question: {"value": 1}})
            own.commit()

    threads = [threading.Thread(target=one, args=(question,)) for question in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    session.expire_all()
    assert sorted(stands(session, assessment)) == questions


def test_it_is_finished_once(session: Session, framework: Framework) -> None:
    assessment = builders.a_filled_assessment(session, framework)
    done = [assessments.finish(session, assessment, framework, NOW) for _ in range(2)]
    assert (done, assessment.finish_count) == ([True, False], 1)
    with pytest.raises(assessments.AssessmentFinished):
        save(session, assessment, 1, {"ECO-1a": {"value": 4}})


def test_it_is_reopened_until_an_advisor_has_taken_it(session: Session, framework: Framework) -> None:
    assessment = builders.a_finished_assessment(session, framework)
    assessments.reopen(session, assessment, NOW)
    assert (assessment.state, assessment.finished_at) == ("draft", None)


def test_a_link_opens_its_assessment_and_a_replaced_one_nothing(session: Session, assessment: Assessment) -> None:
    old = links.link_token(SECRET, assessment)
    assert links.assessment_by_token(session, old) is assessment
    links.replace_link(session, assessment, SECRET, NOW)
    session.flush()
    assert links.assessment_by_token(session, old) is None
    assert links.assessment_by_token(session, links.link_token(SECRET, assessment)) is assessment


@pytest.mark.parametrize("token", ["", "a" * 43, "é" * 43, "../etc/passwd", "A" * 10_000])
def test_what_is_no_link_opens_nothing(session: Session, assessment: Assessment, token: str) -> None:
    assert links.assessment_by_token(session, token) is None


def test_the_database_alone_gives_no_link_away(session: Session, assessment: Assessment) -> None:
    token = links.link_token(SECRET, assessment)
    rows = [str(row) for table in Base.metadata.sorted_tables for row in session.execute(sa.select(table))]
    assert rows
    assert not any(token in row for row in rows)


def test_erasing_leaves_nothing_of_the_association(session: Session, framework: Framework) -> None:
    assessment = builders.a_finished_assessment(session, framework, association_name="Canari jaune")
    advisor = builders.an_advisor(session)
    talks.ask_for_talk(session, assessment, advisor, NOW)
    session.commit()
    name = assessment.id
    erasure.erase(session, assessment, NOW, actor="respondent")
    session.commit()
    rows = [str(row) for table in Base.metadata.sorted_tables for row in session.execute(sa.select(table))]
    assert not any(sign in row for row in rows for sign in ("Canari", str(name), name.hex, "contact@jardins"))


def test_an_event_carries_the_facts_it_was_declared_with(session: Session) -> None:
    with pytest.raises(audit.UndeclaredEvent):
        audit.record(session, "signed_in", actor="advisor", now=NOW, password="oups")


def test_a_job_stands_or_falls_with_what_caused_it(session: Session) -> None:
    outbox.enqueue(session, "mail_private_link", now=NOW)
    session.rollback()
    assert not outbox.waiting(session, "mail_private_link")


def test_periodic_work_is_recorded_once_however_many_ask(session: Session) -> None:
    for _ in range(2):
        outbox.come_back(session, "purge", now=NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(Job).where(Job.kind == "purge")) == 1


def test_an_unknown_assessment_is_none(session: Session) -> None:
    assert assessments.assessment_by_id(session, uuid.uuid4()) is None


def test_the_newest_step_is_pinned() -> None:
    assert (schema.MIGRATIONS / "HEAD").read_text().strip() == schema.newest_step()
