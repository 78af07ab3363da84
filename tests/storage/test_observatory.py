"""Who counts in the observatory, and what is kept of a release: the same on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire import publishing
from questionnaire.core.framework import Framework
from questionnaire.core.loading import published
from questionnaire.storage import assessments, erasure, observatory
from questionnaire.storage.accounts import User
from questionnaire.storage.models import Assessment, Review
from questionnaire.storage.observatory_models import ObservatoryContribution
from tests import builders, observed
from tests.builders import NOW

LATER = NOW + timedelta(days=1)
LACKING: dict[str, dict[str, Any]] = {
    "its consent": {"observatory_consent_at": None},
    "a review since it was finished": {"finished_at": LATER},
    "an end": {"state": "draft"},
    "the framework": {"framework_id": "autre"},
}


@pytest.fixture
def advisor(session: Session) -> User:
    return builders.an_advisor(session)


def counting(session: Session) -> list[object]:
    return list(observatory.counting(session, "faire-alliance"))


def test_who_agreed_and_was_reviewed_counts_and_nobody_who_lacks_one_of_them(
    session: Session, framework: Framework, advisor: User
) -> None:
    (one,) = observed.a_network(session, framework, advisor, 1)
    assert counting(session) == [one.id]
    for lacking in LACKING.values():
        with session.begin_nested() as attempt:
            session.execute(sa.update(Assessment).values(lacking))
            assert counting(session) == []
            attempt.rollback()
    session.execute(sa.update(Review).values(state="draft"))
    assert counting(session) == []


def test_the_newest_reviewed_decides_for_its_association(session: Session, framework: Framework, advisor: User) -> None:
    (one,) = observed.a_network(session, framework, advisor, 1)
    again = assessments.begin_for(session, one.association, framework=framework, secret_key=builders.SECRET, now=LATER)
    again.state, again.finished_at = "finished", LATER
    session.flush()
    assert counting(session) == [one.id]
    observed.review(session, again, advisor, LATER)
    session.flush()
    assert counting(session) == []  # it did not agree this time
    assessments.set_consent(session, again, True, LATER)
    session.flush()
    assert counting(session) == [again.id]


def test_what_an_association_brought_goes_with_it_and_the_release_stays(
    session: Session, framework: Framework, advisor: User
) -> None:
    network = observed.a_network(session, framework, advisor, 24)
    kept = publishing.keep(session, publishing.prepare(session, published()), by=None, now=LATER)
    content = kept.content
    erasure.erase(session, session.get_one(Assessment, network[0].id), LATER, actor="respondent")
    session.expire_all()
    left = session.scalars(sa.select(ObservatoryContribution.assessment_id))
    assert set(left) == {each.id for each in network[1:]}
    assert kept.content == content
    versions = observatory.past(session).versions("met:housing")
    assert {each.count - len(each.values) for each in versions if each.cell.table == "everybody"} == {1}
