"""Three months later: one question, whether one of the actions could be led. The only measure of what this helps.

It is asked once by mail, where there is an address, and stands on the association's page. Its link gives the right to
answer it and to stop it, nothing else. This file may not send a mail, or commit.
"""

from __future__ import annotations

import base64
import hmac
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage import outbox
from questionnaire.storage.assessments import assessment_by_id
from questionnaire.storage.models import Assessment, FollowUp

AFTER = timedelta(days=90)
Outcome = Literal["yes", "begun", "not_yet"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True)
class Counts:
    """What the operator may read: how many were asked, and how many gave each answer."""

    old_enough: int
    mailed: int
    answers: Counter[str]


def schedule(session: Session, assessment: Assessment, now: datetime) -> None:
    """Have the question mailed in three months. Whether it still makes sense is looked at then."""
    outbox.enqueue(session, "mail_follow_up", assessment_id=assessment.id, now=now, after=AFTER)


def link_token(secret_key: bytes, assessment: Assessment) -> str:
    """Return the token of the question's link: it ends with the private link that stood when it was sent."""
    return f"{assessment.id.hex}{_proof(secret_key, assessment)}"


def assessment_by_token(session: Session, secret_key: bytes, token: str, *, lock: bool = False) -> Assessment | None:
    """Return the finished assessment that the token asks about, read only; `lock` where it will be answered."""
    try:
        assessment = assessment_by_id(session, uuid.UUID(hex=token[:32]), lock=lock)
    except ValueError:
        return None
    fits = assessment and hmac.compare_digest(token[32:].encode(), _proof(secret_key, assessment).encode())
    return assessment if assessment and fits and assessment.state == "finished" else None


def follow_up_of(session: Session, assessment: Assessment) -> FollowUp:
    """Return what is known of the question; a blank one, not kept yet, if nothing is."""
    return session.get(FollowUp, assessment.id) or FollowUp(assessment_id=assessment.id)


def is_due(assessment: Assessment, now: datetime) -> bool:
    """Say whether the answers were finished three months ago."""
    return assessment.finished_at is not None and assessment.finished_at <= now - AFTER


def keep_answer(session: Session, assessment: Assessment, answer: Outcome, now: datetime) -> None:
    """Keep the answer, in place of one given before."""
    found = follow_up_of(session, assessment)
    found.answer, found.answered_at = answer, now
    session.add(found)


def stop(session: Session, assessment: Assessment, now: datetime) -> None:
    """Ask no more by mail."""
    found = follow_up_of(session, assessment)
    found.stopped_at = now
    session.add(found)


def begin_asking(session: Session, assessment: Assessment, now: datetime) -> bool:
    """Note that the question is mailed now; say no if it was, was answered, was stopped, or does not make sense."""
    found = follow_up_of(session, assessment)
    if not is_due(assessment, now) or found.asked_at or found.answered_at or found.stopped_at:
        return False
    found.asked_at = now
    session.add(found)
    return True


def counts(session: Session, now: datetime) -> Counts:
    """Count the questions and the answers, of all associations together."""
    old = session.scalar(sa.select(sa.func.count()).where(Assessment.finished_at <= now - AFTER)) or 0
    mailed = session.scalar(sa.select(sa.func.count()).where(FollowUp.asked_at.is_not(None))) or 0
    query = sa.select(FollowUp.answer, sa.func.count()).where(FollowUp.answer.is_not(None)).group_by(FollowUp.answer)
    return Counts(old, mailed, Counter({answer or "": count for answer, count in session.execute(query)}))


def _proof(secret_key: bytes, assessment: Assessment) -> str:
    message = f"follow-up:{assessment.id}:{assessment.link_generation}".encode()
    return base64.urlsafe_b64encode(hmac.digest(secret_key, message, "sha256")).rstrip(b"=").decode()
