"""An association's answers: begun, saved page by page, finished, reopened.

Pages are an append-only history. Who calls holds the assessment locked (`assessment_by_id(…, lock=True)`) while it
writes, so two posts on one assessment run one after the other. Nothing here decides what an answer means, or commits.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from questionnaire.core.answers import Answer, AnswerSet
from questionnaire.core.answers import Association as Named
from questionnaire.core.framework import Framework
from questionnaire.storage import audit, documents, erasure
from questionnaire.storage.entries import end_entry
from questionnaire.storage.links import keep_link
from questionnaire.storage.merging import Field, onto_newest
from questionnaire.storage.models import Assessment, Association, Contribution, PageSave, TalkRequest
from questionnaire.storage.results import result_sha256

PROFILE = "profile"

# Built once: making such a statement costs several times what the database takes to answer it.
_older = aliased(PageSave)
_same_page = (_older.contribution_id == PageSave.contribution_id) & (_older.page == PageSave.page)
# The condition that a save is the newest of its page: what a page costs does not grow with what it held before.
NEWEST = PageSave.version == sa.select(sa.func.max(_older.version)).where(_same_page).scalar_subquery()
_asked = sa.bindparam("assessment", type_=Assessment.id.type)
_BY_ID = sa.select(Assessment).where(Assessment.id == _asked)
_LOCKED = _BY_ID.with_for_update(of=Assessment).execution_options(populate_existing=True)
_saves = sa.select(PageSave).join(Contribution).where(Contribution.assessment_id == _asked)
_PAGE_SAVES = _saves.order_by(PageSave.page, PageSave.version)
_CURRENT_PAGES = _PAGE_SAVES.where(NEWEST)
_base_and_newest = (PageSave.contribution_id == Contribution.id) & (PageSave.page == sa.bindparam("page"))
_base_and_newest &= (PageSave.version == sa.bindparam("base")) | NEWEST
_HISTORY = (
    sa.select(Contribution.id, PageSave.version, PageSave.values)
    .outerjoin_from(Contribution, PageSave, _base_and_newest)
    .where(Contribution.assessment_id == _asked)
)


class AssessmentFinished(Exception):
    """Its answers are finished: they can be changed only once reopened."""


class AlreadyTaken(Exception):
    """An advisor has taken the talk: the answers they read can no longer be reopened."""


@dataclass(frozen=True)
class Saved:
    """The page is kept, beside what others saved meanwhile. `version` is the new one, `row` what stands now."""

    version: int
    row: PageSave | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Unchanged:
    """Nothing new in what was posted: the same form twice, for instance. `version` stays."""

    version: int


@dataclass(frozen=True)
class Conflict:
    """Nothing was kept: `fields` were changed by others too, since. Show both; post again with `version` as base.

    `current` is what stands; `mine` what was posted, with the others' other fields merged in.
    """

    version: int
    current: dict[str, Any]
    mine: dict[str, Any]
    fields: tuple[Field, ...]


SaveOutcome = Saved | Unchanged | Conflict


def create_assessment(
    session: Session,
    *,
    framework: Framework,
    association_name: str,
    email: str | None,
    secret_key: bytes,
    now: datetime,
    assessment_id: uuid.UUID | None = None,
    actor: str = "respondent",
) -> Assessment:
    """Begin an assessment of a new association, pinned to this framework, with its private link.

    Raises IntegrityError if there is one with `assessment_id` already.
    """
    association = Association(id=uuid.uuid4(), name=association_name, email=email or None, created_at=now)
    return begin_for(
        session,
        association,
        framework=framework,
        secret_key=secret_key,
        now=now,
        assessment_id=assessment_id,
        actor=actor,
    )


def begin_for(
    session: Session,
    association: Association,
    *,
    framework: Framework,
    secret_key: bytes,
    now: datetime,
    assessment_id: uuid.UUID | None = None,
    actor: str = "respondent",
) -> Assessment:
    """Begin an assessment of this association, pinned to this framework, with a private link of its own."""
    begun = _pinned(association, framework, secret_key, now, assessment_id or uuid.uuid4())
    _keep_begun(session, [begun], now, actor)
    return begun


def begin_many(
    session: Session,
    associations: Iterable[Association],
    *,
    framework: Framework,
    secret_key: bytes,
    now: datetime,
    actor: str,
) -> list[Assessment]:
    """Begin an assessment of each association, as `begin_for` does, with few statements for them all."""
    begun = [_pinned(each, framework, secret_key, now, uuid.uuid4()) for each in associations]
    _keep_begun(session, begun, now, actor)
    return begun


def begin_once(session: Session, assessment_id: uuid.UUID, **given: Any) -> tuple[Assessment, bool]:
    """Begin the assessment of this id, or return the one begun meanwhile; say whether this call began it.

    An id that was erased is never used again: its tombstone would take the new answers too.
    """
    if erasure.is_erased(session, assessment_id):
        assessment_id = uuid.uuid4()
    found = assessment_by_id(session, assessment_id)
    if found:
        return found, False
    try:
        with session.begin_nested():
            return create_assessment(session, assessment_id=assessment_id, **given), True
    except IntegrityError:  # sent twice at once: the other came first
        return session.get_one(Assessment, assessment_id), False


def assessment_by_id(session: Session, assessment_id: uuid.UUID, *, lock: bool = False) -> Assessment | None:
    """Return the assessment; with `lock`, nobody else changes it before the commit."""
    return session.scalar(_LOCKED if lock else _BY_ID, {"assessment": assessment_id})


def current_pages(session: Session, assessment: Assessment) -> dict[str, PageSave]:
    """Return the newest save of each page that was saved at all; what it held before is not read."""
    return {save.page: save for save in session.scalars(_CURRENT_PAGES, {"assessment": assessment.id})}


def page_saves(session: Session, assessment: Assessment) -> list[PageSave]:
    """Return every save of every page, the oldest of a page first."""
    return list(session.scalars(_PAGE_SAVES, {"assessment": assessment.id}))


def save_page(
    session: Session,
    assessment: Assessment,
    page: str,
    base_version: int,
    values: dict[str, Any],
    now: datetime,
    saved_by: str = "",
) -> SaveOutcome:
    """Save a page filled from version `base_version` (0: never saved), merged field by field with what stands now.

    Raises AssessmentFinished. Raises IntegrityError if the assessment was not locked and another save came between.
    """
    if assessment.state == "finished":
        raise AssessmentFinished
    contribution_id, history = _history(session, assessment, page, base_version)
    version, current, merged, conflicts = onto_newest(history, base_version, values)
    if conflicts:
        return Conflict(version, dict(current), merged, conflicts)
    if merged == current and history:
        return Unchanged(version)
    version += 1
    kept = PageSave(contribution_id=contribution_id, page=page, version=version, values=merged)
    kept.saved_at, kept.saved_by = now, saved_by or None
    session.add(kept)
    assessment.updated_at = now
    if page == PROFILE:
        assessment.department = merged.get("department") or None
    session.flush()
    return Saved(version, kept)


def answer_set(session: Session, assessment: Assessment, framework: Framework) -> AnswerSet:
    """Return all that was answered, dated when it was finished (UTC), as the core wants it."""
    return answers_in(current_pages(session, assessment), assessment, framework)


def answers_in(saves: Mapping[str, PageSave], assessment: Assessment, framework: Framework) -> AnswerSet:
    """Return what the newest saves of an assessment's pages answer; nothing is read."""
    pages = {name: save.values for name, save in saves.items()}
    profile = pages.pop(PROFILE, {})
    kept = assessment.association
    return AnswerSet(
        framework_id=framework.id,
        framework_version=framework.version,
        date=assessment.finished_at.date() if assessment.finished_at else None,
        association=Named(name=kept.name, rna=kept.rna, siren=kept.siren),
        profile={name: tuple(value) if isinstance(value, list) else value for name, value in profile.items()},
        answers={name: _answer(given) for page in pages.values() for name, given in page.items() if "value" in given},
    )


def finish(
    session: Session, assessment: Assessment, framework: Framework, now: datetime, *, actor: str = "respondent"
) -> bool:
    """Finish the assessment, once: say whether this call did it. Whether it is complete is the caller's to check."""
    if assessment.state == "finished":
        return False
    assessment.state, assessment.finished_at = "finished", now
    assessment.finish_count += 1
    assessment.result_sha256 = result_sha256(framework, answer_set(session, assessment, framework))
    end_entry(session, assessment.id, now, actor=actor)
    _note(session, assessment, "assessment_finished", now, actor, count=assessment.finish_count)
    return True


def reopen(session: Session, assessment: Assessment, now: datetime) -> None:
    """Make the answers a draft again. Raises AlreadyTaken while an advisor reviews them, and after."""
    states = sa.select(TalkRequest.state).where(TalkRequest.withdrawn_at.is_(None))
    if session.scalar(states.where(TalkRequest.assessment_id == assessment.id)) not in (None, "sent", "to_complete"):
        raise AlreadyTaken
    if assessment.state == "draft":
        return
    assessment.state, assessment.finished_at, assessment.result_sha256 = "draft", None, None
    documents.forget(session, assessment.id)
    _note(session, assessment, "assessment_reopened", now)


def set_consent(session: Session, assessment: Assessment, given: bool, now: datetime) -> None:
    """Tick or untick the observatory's consent; the same tick twice changes nothing."""
    if given == (assessment.observatory_consent_at is not None):
        return
    assessment.observatory_consent_at = now if given else None
    _note(session, assessment, "consent_given" if given else "consent_withdrawn", now)


def _pinned(
    association: Association, framework: Framework, secret_key: bytes, now: datetime, assessment_id: uuid.UUID
) -> Assessment:
    assessment = Assessment(
        id=assessment_id,
        association=association,
        framework_id=framework.id,
        framework_version=framework.version,
        framework_sha256=framework.sha256,
        link_generation=1,
        created_at=now,
        updated_at=now,
    )
    keep_link(assessment, secret_key)
    return assessment


def _keep_begun(session: Session, begun: list[Assessment], now: datetime, actor: str) -> None:
    session.add_all(begun)
    session.flush()
    session.add_all(Contribution(assessment_id=each.id, created_at=now) for each in begun)
    for each in begun:
        pinned = f"{each.framework_id}@{each.framework_version}"
        audit.record(session, "assessment_created", actor=actor, now=now, assessment_id=each.id, framework=pinned)
    session.flush()


def _history(
    session: Session, assessment: Assessment, page: str, base_version: int
) -> tuple[uuid.UUID, dict[int, dict[str, Any]]]:
    """Return whose page it is, and the values of its base and newest versions, in one question to the database."""
    found = session.execute(_HISTORY, {"assessment": assessment.id, "page": page, "base": base_version}).all()
    return found[0][0], {version: values for _, version, values in found if version}


def _answer(given: dict[str, Any]) -> Answer:
    return Answer(
        value=given["value"],
        evidence=given.get("evidence", ""),
        comment=given.get("comment", ""),
        reason=given.get("reason", ""),
    )


def _note(
    session: Session, assessment: Assessment, name: str, now: datetime, actor: str = "respondent", **facts: int
) -> None:
    audit.record(session, name, actor=actor, now=now, assessment_id=assessment.id, **facts)
