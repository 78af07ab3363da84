"""The releases of the observatory, and who counts in the next one. Nothing of a release is ever changed.

What is read of associations is read for many at once. This file may not decide what an answer is worth, or commit.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core.observatory import Cell, Contributor, Points, Version
from questionnaire.storage.assessments import NEWEST
from questionnaire.storage.models import Assessment, AuditEvent, Contribution, ListeningSave, PageSave, Review
from questionnaire.storage.observatory_models import ObservatoryContribution, ObservatoryRelease

AT_ONCE = 500  # associations read together


@dataclass(frozen=True)
class Counted:
    """An association that counts: its newest reviewed assessment, its pages, what it said of its territory."""

    assessment: Assessment
    pages: Mapping[str, PageSave]
    heard: Mapping[str, Any]


@dataclass(frozen=True)
class Past:
    """All that earlier releases published, measure by measure."""

    releases: Sequence[ObservatoryRelease]
    brought: Mapping[int, Sequence[Contributor]]

    def versions(self, measure: str) -> list[Version]:
        """Return every version of each of its cells, with those of its values that are still kept."""
        return [
            Version(cell, release.number, shown, count, _values(cell, self.brought.get(release.number, ())))
            for release in self.releases
            for cell, shown, count in _cells(release)
            if cell.measure == measure
        ]


def counting(session: Session, framework_id: str) -> list[uuid.UUID]:
    """Return the assessments that count: of each association the newest that was reviewed as it stands, if it consents.

    A first look is never finished, so that it never counts.
    """
    reviewed = sa.exists().where(
        Review.assessment_id == Assessment.id,
        Review.state == "validated",
        Review.validated_at >= Assessment.finished_at,
    )
    newest_first = (Assessment.finished_at.desc(), Assessment.id)
    place = sa.func.row_number().over(partition_by=Assessment.association_id, order_by=newest_first)
    ranked = sa.select(Assessment.id, Assessment.observatory_consent_at, Assessment.framework_id, place.label("place"))
    found = ranked.where(Assessment.state == "finished", reviewed).subquery()
    chosen = (found.c.place == 1, found.c.observatory_consent_at.is_not(None), found.c.framework_id == framework_id)
    return list(session.scalars(sa.select(found.c.id).where(*chosen).order_by(found.c.id)))


def read_counted(session: Session, ids: Sequence[uuid.UUID]) -> Iterator[Counted]:
    """Read those assessments, so many at a time; what was read is forgotten by the session as it goes."""
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        pages, heard = _pages(session, some), _heard(session, some)
        for assessment in session.scalars(sa.select(Assessment).where(Assessment.id.in_(some))):
            yield Counted(assessment, pages[assessment.id], heard.get(assessment.id, {}))
        session.expunge_all()


def past(session: Session) -> Past:
    """Return what was published, oldest first."""
    row = ObservatoryContribution
    query = sa.select(row.release, Assessment.association_id, row.categories, row.values)
    brought: dict[int, list[Contributor]] = defaultdict(list)
    for number, association, categories, values in session.execute(query.join(Assessment)):
        brought[number].append(Contributor(str(association), categories, values))
    return Past(releases(session), brought)


def releases(session: Session) -> list[ObservatoryRelease]:
    """Return every release, the oldest first."""
    return list(session.scalars(sa.select(ObservatoryRelease).order_by(ObservatoryRelease.number)))


def release_days(session: Session) -> dict[int, date]:
    """Return the day of each release, the newest first."""
    query = sa.select(ObservatoryRelease.number, ObservatoryRelease.published_at)
    found = session.execute(query.order_by(ObservatoryRelease.number.desc()))
    return {number: moment.date() for number, moment in found}


def last_refusal(session: Session) -> str:
    """Return why the last attempt to publish gave nothing, as the trail has it; '' if it gave a release."""
    query = sa.select(AuditEvent).where(AuditEvent.name.in_(("release_published", "release_refused")))
    last = session.scalar(query.order_by(AuditEvent.at.desc()).limit(1))
    return str(last.facts.get("why", "")) if last else ""


def release_by_number(session: Session, number: int | None = None) -> ObservatoryRelease | None:
    """Return a release, the newest unless a number is given."""
    query = sa.select(ObservatoryRelease).order_by(ObservatoryRelease.number.desc()).limit(1)
    return session.scalar(query if number is None else query.where(ObservatoryRelease.number == number))


def keep_release(
    session: Session,
    content: str,
    fresh: Iterable[Version],
    brought: Mapping[uuid.UUID, Contributor],
    *,
    number: int,
    by: int | None,
    now: datetime,
) -> ObservatoryRelease:
    """Keep a release, with what each association brought to it. Raises IntegrityError if its number is taken."""
    cells = [[*_names(each.cell), each.shown, each.count] for each in fresh]
    made = ObservatoryRelease(number=number, published_at=now, published_by=by, content=content)
    made.sha256, made.cells = hashlib.sha256(content.encode()).hexdigest(), {"new": cells}
    session.add(made)
    session.flush()
    rows = [
        {"release": number, "assessment_id": each, "categories": its.categories, "values": its.values}
        for each, its in brought.items()
    ]
    if rows:
        session.execute(sa.insert(ObservatoryContribution), rows)
    return made


def _pages(session: Session, some: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, PageSave]]:
    found: dict[uuid.UUID, dict[str, PageSave]] = defaultdict(dict)
    query = sa.select(Contribution.assessment_id, PageSave).join(Contribution)
    for assessment_id, save in session.execute(query.where(Contribution.assessment_id.in_(some), NEWEST)):
        found[assessment_id][save.page] = save
    return found


def _heard(session: Session, some: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    query = sa.select(ListeningSave).where(ListeningSave.assessment_id.in_(some)).order_by(ListeningSave.version)
    return {each.assessment_id: each.values for each in session.scalars(query)}  # the newest stands


def _cells(release: ObservatoryRelease) -> Iterator[tuple[Cell, Points, int]]:
    for table, category, measure, shown, count in release.cells["new"]:
        yield Cell(table, category, measure), shown, count


def _names(cell: Cell) -> tuple[str, str, str]:
    return cell.table, cell.category, cell.measure


def _values(cell: Cell, brought: Iterable[Contributor]) -> dict[str, Points]:
    return {
        each.id: each.values[cell.measure]
        for each in brought
        if each.categories.get(cell.table) == cell.category and cell.measure in each.values
    }
