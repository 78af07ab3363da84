"""A campaign's list of associations: imported, invited, and how far each is, in one word. Never an answer.

The list holds only whom the network put there itself: who came by the campaign's link is counted, not named.
Nothing here commits.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.storage import outbox
from questionnaire.storage.accounts import User
from questionnaire.storage.assessments import begin_many
from questionnaire.storage.models import Assessment, Association, Campaign, Contribution, PageSave, PaperEntry
from questionnaire.storage.portfolio_models import CampaignLetter, Imported

Status = Literal["not_started", "begun", "finished"]
STATUSES: tuple[Status, ...] = ("not_started", "begun", "finished")


@dataclass(frozen=True)
class Entry:
    """An association of an imported file."""

    name: str
    email: str
    rna: str = ""
    siren: str = ""
    department: str | None = None


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    assessment_id: uuid.UUID
    association: str
    email: str
    department: str | None
    status: Status
    invited_at: datetime | None


@dataclass(frozen=True)
class Page:
    """One page of rows, how many there are in all, how many of each status, how many were not invited yet."""

    rows: list[Row]
    total: int
    counts: dict[Status, int]
    uninvited: int


def import_entries(
    session: Session,
    campaign: Campaign,
    entries: Sequence[Entry],
    *,
    framework: Framework,
    secret_key: bytes,
    by: User,
    now: datetime,
) -> int:
    """Begin a draft of the campaign for each association whose address is not on its list yet; return how many."""
    known = set(session.scalars(_listed(sa.select(sa.func.lower(Association.email)), campaign.id)))
    new = [entry for entry in entries if entry.email.lower() not in known]
    associations = [
        Association(id=uuid.uuid4(), name=each.name, email=each.email, rna=each.rna, siren=each.siren, created_at=now)
        for each in new
    ]
    actor = f"coordinator:{by.id}"
    drafts = begin_many(session, associations, framework=framework, secret_key=secret_key, now=now, actor=actor)
    for draft, entry in zip(drafts, new, strict=True):
        draft.campaign_id, draft.department = campaign.id, entry.department
    session.add_all(Imported(assessment_id=draft.id, imported_by=by.id, imported_at=now) for draft in drafts)
    session.flush()
    return len(drafts)


def page(
    session: Session, campaign_id: uuid.UUID, status: Status | None, search: str, *, first: int, count: int
) -> Page:
    """Return one page of the list, by name."""
    counts = {each: _count(session, campaign_id, _is(each)) for each in STATUSES}
    chosen = [*([_is(status)] if status else []), *_matching(search)]
    return Page(
        _rows(session, campaign_id, chosen, first, count),
        _count(session, campaign_id, *chosen),
        counts,
        _count(session, campaign_id, *_to_invite()),
    )


def invite_all(session: Session, campaign: Campaign, text: str, by: User, now: datetime, *, again: bool = False) -> int:
    """Have the link mailed, with this message, to each association of the list not invited yet; return how many.

    With `again`, also to those invited that have not finished. The campaign is locked: two at once invite once.
    """
    rows = list(session.scalars(_listed(sa.select(Imported), campaign.id).where(*_to_invite(again=again))))
    if not rows:
        return 0
    letter = CampaignLetter(id=uuid.uuid4(), campaign_id=campaign.id, text=text, written_by=by.id, written_at=now)
    session.add(letter)
    session.flush()
    for row in rows:
        row.invited_at = now
        outbox.enqueue(session, "mail_campaign", now=now, assessment_id=row.assessment_id, letter_id=str(letter.id))
    return len(rows)


def untouched(session: Session, campaign_id: uuid.UUID, assessment_id: uuid.UUID) -> Assessment | None:
    """Return a draft of the list in which nobody has answered anything, neither by its link nor from paper."""
    papers = sa.exists().where(PaperEntry.assessment_id == Assessment.id)
    query = _listed(sa.select(Assessment), campaign_id).where(
        Assessment.id == assessment_id, _is("not_started"), ~papers
    )
    found: Assessment | None = session.scalar(query.with_for_update(of=Assessment))
    return found


def _listed(statement: sa.Select[Any], campaign_id: uuid.UUID) -> sa.Select[Any]:
    return (
        statement.select_from(Imported)
        .join(Assessment, Assessment.id == Imported.assessment_id)
        .join(Association, Association.id == Assessment.association_id)
        .where(Assessment.campaign_id == campaign_id)
    )


def _is(status: Status) -> sa.ColumnElement[bool]:
    if status == "finished":
        return Assessment.state == "finished"
    saved = sa.exists().where(PageSave.contribution_id == Contribution.id, Contribution.assessment_id == Assessment.id)
    return sa.and_(Assessment.state == "draft", saved if status == "begun" else ~saved)


def _to_invite(*, again: bool = False) -> list[sa.ColumnElement[bool]]:
    return [Assessment.state == "draft", *([] if again else [Imported.invited_at.is_(None)])]


def _matching(search: str) -> list[sa.ColumnElement[bool]]:
    columns = (Association.name, Association.email, Association.rna, Association.siren)
    return [sa.or_(*(column.icontains(search, autoescape=True) for column in columns))] if search else []


def _count(session: Session, campaign_id: uuid.UUID, *conditions: sa.ColumnElement[bool]) -> int:
    return session.scalar(_listed(sa.select(sa.func.count()), campaign_id).where(*conditions)) or 0


def _rows(
    session: Session, campaign_id: uuid.UUID, conditions: list[sa.ColumnElement[bool]], first: int, count: int
) -> list[Row]:
    status = sa.case((_is("finished"), "finished"), (_is("begun"), "begun"), else_="not_started")
    columns = (Assessment.id, Association.name, Association.email, Assessment.department, status, Imported.invited_at)
    query = _listed(sa.select(*columns), campaign_id).where(*conditions)
    ordered = query.order_by(sa.func.lower(Association.name), Assessment.id).offset(first).limit(count)
    return [Row(*row) for row in session.execute(ordered)]
