"""The steps of a shared file, as they are kept: one row each, checked first; and files from before steps were kept."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.core.journey import MoveRefused
from questionnaire.storage import journey, reviews, schema, talks
from questionnaire.storage.accounts import User
from questionnaire.storage.database import CHANGING_TABLES
from questionnaire.storage.models import TalkMove, TalkRequest
from tests import builders
from tests.builders import NOW

KINDS: dict[type, sa.types.TypeEngine[Any]] = {
    uuid.UUID: sa.Uuid(),
    dict: sa.JSON(),
    datetime: sa.DateTime(timezone=True),
}


@pytest.fixture
def advisor(session: Session) -> User:
    return builders.an_advisor(session)


@pytest.fixture
def talk(session: Session, framework: Framework, advisor: User) -> TalkRequest:
    """A file that was sent to `advisor`."""
    return talks.ask_for_talk(session, builders.a_finished_assessment(session, framework), advisor, NOW)


def test_each_step_is_written_down(session: Session, talk: TalkRequest, advisor: User) -> None:
    talks.take_talk(session, talk, advisor, NOW)
    journey.make_move(session, talk, "send_back", actor="advisor", account=advisor, why="Quelles preuves ?", now=NOW)
    steps = journey.history(session, talk.assessment_id)
    assert {(step.name, step.who, step.why) for step in steps} == {
        ("ask", "", ""),
        ("take", "Camille Martin", ""),
        ("send_back", "Camille Martin", "Quelles preuves ?"),
    }
    assert (talk.state, journey.last_reason(session, talk, "send_back")) == ("to_complete", "Quelles preuves ?")


def test_a_refused_step_changes_nothing(session: Session, talk: TalkRequest, advisor: User) -> None:
    with pytest.raises(MoveRefused):
        journey.make_move(session, talk, "validate", actor="advisor", account=advisor, now=NOW)
    assert talk.state == "sent"
    assert [step.name for step in journey.history(session, talk.assessment_id)] == ["ask"]


def test_a_colleague_reads_from_the_invitation_to_the_departure(session: Session, talk: TalkRequest) -> None:
    colleague = builders.an_advisor(session, "dominique@reseau.example")
    assert talks.shared_talk(session, talk.assessment_id, colleague.id) is None
    journey.let_read(session, talk, colleague, NOW)
    session.flush()
    assert talks.shared_talk(session, talk.assessment_id, colleague.id) is talk
    journey.stop_reading(session, talk, colleague.id, NOW)
    assert talks.shared_talk(session, talk.assessment_id, colleague.id) is None
    journey.let_read(session, talk, colleague, NOW)
    session.flush()
    assert journey.colleagues(session, talk) == [colleague]


def test_withdrawing_ends_the_right_of_everybody(session: Session, talk: TalkRequest, advisor: User) -> None:
    colleague = builders.an_advisor(session, "dominique@reseau.example")
    journey.let_read(session, talk, colleague, NOW)
    session.flush()
    assert talks.withdraw_talk(session, talk.assessment_id, NOW)
    session.flush()
    for account in (advisor, colleague):
        assert talks.shared_talk(session, talk.assessment_id, account.id) is None
    assert journey.history(session, talk.assessment_id)[-1].name in {"ask", "withdraw"}


def test_advisors_of_a_file_share_one_draft(session: Session, talk: TalkRequest, advisor: User) -> None:
    colleague = builders.an_advisor(session, "dominique@reseau.example")
    first = reviews.begin_review(session, talk, advisor.id)
    assert reviews.begin_review(session, talk, colleague.id) is first


def test_files_from_before_get_their_state_and_steps_and_lose_nothing(engine: sa.Engine) -> None:
    kept = {"association": uuid.uuid4(), "assessment": uuid.uuid4(), "talk": uuid.uuid4(), "review": uuid.uuid4()}
    with engine.execution_options(**CHANGING_TABLES).begin() as connection:
        _back_to_the_first_step(connection)
        _a_validated_file(connection, kept)
    with engine.execution_options(**CHANGING_TABLES).begin() as connection:
        schema.upgrade(connection)
    with Session(engine) as session:
        talk = session.get_one(TalkRequest, kept["talk"])
        assert talk.state == "returned"
        names = session.scalars(sa.select(TalkMove.name).where(TalkMove.talk_id == talk.id))
        assert set(names) == {"ask", "take", "validate"}
        review = reviews.review_of(session, talk)
        assert review is not None
        assert reviews.draft_of(session, review).proposals == {"ECO-1a": (3, "Parce que.")}


def _back_to_the_first_step(connection: sa.Connection) -> None:
    cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
    for table in sa.inspect(connection).get_table_names():
        connection.execute(sa.text(f'DROP TABLE "{table}"{cascade}'))
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")


def _a_validated_file(connection: sa.Connection, kept: dict[str, uuid.UUID]) -> None:
    """Write, without the models of today, what an advisor had validated at the first step."""
    rows: dict[str, dict[str, object]] = {
        "association": {"id": kept["association"], "name": "Avant", "rna": "", "siren": "", "created_at": NOW},
        "user": {"id": 1, "email": "a@b.fr", "name": "A", "active": True, "fs_uniquifier": "u", "code": "A"},
        "assessment": {
            "id": kept["assessment"],
            "association_id": kept["association"],
            "created_at": NOW,
            "updated_at": NOW,
            "framework_id": "f",
            "framework_version": "1",
            "framework_sha256": "0",
            "link_sha256": "0",
            "state": "finished",
            "finish_count": 1,
            "link_generation": 1,
        },
        "talk_request": {"id": kept["talk"], "advisor_id": 1, "requested_at": NOW, "taken_at": NOW},
        "review": {"id": kept["review"], "advisor_id": 1, "version": 1, "state": "validated", "validated_at": NOW},
        "proposal": {"review_id": kept["review"], "question_id": "ECO-1a", "level": 3, "reason": "Parce que."},
    }
    rows["user"]["created_at"] = NOW
    rows["talk_request"]["assessment_id"] = rows["review"]["assessment_id"] = kept["assessment"]
    rows["review"] |= {"private_note": "", "comments": {}}
    for name, values in rows.items():
        columns = [sa.column(key, KINDS.get(type(value))) for key, value in values.items()]
        connection.execute(sa.insert(sa.table(name, *columns)).values(**values))
