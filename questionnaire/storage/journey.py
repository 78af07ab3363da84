"""The steps of a shared file, kept: each one checked against the table of moves, applied and written down at once.

The caller holds the assessment locked. Rows of the history are only added. This file may not decide which move is
allowed (core/journey.py), send a mail, or commit.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from questionnaire.core.journey import Actor, MoveName, Scope, after
from questionnaire.storage.accounts import User
from questionnaire.storage.models import TalkMove, TalkReader, TalkRequest


@dataclass(frozen=True)
class Step:
    """A step as both sides read it. `who` is empty for the association; `about` is who comes or goes.

    `scope` is what the file that took it opens.
    """

    at: datetime
    actor: Actor
    who: str
    name: MoveName
    about: str
    why: str
    scope: Scope = "whole"


def make_move(
    session: Session,
    talk: TalkRequest,
    name: MoveName,
    *,
    actor: Actor,
    now: datetime,
    account: User | None = None,
    about: User | None = None,
    why: str = "",
) -> None:
    """Move the file and write the step down. Raises MoveRefused, with nothing changed."""
    source, target = talk.state, after(name, talk.state, actor, why)
    if target != source:
        talk.state, talk.state_since = target, now
    _write(session, talk, name, source, actor=actor, now=now, account=account, about=about, why=why)


def begin(session: Session, talk: TalkRequest, now: datetime, entered_by: User | None = None) -> None:
    """Write down the first step of a new file: the association asked, or handed its paper to who entered it."""
    name: MoveName = "paper" if entered_by else "ask"
    actor: Actor = "advisor" if entered_by else "association"
    _write(session, talk, name, "", actor=actor, now=now, account=entered_by, about=None, why="")


def history(session: Session, assessment_id: uuid.UUID) -> list[Step]:
    """Return every step of the files shared about this assessment, the first one first."""
    account, about = aliased(User), aliased(User)
    rows = session.execute(
        sa.select(TalkMove, TalkRequest.scope, account, about)
        .join(TalkRequest, TalkRequest.id == TalkMove.talk_id)
        .outerjoin(account, account.id == TalkMove.account_id)
        .outerjoin(about, about.id == TalkMove.about_id)
        .where(TalkRequest.assessment_id == assessment_id)
        .order_by(TalkMove.at, TalkMove.id)
    )
    return [
        Step(move.at, move.actor, public_name(who), move.name, public_name(whom), move.why, scope)
        for move, scope, who, whom in rows
    ]


def last_reason(session: Session, talk: TalkRequest, name: MoveName) -> str:
    """Return the reason of the last move of this name; '' if there was none."""
    query = sa.select(TalkMove.why).where(TalkMove.talk_id == talk.id, TalkMove.name == name)
    return session.scalar(query.order_by(TalkMove.at.desc()).limit(1)) or ""


def colleagues(session: Session, talk: TalkRequest) -> list[User]:
    """Return the advisors who read the file beside the one in charge, by name."""
    query = sa.select(User).join(TalkReader, TalkReader.advisor_id == User.id)
    query = query.where(TalkReader.talk_id == talk.id, TalkReader.ended_at.is_(None), User.active)
    return list(session.scalars(query.order_by(User.name, User.email)))


def let_read(session: Session, talk: TalkRequest, advisor: User, now: datetime) -> None:
    """Let another advisor read and review with the one in charge; once again if they had left."""
    reader = session.get(TalkReader, (talk.id, advisor.id))
    if reader is None:
        session.add(TalkReader(talk_id=talk.id, advisor_id=advisor.id, since=now))
    else:
        reader.since, reader.ended_at = now, None


def stop_reading(session: Session, talk: TalkRequest, advisor_id: int, now: datetime) -> None:
    """End the right of another advisor."""
    standing = (TalkReader.talk_id == talk.id, TalkReader.advisor_id == advisor_id, TalkReader.ended_at.is_(None))
    session.execute(sa.update(TalkReader).where(*standing).values(ended_at=now))


def may_read(advisor_id: int) -> sa.ColumnElement[bool]:
    """The condition under which this advisor reads a talk that stands, whatever it opens, in charge or beside."""
    beside = sa.exists().where(
        TalkReader.talk_id == TalkRequest.id, TalkReader.advisor_id == advisor_id, TalkReader.ended_at.is_(None)
    )
    return sa.and_(TalkRequest.withdrawn_at.is_(None), sa.or_(TalkRequest.advisor_id == advisor_id, beside))


def public_name(user: User | None) -> str:
    """Return how an advisor is named to others; '' for nobody."""
    return (user.name or user.email) if user else ""


def _write(
    session: Session,
    talk: TalkRequest,
    name: MoveName,
    source: str,
    *,
    actor: Actor,
    now: datetime,
    account: User | None,
    about: User | None,
    why: str,
) -> None:
    ids = {"account_id": account.id if account else None, "about_id": about.id if about else None}
    session.add(
        TalkMove(
            talk_id=talk.id, at=now, actor=actor, name=name, source=source, target=talk.state, why=why.strip(), **ids
        )
    )
    session.flush()
