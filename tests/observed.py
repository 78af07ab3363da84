"""A network whose associations count in the observatory: finished, reviewed, and agreed. Plain rows, quickly made."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.core.loading import published_listening
from questionnaire.core.observatory import FULL, Cell, Figure, Version
from questionnaire.core.observatory_document import document
from questionnaire.core.observatory_measures import subjects
from questionnaire.storage import assessments
from questionnaire.storage.accounts import User
from questionnaire.storage.database import Base
from questionnaire.storage.models import (
    Assessment,
    Association,
    Contribution,
    ListeningSave,
    PageSave,
    Review,
    TalkRequest,
)
from questionnaire.storage.observatory import keep_release
from tests import builders
from tests.builders import NOW

NEEDS = ("housing", "mobility", "youth")


def a_network(
    session: Session,
    framework: Framework,
    advisor: User,
    count: int,
    *,
    first: int = 0,
    secret_key: bytes = builders.SECRET,
) -> list[Assessment]:
    """Make so many associations that count, numbered from `first`: what each answers follows from its number."""
    numbers = range(first, first + count)
    named = [Association(id=uuid.uuid4(), name=f"Club {each}", created_at=NOW) for each in numbers]
    made = assessments.begin_many(
        session, named, framework=framework, secret_key=secret_key, now=NOW, actor="respondent"
    )
    for number, assessment in zip(numbers, made, strict=True):
        session.add_all(_rows(session, framework, assessment, number))
        assessment.state, assessment.finished_at, assessment.observatory_consent_at = "finished", NOW, NOW
        review(session, assessment, advisor, NOW)
    session.flush()
    return made


def review(session: Session, assessment: Assessment, advisor: User, at: datetime) -> None:
    """Have an advisor review it."""
    talk = TalkRequest(id=uuid.uuid4(), assessment_id=assessment.id, advisor_id=advisor.id)
    talk.state_since = talk.requested_at = at
    session.add(talk)
    session.flush()
    made = Review(assessment_id=assessment.id, talk_id=talk.id, advisor_id=advisor.id)
    made.state, made.validated_at = "validated", at
    session.add(made)


def _rows(session: Session, framework: Framework, assessment: Assessment, number: int) -> Iterator[Base]:
    """Yield its pages, and what it says of its territory: the fragilities that it meets, and a word of its own."""
    own = session.scalar(sa.select(Contribution.id).where(Contribution.assessment_id == assessment.id))
    for page, values in _pages(framework, number % 4, number // 30 % 2, number % 3 == 0).items():
        yield PageSave(contribution_id=own, page=page, version=1, values=values, saved_at=NOW)
    met = {NEEDS[number % 3], NEEDS[0] if number % 4 < 2 else NEEDS[number % 3]}
    heard = {"met": sorted(met), "unmet_words": "canari-de-mots"}
    file = {"file": "ecoute-territoire@1.0.0", "file_sha256": "0" * 64}
    yield ListeningSave(assessment_id=assessment.id, version=1, values=heard, saved_at=NOW, **file)


@cache
def _pages(framework: Framework, level: int, region: int, staffed: bool) -> dict[str, dict[str, Any]]:
    pages = builders.complete_pages(framework, 1 + level)
    own = {"department": ("34", "69")[region], "employees": "3-9" if staffed else "none"}
    return pages | {"profile": pages["profile"] | own}


def a_release(session: Session, framework: Framework, number: int) -> None:
    """Keep a release as if it repeated all that the first had said of all, of Occitanie and of who has staff."""
    told = subjects(framework, published_listening())
    where = (("everybody", "all"), ("region", "76"), ("staff", "none"), ("staff", "some"))
    said = [(Cell(*place, each.id), each.kind) for place in where for topic in told for each in topic.measures]
    figures = [
        Figure(cell, Version(cell, 1, {"mean": 45_000, "share": FULL * 95 // 100}[kind], 24, {})) for cell, kind in said
    ]
    days = {each: NOW.date() for each in range(1, number + 1)}
    content = document(number, days, f"{framework.id}@{framework.version}", told, figures)
    keep_release(session, content, [], {}, number=number, by=None, now=NOW)
