"""How long things are kept: one table, applied every day, quoted by the page on personal data and by docs/rgpd.md.

Nothing of an association is erased that was not announced `WARNING` earlier: whoever comes back stops it, and a clock
that jumps ahead erases nothing at once. This file may not send mail, or commit.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage import erasure, outbox, resume_codes
from questionnaire.storage.accounts import SignInLink, UserSession
from questionnaire.storage.installation_models import PastCount
from questionnaire.storage.models import Assessment, AuditEvent, Campaign
from questionnaire.storage.portfolio_models import ContactChange, Imported
from questionnaire.storage.signin import SESSION_LIFETIME

PERIODS: dict[str, timedelta] = {
    "draft": timedelta(days=365),  # since the last visit
    "finished": timedelta(days=3 * 365),  # since it was finished
    "campaign": timedelta(days=3 * 365),  # since its last day
    "trail": timedelta(days=183),  # what happened, of no association
    "files": timedelta(days=183),  # logs, and mails kept as files
    "session": SESSION_LIFETIME,
    "job": outbox.KEPT_AFTER,
    "backup": timedelta(days=30),
}
WARNING = timedelta(days=30)
VISIT = timedelta(days=1)  # a visit is noted once in this time
AT_ONCE = 50


@dataclass(frozen=True)
class Purged:
    """What one purge did."""

    warned: int
    erased: int
    files: int


def note_visit(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """Note that somebody came; a draft whose erasure was announced is then kept on."""
    here = sa.update(Assessment).where(Assessment.id == assessment_id)
    session.execute(here.values(visited_at=now))
    session.execute(here.where(Assessment.state == "draft").values(warned_at=None))


def visit_is_noted(assessment: Assessment, now: datetime) -> bool:
    """Say whether a visit was noted lately, so that reading hardly ever writes."""
    announced = assessment.state == "draft" and assessment.warned_at is not None
    last = max(assessment.visited_at or assessment.updated_at, assessment.updated_at)
    return not announced and now - VISIT < last


def warn(session: Session, now: datetime) -> int:
    """Announce what will be erased in `WARNING`, by mail where there is an address; return how many there are.

    Whom a network put on a list and never wrote to hears nothing: no first letter is a threat.
    """
    unannounced = sa.or_(
        Assessment.warned_at.is_(None), Assessment.warned_at < Assessment.updated_at, Assessment.warned_at > now
    )
    found = list(session.scalars(sa.select(Assessment).where(_over(now + WARNING), unannounced)))
    for assessment in found:
        assessment.warned_at = now
        listed = session.get(Imported, assessment.id)
        if assessment.association.email and (listed is None or listed.invited_at or assessment.visited_at):
            outbox.enqueue(session, "mail_before_erasing", assessment_id=assessment.id, now=now)
    return len(found)


def erase_some(session: Session, now: datetime) -> int:
    """Erase a few of those whose time is over and was announced, keeping a number; return how many there were."""
    announced = (Assessment.warned_at <= now - WARNING, Assessment.warned_at >= Assessment.updated_at)
    found = list(session.scalars(sa.select(Assessment).where(_over(now), *announced).limit(AT_ONCE)))
    for assessment in found:
        if assessment.visited_at or session.get(Imported, assessment.id) is None:
            _count(session, assessment)
        erasure.erase(session, assessment, now, actor="system")
    return len(found)


def forget(session: Session, now: datetime) -> None:
    """Forget links, codes, sessions, jobs and events whose time is over."""
    session.execute(sa.delete(SignInLink).where(SignInLink.expires_at < now))
    session.execute(sa.delete(UserSession).where(UserSession.created_at < now - PERIODS["session"]))
    old = (AuditEvent.assessment_id.is_(None), AuditEvent.at < now - PERIODS["trail"])
    session.execute(sa.delete(AuditEvent).where(*old))
    session.execute(sa.delete(ContactChange).where(ContactChange.changed_at < now - PERIODS["trail"]))
    session.execute(sa.delete(Campaign).where(Campaign.ends_on < (now - PERIODS["campaign"]).date()))
    resume_codes.purge(session, now)
    outbox.purge_done(session, now)


def _over(now: datetime) -> sa.ColumnElement[bool]:
    """Say whose time is over at this moment."""
    seen = sa.func.coalesce(Assessment.visited_at, Assessment.updated_at)
    limit = now - PERIODS["draft"]
    draft = sa.and_(Assessment.state == "draft", seen < limit, Assessment.updated_at < limit)
    return sa.or_(draft, Assessment.finished_at < now - PERIODS["finished"])


def _count(session: Session, assessment: Assessment) -> None:
    year = (assessment.finished_at or assessment.created_at).year
    framework = f"{assessment.framework_id}@{assessment.framework_version}"
    kept = session.get(PastCount, (year, framework, assessment.state))
    if kept is None:
        kept = PastCount(year=year, framework=framework, state=assessment.state, count=0)
        session.add(kept)
    kept.count += 1
    session.flush()
