"""An advisor's work list: one page of the files they may see, chosen, sorted and counted by the database.

What an advisor does not read yet shows its name, place and dates only. Each page reads as many rows as it shows,
however many there are. This file may not decide which file is late for what: the delays come from who calls.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from questionnaire.core.journey import Scope, State
from questionnaire.storage.accounts import User
from questionnaire.storage.journey import may_read, public_name
from questionnaire.storage.models import Assessment, Association, Campaign, TalkRequest

Heap = Literal["mine", "unassigned", "to_return", "to_chase"]
Sort = Literal["recent", "oldest", "name"]
HEAPS: tuple[Heap, ...] = get_args(Heap)
CHASED_AFTER: dict[State, timedelta] = {
    "sent": timedelta(days=7),
    "to_complete": timedelta(days=14),
    "returned": timedelta(days=30),
}


@dataclass(frozen=True)
class Wanted:
    """What to show. No `departments`: everywhere; `since`: files that have not moved since then; no `count`: all."""

    heap: Heap = "mine"
    state: State | None = None
    departments: tuple[str, ...] = ()
    campaign: uuid.UUID | None = None
    since: datetime | None = None
    search: str = ""
    sort: Sort = "recent"
    first: int = 0
    count: int | None = 50


@dataclass(frozen=True)
class Line:
    """A file in the list. `in_charge` is the name of who is, '' for nobody; `scope` is what the file opens."""

    assessment_id: uuid.UUID
    association: str
    department: str | None
    scope: Scope
    state: State
    state_since: datetime
    requested_at: datetime
    rna: str
    siren: str
    finished_at: datetime | None
    in_charge: str
    campaign: str


@dataclass(frozen=True)
class Found:
    """One page of lines, how many there are in all, and how many in each heap whatever else is chosen."""

    lines: list[Line]
    total: int
    heaps: dict[Heap, int] = field(default_factory=dict)


def work_list(session: Session, advisor_id: int, wanted: Wanted, now: datetime) -> Found:
    """Return one page of the advisor's list."""
    heaps = {heap: count_files(session, _heap(heap, advisor_id, now)) for heap in HEAPS}
    return Found(*files_where(session, _heap(wanted.heap, advisor_id, now), wanted), heaps)


def readable_files(session: Session, advisor_id: int, wanted: Wanted, now: datetime) -> list[Line]:
    """Return every file of the list that the advisor may read, on any page: a file of nobody is not among them."""
    chosen = [may_read(advisor_id), _heap(wanted.heap, advisor_id, now), *_filters(wanted)]
    return _lines(session, chosen, replace(wanted, first=0, count=None))


def files_where(session: Session, condition: sa.ColumnElement[bool], wanted: Wanted) -> tuple[list[Line], int]:
    """Return one page of the files under this condition that `wanted` lets through, and how many there are in all."""
    chosen = [condition, *_filters(wanted)]
    return _lines(session, chosen, wanted), count_files(session, *chosen)


def count_files(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    """Return how many files there are under these conditions."""
    return session.scalar(_joined(sa.select(sa.func.count())).where(*conditions)) or 0


def campaign_choices(session: Session) -> list[tuple[str, str]]:
    """Return each campaign's id and name, the newest first."""
    rows = session.execute(sa.select(Campaign.id, Campaign.name).order_by(Campaign.starts_on.desc(), Campaign.name))
    return [(str(name), words) for name, words in rows]


def unassigned_talk(session: Session, assessment_id: uuid.UUID) -> TalkRequest | None:
    """Return the talk that waits for somebody of the network to take it, if there is one."""
    return session.scalar(
        sa.select(TalkRequest).where(TalkRequest.assessment_id == assessment_id, *_waiting()).with_for_update()
    )


def _heap(heap: Heap, advisor_id: int, now: datetime) -> sa.ColumnElement[bool]:
    if heap == "unassigned":
        return sa.and_(*_waiting())
    mine = may_read(advisor_id)
    if heap == "to_return":
        return sa.and_(mine, TalkRequest.state == "in_review")
    if heap == "to_chase":
        late = [
            sa.and_(TalkRequest.state == state, TalkRequest.state_since <= now - after)
            for state, after in CHASED_AFTER.items()
        ]
        return sa.and_(mine, TalkRequest.scope == "whole", sa.or_(*late))
    return mine


def _waiting() -> list[sa.ColumnElement[bool]]:
    return [TalkRequest.advisor_id.is_(None), TalkRequest.withdrawn_at.is_(None), TalkRequest.state == "sent"]


def _filters(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    words = [
        column.icontains(wanted.search, autoescape=True)
        for column in (Association.name, Association.rna, Association.siren)
    ]
    return [
        *([TalkRequest.state == wanted.state] if wanted.state else []),
        *([Assessment.department.in_(wanted.departments)] if wanted.departments else []),
        *([Assessment.campaign_id == wanted.campaign] if wanted.campaign else []),
        *([TalkRequest.state_since <= wanted.since] if wanted.since else []),
        *([sa.or_(*words)] if wanted.search else []),
    ]


def _joined(statement: sa.Select[Any]) -> sa.Select[Any]:
    return (
        statement.select_from(TalkRequest)
        .join(Assessment, Assessment.id == TalkRequest.assessment_id)
        .join(Association, Association.id == Assessment.association_id)
    )


def _lines(session: Session, conditions: list[sa.ColumnElement[bool]], wanted: Wanted) -> list[Line]:
    in_charge = aliased(User)
    order: dict[Sort, sa.ColumnElement[Any]] = {
        "recent": TalkRequest.state_since.desc(),
        "oldest": TalkRequest.state_since.asc(),
        "name": sa.func.lower(Association.name),
    }
    talk = (TalkRequest.scope, TalkRequest.state, TalkRequest.state_since, TalkRequest.requested_at)
    who = (Association.rna, Association.siren, Assessment.finished_at)
    columns: list[Any] = [Assessment.id, Association.name, Assessment.department, *talk, *who, in_charge, Campaign.name]
    rows = session.execute(
        _joined(sa.select(*columns))
        .outerjoin(in_charge, in_charge.id == TalkRequest.advisor_id)
        .outerjoin(Campaign, Campaign.id == Assessment.campaign_id)
        .where(*conditions)
        .order_by(order[wanted.sort], Assessment.id)
        .offset(wanted.first)
        .limit(wanted.count)
    )
    return [_line(*row) for row in rows]


def _line(*row: Any) -> Line:
    *facts, user, campaign = row
    values: tuple[Any, ...] = (*facts, public_name(user), campaign or "")
    return Line(*values)
