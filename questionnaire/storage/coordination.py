"""What who coordinates sees of the files: a name, a place, dates, a state, who is in charge. Never an answer.

It entrusts to an advisor a file that waits for one, or whose advisor is gone. Nothing here commits.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core.journey import OPEN, MoveName
from questionnaire.storage import audit, journey
from questionnaire.storage.accounts import User, is_advisor
from questionnaire.storage.models import Assessment, Campaign, TalkRequest
from questionnaire.storage.worklist import Found, Line, Wanted, count_files, files_where

Pile = Literal["waiting", "orphan", "all"]
PILES: tuple[Pile, ...] = ("waiting", "orphan", "all")


@dataclass(frozen=True)
class Scope:
    """Whose files: those of these departments and of the campaigns this account opened; all if none is named."""

    account_id: int
    departments: tuple[str, ...]


@dataclass(frozen=True)
class Piles:
    """One page of a pile, and how many files each pile holds."""

    found: Found
    counts: dict[Pile, int]


def piles(session: Session, scope: Scope, pile: Pile, wanted: Wanted) -> Piles:
    """Return one page of this pile."""
    counts = {each: count_files(session, _pile(each), _within(scope)) for each in PILES}
    return Piles(Found(*files_where(session, sa.and_(_pile(pile), _within(scope)), wanted)), counts)


def file_line(session: Session, scope: Scope, assessment_id: uuid.UUID) -> Line | None:
    """Return the line of one shared file; None if there is none here."""
    chosen = sa.and_(_pile("all"), _within(scope), Assessment.id == assessment_id)
    lines, _ = files_where(session, chosen, Wanted(count=1))
    return lines[0] if lines else None


def entrustable(session: Session, scope: Scope, assessment_id: uuid.UUID, *, lock: bool = False) -> TalkRequest | None:
    """Return the talk about this file, if it is of this scope and not closed; with `lock`, until the commit."""
    query = sa.select(TalkRequest).join(Assessment, Assessment.id == TalkRequest.assessment_id)
    query = query.where(Assessment.id == assessment_id, TalkRequest.state.in_(OPEN), _pile("all"), _within(scope))
    return session.scalar(query.with_for_update(of=TalkRequest) if lock else query)


def entrust(session: Session, talk: TalkRequest, advisor: User, by: User, why: str, now: datetime) -> None:
    """Put this advisor in charge of the file, and write it down where the association reads it. Raises MoveRefused."""
    name: MoveName = "hand_over" if talk.advisor_id else "assign"
    journey.make_move(session, talk, name, actor="coordinator", account=by, about=advisor, why=why, now=now)
    talk.advisor_id = advisor.id
    journey.stop_reading(session, talk, advisor.id, now)
    facts = {"advisor_id": advisor.id}
    audit.record(
        session, "talk_entrusted", actor=f"coordinator:{by.id}", now=now, assessment_id=talk.assessment_id, **facts
    )


def _pile(pile: Pile) -> sa.ColumnElement[bool]:
    # a first look was shown to somebody named: it is entrusted to nobody else
    standing = sa.and_(TalkRequest.withdrawn_at.is_(None), TalkRequest.scope == "whole")
    if pile == "waiting":
        return sa.and_(standing, TalkRequest.advisor_id.is_(None), TalkRequest.state == "sent")
    if pile == "orphan":
        able = sa.select(User.id).where(is_advisor())
        return sa.and_(standing, TalkRequest.advisor_id.not_in(able), TalkRequest.state.in_(OPEN))
    return standing


def _within(scope: Scope) -> sa.ColumnElement[bool]:
    if not scope.departments:
        return sa.true()
    own = sa.select(Campaign.id).where(Campaign.opened_by == scope.account_id)
    return sa.or_(Assessment.department.in_(scope.departments), Assessment.campaign_id.in_(own))
