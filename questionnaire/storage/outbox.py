"""What must happen after a commit: jobs recorded in the same transaction as what caused them.

A job is claimed for a while, so that one whose process died is taken up again, and retried with longer and longer
pauses. Its payload holds ids only: no token, no answer, no address. This file may not do the work itself.
"""

from __future__ import annotations

import traceback
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage.installation_models import Installation
from questionnaire.storage.models import Job

RENDER = "render"
PUBLISH = "publish"
KINDS: dict[str, frozenset[str]] = {
    "mail_private_link": frozenset(),
    "mail_review_ready": frozenset(),
    "mail_sent_back": frozenset(),
    "mail_readers_changed": frozenset(),
    "mail_talk_requested": frozenset({"advisor_id"}),
    "mail_first_look_shown": frozenset({"advisor_id"}),
    "mail_talk_given": frozenset({"advisor_id"}),
    "mail_resent": frozenset({"advisor_id"}),
    "mail_follow_up": frozenset(),
    "mail_plan_due": frozenset(),
    "mail_plan_due_advisor": frozenset({"advisor_id"}),
    "mail_plan_months": frozenset(),
    "mail_plan_months_advisor": frozenset({"advisor_id"}),
    "plan_look_back": frozenset(),
    "mail_campaign": frozenset({"letter_id"}),
    "mail_contact_left": frozenset({"change_id"}),
    "mail_sign_in": frozenset({"user_id"}),
    "mail_invitation": frozenset({"user_id"}),
    RENDER: frozenset({"document"}),
    PUBLISH: frozenset({"user_id"}),
    "mail_before_erasing": frozenset(),
    "purge": frozenset(),
    "wipe": frozenset(),
}
DRAWN = (RENDER, PUBLISH)  # takes a processor and seconds
OTHERS = tuple(KINDS.keys() - {*DRAWN})  # takes none, but a mail server may let us wait
LEASE = timedelta(minutes=5)
LEASES = {
    RENDER: timedelta(minutes=1),  # somebody waits, and a renderer is stopped after 40 s at most
    PUBLISH: timedelta(hours=1),
    "purge": timedelta(hours=1),
}
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
KEPT_AFTER = timedelta(days=7)


class UndeclaredJob(ValueError):
    """The kind is not declared, or not with this payload: a mistake in the code."""


def enqueue(
    session: Session,
    kind: str,
    *,
    now: datetime,
    assessment_id: uuid.UUID | None = None,
    after: timedelta = timedelta(0),
    **payload: str | int,
) -> Job:
    """Record something to do once the transaction is committed. Raises UndeclaredJob."""
    if KINDS.get(kind) != payload.keys():
        raise UndeclaredJob(f"{kind} with {sorted(payload)}")
    job = Job(kind=kind, assessment_id=assessment_id, payload=payload, run_after=now + after)
    session.add(job)
    return job


def come_back(session: Session, kind: str, *, now: datetime, after: timedelta = timedelta(0)) -> None:
    """Record periodic work, unless it waits already: once, however many processes on however many machines ask."""
    session.execute(sa.select(Installation.id).with_for_update())  # one at a time; SQLite has one writer anyway
    if not waiting(session, kind):
        enqueue(session, kind, now=now, after=after)


def is_due(session: Session, now: datetime, kinds: Collection[str] = KINDS) -> bool:
    """Say whether a job of these kinds is due."""
    return session.scalar(sa.select(Job.id).where(*_due(now, kinds)).limit(1)) is not None


def count_due(session: Session, now: datetime) -> int:
    """Return how many jobs could be done now, those in hand aside."""
    return session.scalar(sa.select(sa.func.count()).select_from(Job).where(*_due(now, KINDS))) or 0


def claim(session: Session, now: datetime, kinds: Collection[str] = KINDS) -> Job | None:
    """Take the job of these kinds that has waited longest, for a while; None when nothing is due.

    The caller commits, then works.
    """
    due = sa.select(Job.id, Job.kind).where(*_due(now, kinds)).order_by(Job.run_after).limit(1)
    found = session.execute(due.with_for_update(skip_locked=True)).first()
    if found is None:
        return None
    again = now + LEASES.get(found.kind, LEASE)
    session.execute(sa.update(Job).where(Job.id == found.id).values(run_after=again, attempts=Job.attempts + 1))
    return session.get(Job, found.id, populate_existing=True)


def _due(now: datetime, kinds: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    return Job.done_at.is_(None), Job.run_after <= now, Job.kind.in_(kinds)


def done(session: Session, job_id: uuid.UUID, now: datetime) -> None:
    """Note that the job is done: it never runs again. One that was erased meanwhile stays erased."""
    session.execute(sa.update(Job).where(Job.id == job_id).values(done_at=now, last_error=None))


def failed(session: Session, job_id: uuid.UUID, attempts: int, error: Exception, now: datetime) -> None:
    """Note how the job failed, and try again later: after 30 s, 1 min, 2 min… at most 6 hours."""
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 12), LONGEST_PAUSE)
    session.execute(sa.update(Job).where(Job.id == job_id).values(last_error=told(error), run_after=now + pause))


def told(error: Exception) -> str:
    """Return an error's kind and innermost place, never its words, which may quote an address or an answer."""
    places = traceback.extract_tb(error.__traceback__)[-1:]
    return " ".join([type(error).__name__, *(f"{Path(each.filename).name}:{each.lineno}" for each in places)])


def purge_done(session: Session, now: datetime) -> None:
    """Forget the jobs done for more than a week."""
    session.execute(sa.delete(Job).where(Job.done_at < now - KEPT_AFTER))


def waiting(session: Session, kind: str, *, assessment_id: uuid.UUID | None = None, **payload: str) -> bool:
    """Say whether a job of this kind, about this, is still to do or being done."""
    query = sa.select(Job.id).where(Job.kind == kind, Job.done_at.is_(None), Job.assessment_id == assessment_id)
    matching = (Job.payload[name].as_string() == value for name, value in payload.items())
    return session.scalar(query.where(*matching).limit(1)) is not None
