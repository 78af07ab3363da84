"""An advisor's review of an assessment: a draft saved without losing anybody's words, then validated once.

The association's answers are never touched. What was sent is kept as it was sent (`Edition`). This file may not decide
what a level is worth, draw the report, or commit.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.core import review as core
from questionnaire.storage.accounts import User
from questionnaire.storage.models import Assessment, Edition, Proposal, Review, TalkRequest
from questionnaire.storage.review_draft import Draft, merge


class ReviewClosed(Exception):
    """The review was validated: it is kept as it was sent and can no longer be changed."""


@dataclass(frozen=True)
class Saved:
    """What was written is kept, beside what others saved meanwhile. `version` is the new one."""

    version: int


@dataclass(frozen=True)
class Conflict:
    """Nothing was kept: `names` lists the parts that somebody else changed too, since `version` was saved."""

    version: int
    saved: Draft
    mine: Draft
    names: tuple[str, ...]


def review_of(session: Session, talk: TalkRequest, *, lock: bool = False) -> Review | None:
    """Return the draft that the advisors of this talk share, else the last review they validated.

    With `lock`, nobody else changes it before the commit.
    """
    query = (
        sa.select(Review)
        .where(Review.talk_id == talk.id)
        .order_by(Review.validated_at.is_not(None), Review.validated_at.desc())
        .limit(1)
    )
    return session.scalar(query.with_for_update() if lock else query)


def begin_review(session: Session, talk: TalkRequest, advisor_id: int) -> Review:
    """Return the talk's draft, new and empty unless there is one."""
    review = review_of(session, talk, lock=True)
    if review is None or review.state == "validated":
        review = Review(
            assessment_id=talk.assessment_id, talk_id=talk.id, advisor_id=advisor_id, comments={}, private_note=""
        )
        session.add(review)
        session.flush()
    return review


def draft_of(session: Session, review: Review | None) -> Draft:
    """Return the advisor's words as they stand; an empty draft where nothing was saved."""
    if review is None:
        return Draft()
    rows = session.scalars(sa.select(Proposal).where(Proposal.review_id == review.id).order_by(Proposal.question_id))
    proposals = {row.question_id: (row.level, row.reason) for row in rows}
    advice = review.advice
    own = {name: (title, why, steps) for name, (title, why, steps) in advice.get("own", {}).items()}
    return Draft(
        review.private_note,
        dict(review.comments),
        proposals,
        dict(review.opinions),
        dict(advice.get("aside", {})),
        dict(advice.get("places", {})),
        own,
    )


def save_review(session: Session, review: Review, mine: Draft, *, version: int, base: str) -> Saved | Conflict:
    """Keep `mine`, written on a page that showed `version` with the fingerprints `base`. Raises ReviewClosed.

    What another tab saved meanwhile is merged when it changed other parts; otherwise nothing is kept and the caller
    shows both. `review` must have been read with `lock`.
    """
    if review.state == "validated":
        raise ReviewClosed
    saved = draft_of(session, review)
    if version != review.version:
        merged = merge(base, saved, mine)
        if merged.conflicts:
            return Conflict(review.version, saved, merged.draft, merged.conflicts)
        mine = merged.draft
    if mine != saved:
        _write(session, review, mine)
    return Saved(review.version)


def validate_review(session: Session, review: Review, advisor_id: int, now: datetime) -> bool:
    """Close the review in this advisor's name, once; say whether this call did it. From then on it is only read."""
    closed = session.execute(
        sa.update(Review)
        .where(Review.id == review.id, Review.state == "draft")
        .values(state="validated", validated_at=now, advisor_id=advisor_id)
        .returning(Review.id)
    )
    return closed.scalar() is not None


def shared_review(draft: Draft, advisor_name: str, day: date | None) -> core.Review:
    """Return what the association may read of a draft: everything but the private note."""
    proposals = {name: core.Proposal(name, level, reason) for name, (level, reason) in draft.proposals.items()}
    return core.Review(
        advisor_name,
        day,
        dict(draft.comments),
        proposals,
        opinions={name: cast("core.Opinion", opinion) for name, opinion in draft.opinions.items()},
        aside=dict(draft.aside),
        own={name: _own_action(*words) for name, words in draft.own.items()},
        places={name: int(place) for name, place in draft.places.items()},
    )


def keep_edition(session: Session, review: Review, html: str, now: datetime) -> Edition:
    """Keep the reviewed report as it is sent; its PDF is made from these very words."""
    digest = hashlib.sha256(html.encode()).hexdigest()
    edition = Edition(review_id=review.id, html=html, sha256=digest, created_at=now)
    session.add(edition)
    session.flush()
    return edition


def newest_edition(session: Session, assessment_id: uuid.UUID, talk_id: uuid.UUID | None = None) -> Edition | None:
    """Return the last reviewed report sent to this association; with `talk_id`, the last one of that talk."""
    query = sa.select(Edition).join(Review, Review.id == Edition.review_id).order_by(Edition.created_at.desc())
    query = query.where(Review.assessment_id == assessment_id, Review.state == "validated")
    return session.scalar((query if talk_id is None else query.where(Review.talk_id == talk_id)).limit(1))


def last_shared_review(session: Session, assessment_id: uuid.UUID) -> core.Review | None:
    """Return what the association may read of the last review of these answers; None if they changed since."""
    query = (
        sa.select(Review, User)
        .join(User, User.id == Review.advisor_id)
        .join(Assessment, Assessment.id == Review.assessment_id)
        .where(Review.assessment_id == assessment_id, Review.validated_at >= Assessment.finished_at)
        .order_by(Review.validated_at.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None or (validated_at := found[0].validated_at) is None:
        return None
    review, advisor = found
    return shared_review(draft_of(session, review), advisor.name or advisor.email, validated_at.date())


def _own_action(title: str, why: str, steps: str) -> core.OwnAction:
    return core.OwnAction(title, why, tuple(step.strip() for step in steps.splitlines() if step.strip()))


def _write(session: Session, review: Review, draft: Draft) -> None:
    session.execute(sa.delete(Proposal).where(Proposal.review_id == review.id))
    session.add_all(
        Proposal(review_id=review.id, question_id=name, level=level, reason=reason)
        for name, (level, reason) in draft.proposals.items()
    )
    review.private_note, review.comments = draft.private_note, dict(draft.comments)
    review.opinions = dict(draft.opinions)
    own = {name: list(words) for name, words in draft.own.items()}
    review.advice = {"aside": dict(draft.aside), "places": dict(draft.places), "own": own}
    review.version += 1
    session.flush()
