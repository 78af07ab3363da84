"""The plan that an association and its advisors keep together: actions agreed, by whom, for when, how far.

Both sides write in the same rows; what two people changed in different fields is merged, and the same field changed
twice is refused with both values. This file may not propose an action, send a mail, or commit.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage import outbox
from questionnaire.storage.merging import merge
from questionnaire.storage.models import TalkRequest
from questionnaire.storage.plan_models import PlanAction, PlanSilence, Progress

MOST = 30  # actions: a plan is not a list of wishes
ASSOCIATION = 0
BEFORE_DUE = timedelta(days=7)
LOOK_BACK = (timedelta(days=182), timedelta(days=365))


class PlanFull(Exception):
    """The plan holds as many actions as it can."""


@dataclass(frozen=True)
class Words:
    """What both sides may change of an action."""

    action: str
    owner: str = ""
    due_on: date | None = None
    progress: Progress = "todo"
    why: str = ""
    notes: str = ""


@dataclass(frozen=True)
class PlanConflict:
    """Nothing was kept: `names` are the fields that somebody else changed too; `mine` holds the rest merged in."""

    theirs: Words
    mine: Words
    names: tuple[str, ...]


def actions(session: Session, assessment_id: uuid.UUID) -> list[PlanAction]:
    """Return the plan, in its order."""
    query = sa.select(PlanAction).where(PlanAction.assessment_id == assessment_id)
    return list(session.scalars(query.order_by(PlanAction.place, PlanAction.id)))


def words_of(action: PlanAction) -> Words:
    """Return what stands."""
    return Words(action.action, action.owner, action.due_on, action.progress, action.why, action.notes)


def agree(
    session: Session, assessment_id: uuid.UUID, chosen: Iterable[tuple[str | None, str]], by: str, now: datetime
) -> int:
    """Add actions (the criterion each comes from, and its words) that are not in the plan yet; return how many.

    The first ones also plan the mails that look back after six and twelve months. Raises PlanFull, nothing added.
    """
    standing = actions(session, assessment_id)
    known = {(each.criterion, each.action) for each in standing}
    new = [each for each in dict.fromkeys(chosen) if each not in known]
    if len(standing) + len(new) > MOST:
        raise PlanFull
    first = max((each.place for each in standing), default=0) + 1
    for place, (criterion, words) in enumerate(new, start=first):
        given = {"place": place, "criterion": criterion, "action": words, "updated_at": now, "updated_by": by}
        session.add(PlanAction(assessment_id=assessment_id, **given))
    if new and not standing:
        for after in LOOK_BACK:
            outbox.enqueue(session, "plan_look_back", assessment_id=assessment_id, now=now, after=after)
    session.flush()
    return len(new)


def change(action: PlanAction, base: Words, mine: Words, by: str, now: datetime) -> PlanConflict | None:
    """Keep `mine`, written on a page that showed `base`, merged with what stands; or say what both changed."""
    theirs = words_of(action)
    merged, conflicts = merge(asdict(base), asdict(theirs), asdict(mine))
    settled = _words(merged)
    if conflicts:
        return PlanConflict(theirs, settled, tuple(name for (name, *_) in conflicts))
    if settled != theirs:
        for name, value in asdict(settled).items():
            setattr(action, name, value)
        action.updated_at, action.updated_by = now, by
    return None


def action_of(
    session: Session, assessment_id: uuid.UUID, action_id: uuid.UUID, *, lock: bool = False
) -> PlanAction | None:
    """Return one action of this assessment's plan."""
    query = sa.select(PlanAction).where(PlanAction.id == action_id, PlanAction.assessment_id == assessment_id)
    return session.scalar(query.with_for_update() if lock else query)


def is_silent(session: Session, assessment_id: uuid.UUID, account_id: int) -> bool:
    """Say whether this person stopped the reminders."""
    return session.get(PlanSilence, (assessment_id, account_id)) is not None


def set_silence(session: Session, assessment_id: uuid.UUID, account_id: int, silent: bool, now: datetime) -> None:
    """Stop the reminders for this person, or let them come again."""
    found = session.get(PlanSilence, (assessment_id, account_id))
    if silent and found is None:
        session.add(PlanSilence(assessment_id=assessment_id, account_id=account_id, since=now))
    elif found and not silent:
        session.delete(found)


def remind_of_dates(session: Session, now: datetime) -> int:
    """Have reminders mailed for actions due within a week, once for each date; return for how many plans."""
    today = now.date()
    near = sa.select(PlanAction).where(
        PlanAction.progress.in_(("todo", "doing")),
        PlanAction.due_on.between(today, today + BEFORE_DUE),
        PlanAction.reminded_for.is_distinct_from(PlanAction.due_on),
    )
    found = list(session.scalars(near.with_for_update(skip_locked=True)))
    for action in found:
        action.reminded_for = action.due_on
    for assessment_id in dict.fromkeys(each.assessment_id for each in found):
        tell_both(session, "mail_plan_due", assessment_id, now)
    return len({each.assessment_id for each in found})


def tell_both(session: Session, kind: str, assessment_id: uuid.UUID, now: datetime) -> None:
    """Have a reminder mailed to the association and to who is in charge, but for those who stopped them."""
    if not is_silent(session, assessment_id, ASSOCIATION):
        outbox.enqueue(session, kind, now=now, assessment_id=assessment_id)
    talk = sa.select(TalkRequest.advisor_id).where(
        TalkRequest.assessment_id == assessment_id, TalkRequest.withdrawn_at.is_(None)
    )
    advisor_id = session.scalar(talk)
    if advisor_id and not is_silent(session, assessment_id, advisor_id):
        outbox.enqueue(session, f"{kind}_advisor", now=now, assessment_id=assessment_id, advisor_id=advisor_id)


def _words(values: dict[str, Any]) -> Words:
    return Words(**{name: values.get(name, default) for name, default in asdict(Words("")).items()})
