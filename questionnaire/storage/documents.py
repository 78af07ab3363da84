"""The PDFs that were made, so that a download is a row read, on whatever machine it is asked for.

A document has a name within its assessment and a key: what it was made of. Another key takes its place. What was sent
(an edition) is kept; the rest can be made again, and is forgotten after a while. This file may not draw, or commit.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage import outbox
from questionnaire.storage.models import Document

TRIES = 3
BETWEEN_TRIES = timedelta(seconds=5)
REST = timedelta(minutes=15)  # after `TRIES` failures in a row, before anybody may have it tried again
KEPT = timedelta(days=30)
EDITION = "edition-"


def edition_name(edition_id: uuid.UUID) -> str:
    """Return the name of a reviewed report as it was sent."""
    return f"{EDITION}{edition_id.hex}"


def made(session: Session, assessment_id: uuid.UUID, name: str, key: str) -> bytes | None:
    """Return the PDF of this name that was made of exactly this; None where there is none."""
    query = sa.select(Document.pdf).where(Document.assessment_id == assessment_id, Document.name == name)
    return session.scalar(query.where(Document.key == key))


def given_up(session: Session, assessment_id: uuid.UUID, name: str, key: str, now: datetime) -> bool:
    """Say whether making it failed so often, so lately, that it is not tried again yet."""
    found = session.get(Document, (assessment_id, name))
    return bool(found and found.key == key and found.failures >= TRIES and found.changed_at > now - REST)


def is_asked(session: Session, assessment_id: uuid.UUID, name: str) -> bool:
    """Say whether the document waits to be made, or is being made."""
    return outbox.waiting(session, outbox.RENDER, assessment_id=assessment_id, document=name)


def ask(session: Session, assessment_id: uuid.UUID, name: str, now: datetime, after: timedelta = timedelta(0)) -> None:
    """Have the document made, once however many ask. The caller holds the assessment locked."""
    if not is_asked(session, assessment_id, name):
        outbox.enqueue(session, outbox.RENDER, now=now, assessment_id=assessment_id, after=after, document=name)


def keep(session: Session, assessment_id: uuid.UUID, name: str, key: str, pdf: bytes, now: datetime) -> None:
    """Keep a whole PDF in place of the one of this name, if there was one."""
    session.merge(Document(assessment_id=assessment_id, name=name, key=key, pdf=pdf, failures=0, changed_at=now))


def note_failure(session: Session, assessment_id: uuid.UUID, name: str, key: str, now: datetime) -> int:
    """Note that making it failed; return how often that happened for this key, one after the other."""
    found = session.get(Document, (assessment_id, name))
    failures = found.failures + 1 if found and found.key == key else 1
    session.merge(
        Document(assessment_id=assessment_id, name=name, key=key, pdf=None, failures=failures, changed_at=now)
    )
    return failures


def kept_documents(session: Session, assessment_id: uuid.UUID) -> list[Document]:
    """Return the documents of an assessment, by name."""
    query = sa.select(Document).where(Document.assessment_id == assessment_id, Document.failures == 0)
    return list(session.scalars(query.order_by(Document.name)))


def forget(session: Session, assessment_id: uuid.UUID) -> None:
    """Forget what was made of answers that are reopened; what was sent stays."""
    _forget(session, Document.assessment_id == assessment_id)


def purge(session: Session, now: datetime) -> None:
    """Forget what was made more than `KEPT` ago and can be made again."""
    _forget(session, Document.changed_at < now - KEPT)


def _forget(session: Session, which: sa.ColumnElement[bool]) -> None:
    session.execute(sa.delete(Document).where(which, Document.name.not_like(f"{EDITION}%")))
