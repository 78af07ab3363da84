"""Who may read whom: the association asks an advisor for a talk, and may stop sharing at any time.

A right is a row read at each request, never a memory of it. This file may not decide what is shown, nor commit.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core.journey import Actor, Scope
from questionnaire.storage import audit, journey
from questionnaire.storage.accounts import User, is_advisor
from questionnaire.storage.journey import may_read, public_name
from questionnaire.storage.models import Assessment, AuditEvent, TalkRequest


class TalkRefused(Exception):
    """The association cannot ask for this talk now: not at this point, or already shared with somebody."""


@dataclass(frozen=True)
class Reading:
    """A day on which somebody read the answers."""

    at: datetime
    name: str


def advisor_by_code(session: Session, code: str) -> User | None:
    """Return the advisor with this public code; spaces, dashes and capitals do not matter."""
    plain = re.sub(r"[^A-Za-z0-9]", "", code).upper()
    return session.scalar(sa.select(User).where(sa.func.replace(User.code, "-", "") == plain, is_advisor()))


def current_talk(session: Session, assessment_id: uuid.UUID) -> TalkRequest | None:
    """Return the talk that gives somebody the right to read this assessment, if there is one."""
    return session.scalar(
        sa.select(TalkRequest).where(TalkRequest.assessment_id == assessment_id, TalkRequest.withdrawn_at.is_(None))
    )


def shared_talk(
    session: Session, assessment_id: uuid.UUID, advisor_id: int, *, lock: bool = False
) -> TalkRequest | None:
    """Return this advisor's right to read this assessment whole, if it stands now; that to its first look is not one.

    With `lock`, it stands until the commit: what is written under it cannot cross its withdrawal.
    """
    query = _right(assessment_id, advisor_id, "whole")
    return session.scalar(query.with_for_update() if lock else query)


def shown_first_look(session: Session, assessment_id: uuid.UUID, advisor_id: int) -> TalkRequest | None:
    """Return this advisor's right to read the first look of this assessment and nothing else, if it stands now."""
    return session.scalar(_right(assessment_id, advisor_id, "first_look"))


def ask_for_talk(
    session: Session, assessment: Assessment, advisor: User | None, now: datetime, *, from_paper: bool = False
) -> TalkRequest:
    """Share `assessment` with `advisor`, or with whom the network will name (None). Ends what showed its first look.

    `from_paper`: the association did not ask, it handed its paper over to this advisor, who entered it.
    Raises TalkRefused unless it is finished and shared whole with nobody.
    """
    talk = current_talk(session, assessment.id)
    if assessment.state != "finished" or (talk and talk.scope == "whole"):
        raise TalkRefused
    withdraw_talk(session, assessment.id, now)
    return _begin(session, assessment, advisor, "whole", now, entered_by=advisor if from_paper else None)


def show_first_look(session: Session, assessment: Assessment, advisor: User, now: datetime) -> TalkRequest:
    """Let `advisor` read the first look and nothing else. Whether it is complete is the caller's to check.

    Raises TalkRefused once the answers are finished, and while something is shared.
    """
    if assessment.state != "draft" or current_talk(session, assessment.id):
        raise TalkRefused
    return _begin(session, assessment, advisor, "first_look", now)


def withdraw_talk(session: Session, assessment_id: uuid.UUID, now: datetime) -> bool:
    """Stop sharing; say whether anything was shared. What the advisors wrote stays theirs."""
    talk = current_talk(session, assessment_id)
    if talk is None:
        return False
    journey.make_move(session, talk, "withdraw", actor="association", now=now)
    talk.withdrawn_at = now
    return True


def take_talk(session: Session, talk: TalkRequest, advisor: User, now: datetime) -> None:
    """Take the file on, in charge of it. From then on the answers cannot be reopened. Raises MoveRefused."""
    actor: Actor = "advisor" if talk.advisor_id in (None, advisor.id) else "colleague"
    journey.make_move(session, talk, "take", actor=actor, account=advisor, now=now)
    talk.advisor_id, talk.taken_at = advisor.id, now


def record_reading(session: Session, assessment_id: uuid.UUID, advisor: User, now: datetime) -> None:
    """Note that this advisor read the answers, once a day: the association sees it on its page."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if advisor.id not in _readers(_reading_events(session, assessment_id, since=today)):
        audit.record(
            session, "assessment_read", actor="advisor", now=now, assessment_id=assessment_id, advisor_id=advisor.id
        )


def readings(session: Session, assessment_id: uuid.UUID) -> list[Reading]:
    """Return who read the answers and when, newest first."""
    events = _reading_events(session, assessment_id)
    users = {user.id: user for user in session.scalars(sa.select(User).where(User.id.in_(_readers(events))))}
    return [Reading(event.at, public_name(users.get(int(event.facts["advisor_id"])))) for event in events]


def _begin(
    session: Session,
    assessment: Assessment,
    advisor: User | None,
    scope: Scope,
    now: datetime,
    entered_by: User | None = None,
) -> TalkRequest:
    talk = TalkRequest(
        assessment_id=assessment.id,
        advisor_id=advisor.id if advisor else None,
        scope=scope,
        requested_at=now,
        state="sent",
        state_since=now,
    )
    session.add(talk)
    session.flush()
    journey.begin(session, talk, now, entered_by)
    return talk


def _right(assessment_id: uuid.UUID, advisor_id: int, scope: Scope) -> sa.Select[TalkRequest]:
    return sa.select(TalkRequest).where(
        TalkRequest.assessment_id == assessment_id, TalkRequest.scope == scope, may_read(advisor_id)
    )


def _reading_events(session: Session, assessment_id: uuid.UUID, since: datetime | None = None) -> list[AuditEvent]:
    query = sa.select(AuditEvent).where(AuditEvent.assessment_id == assessment_id, AuditEvent.name == "assessment_read")
    if since is not None:
        query = query.where(AuditEvent.at >= since)
    return list(session.scalars(query.order_by(AuditEvent.at.desc())))


def _readers(events: list[AuditEvent]) -> set[int]:
    return {int(event.facts["advisor_id"]) for event in events}
