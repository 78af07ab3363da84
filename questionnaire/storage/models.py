"""The tables of the associations' side. Read it to know what is kept; nothing else is.

An association has assessments; an assessment pins its framework and holds contributions (one respondent's pages each);
talks, reviews and editions follow. Deleting an association deletes everything under it, in the database itself.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from questionnaire.core import journey
from questionnaire.storage.database import Base

State = Literal["draft", "finished"]
ReviewState = Literal["draft", "validated"]


def _key() -> Mapped[uuid.UUID]:
    return mapped_column(sa.Uuid, primary_key=True, default=uuid.uuid4)


def _under(column: str) -> Mapped[uuid.UUID]:
    return mapped_column(sa.ForeignKey(column, ondelete="CASCADE"), index=True)


def _word(*, length: int = 20, default: str | None = None) -> Mapped[Any]:
    return mapped_column(sa.String(length), default=default)


class Association(Base):
    """Who answers. Only the name is needed; `email` is where its private link may be sent again."""

    __tablename__ = "association"
    id: Mapped[uuid.UUID] = _key()
    name: Mapped[str] = mapped_column(sa.String(200))
    rna: Mapped[str] = mapped_column(sa.String(20), default="")
    siren: Mapped[str] = mapped_column(sa.String(20), default="")
    email: Mapped[str | None] = mapped_column(sa.String(254), index=True)
    created_at: Mapped[datetime]


class Campaign(Base):
    """A period in which a network invites associations to answer."""

    __tablename__ = "campaign"
    id: Mapped[uuid.UUID] = _key()
    name: Mapped[str] = mapped_column(sa.String(200))
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    introduction: Mapped[str] = mapped_column(sa.Text, default="")
    opened_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)


class Assessment(Base):
    """One answering of one framework. `result_sha256` is that of the result document when it was finished last.

    `department` repeats the profile's, for lists; `previous_id` is the time before, of the same association.
    `visited_at` is about when its page was last read; `warned_at` when its erasure was announced (retention.py).
    """

    __tablename__ = "assessment"
    id: Mapped[uuid.UUID] = _key()
    association_id: Mapped[uuid.UUID] = _under("association.id")
    campaign_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("campaign.id", ondelete="SET NULL"), index=True)
    department: Mapped[str | None] = mapped_column(sa.String(3), index=True)
    framework_id: Mapped[str] = mapped_column(sa.String(100))
    framework_version: Mapped[str] = mapped_column(sa.String(20))
    framework_sha256: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[State] = _word(default="draft")
    finish_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    result_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    link_generation: Mapped[int] = mapped_column(default=1)
    link_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    observatory_consent_at: Mapped[datetime | None]
    visited_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    previous_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="SET NULL"), index=True
    )
    association: Mapped[Association] = relationship(lazy="joined", innerjoin=True)


class Contribution(Base):
    """One respondent's set of answers; today one for each assessment."""

    __tablename__ = "contribution"
    id: Mapped[uuid.UUID] = _key()
    assessment_id: Mapped[uuid.UUID] = _under("assessment.id")
    role: Mapped[str | None] = mapped_column(sa.String(100))
    created_at: Mapped[datetime]


class PageSave(Base):
    """What a page held once it was saved, and by whom if they said so. Rows are only added: the newest stands."""

    __tablename__ = "page_save"
    contribution_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    page: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    values: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str | None] = mapped_column(sa.String(60))


class FollowUp(Base):
    """What is known of the question asked three months after the end. `answer`: `yes`, `begun` or `not_yet`."""

    __tablename__ = "follow_up"
    assessment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True
    )
    asked_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(sa.String(20))
    answered_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class ResumeCode(Base):
    """A short code that opens an assessment on another device; its row goes once it is used."""

    __tablename__ = "resume_code"
    id: Mapped[uuid.UUID] = _key()
    assessment_id: Mapped[uuid.UUID] = _under("assessment.id")
    code_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    link_generation: Mapped[int]
    expires_at: Mapped[datetime]


class ListeningSave(Base):
    """What an association said of its territory. Rows are only added; `file` names the questions it answered."""

    __tablename__ = "listening_save"
    assessment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file: Mapped[str] = mapped_column(sa.String(120))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    values: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class PaperEntry(Base):
    """A paper that an association filled, or what it says by telephone: an advisor writes it until `ended_at`."""

    __tablename__ = "paper_entry"
    assessment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True
    )
    advisor_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    by_telephone: Mapped[bool] = mapped_column(default=False)


class TalkRequest(Base):
    """An association lets its advisors read one assessment, until it withdraws. At most one stands at a time.

    `scope` is what they read: the whole, or the first look and nothing else.
    `advisor_id` is who is in charge, None while the network has not said; `state` is that of `core/journey.py`.
    """

    __tablename__ = "talk_request"
    __table_args__ = (
        sa.Index(
            "uq_talk_request_standing",
            "assessment_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )
    id: Mapped[uuid.UUID] = _key()
    assessment_id: Mapped[uuid.UUID] = _under("assessment.id")
    advisor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    scope: Mapped[journey.Scope] = _word(default="whole")
    state: Mapped[journey.State] = _word(default="sent")
    state_since: Mapped[datetime]
    requested_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class TalkReader(Base):
    """Another advisor who reads and reviews the file with the one in charge, until `ended_at`."""

    __tablename__ = "talk_reader"
    talk_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("talk_request.id", ondelete="CASCADE"), primary_key=True)
    advisor_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), primary_key=True)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TalkMove(Base):
    """A step a shared file took. Rows are only added; the association reads them all."""

    __tablename__ = "talk_move"
    id: Mapped[uuid.UUID] = _key()
    talk_id: Mapped[uuid.UUID] = _under("talk_request.id")
    at: Mapped[datetime]
    actor: Mapped[journey.Actor] = _word()
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    name: Mapped[journey.MoveName] = _word()
    source: Mapped[str] = mapped_column(sa.String(20), default="")
    target: Mapped[journey.State] = _word()
    about_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    why: Mapped[str] = mapped_column(sa.Text, default="")


class Review(Base):
    """The advisors' view beside the association's own. `private_note` is for the advisors, and stands in the access
    file of that association and nowhere else: its right of access reaches it, as its field tells who writes.

    One draft a talk, whoever of its advisors writes; those that were validated stay, so that another can begin.
    `advisor_id` is who began it, then who validated it.
    """

    __tablename__ = "review"
    __table_args__ = (
        sa.Index(
            "uq_review_draft",
            "talk_id",
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        ),
    )
    id: Mapped[uuid.UUID] = _key()
    assessment_id: Mapped[uuid.UUID] = _under("assessment.id")
    talk_id: Mapped[uuid.UUID] = _under("talk_request.id")
    advisor_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    version: Mapped[int] = mapped_column(default=0)
    state: Mapped[ReviewState] = _word(default="draft")
    private_note: Mapped[str] = mapped_column(sa.Text, default="")
    comments: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    opinions: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    advice: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    validated_at: Mapped[datetime | None]


class Proposal(Base):
    """Another level that the advisor proposes for one question, with the reason."""

    __tablename__ = "proposal"
    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    level: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.Text)


class Edition(Base):
    """A reviewed report as it was sent: kept, never recomputed. `sha256` is that of `html` in UTF-8."""

    __tablename__ = "edition"
    id: Mapped[uuid.UUID] = _key()
    review_id: Mapped[uuid.UUID] = _under("review.id")
    html: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]


class Document(Base):
    """A PDF ready to be handed over: `key` is what it was made of. `failures` in a row leave no PDF."""

    __tablename__ = "document"
    assessment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    pdf: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    failures: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]


class AuditEvent(Base):
    """Something that happened, declared in `audit.py` with the exact facts it carries."""

    __tablename__ = "audit_event"
    id: Mapped[uuid.UUID] = _key()
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(sa.String(100))
    name: Mapped[str] = mapped_column(sa.String(100))
    assessment_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="CASCADE"), index=True
    )
    facts: Mapped[dict[str, Any]]


_TO_DO = sa.text("done_at IS NULL")  # the jobs done are many, and nobody looks for them


class Job(Base):
    """Something to do later, recorded in the same transaction as what caused it. The payload holds ids only."""

    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_due", "run_after", sqlite_where=_TO_DO, postgresql_where=_TO_DO),)
    id: Mapped[uuid.UUID] = _key()
    kind: Mapped[str] = mapped_column(sa.String(40))
    assessment_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="CASCADE"), index=True
    )
    payload: Mapped[dict[str, Any]]
    run_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.Text)
