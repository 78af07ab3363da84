"""The private link of an association: a token anybody may be shown again, of which the database keeps only a digest.

The token is derived from the installation's secret key, the assessment and the link's generation, so it can be printed
and mailed again without being stored; a new generation makes the old link, and the cookies it gave, worth nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage import audit
from questionnaire.storage.models import Assessment, Association
from questionnaire.storage.portfolio_models import ContactChange

_FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def link_token(secret_key: bytes, assessment: Assessment) -> str:
    """Return the token of the assessment's current link: 256 bits, safe in an address."""
    message = f"private-link:{assessment.id}:{assessment.link_generation}".encode()
    digest = hmac.new(secret_key, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def assessment_by_token(session: Session, token: str) -> Assessment | None:
    """Return what the token opens; None alike for erased, replaced and never given. Reads only."""
    if not _FORM.fullmatch(token):
        return None
    return session.scalar(sa.select(Assessment).where(Assessment.link_sha256 == _digest(token)))


def assessments_of(session: Session, email: str) -> list[Assessment]:
    """Return the assessments whose link may be sent to this address, newest first."""
    return list(
        session.scalars(
            sa.select(Assessment)
            .join(Association)
            .where(sa.func.lower(Association.email) == email.strip().lower())
            .order_by(Assessment.created_at.desc(), Assessment.id)
        )
    )


def assessments_under(session: Session, association_id: uuid.UUID) -> list[Assessment]:
    """Return every assessment of an association; nobody else changes them before the commit."""
    query = sa.select(Assessment).where(Assessment.association_id == association_id).order_by(Assessment.id)
    return list(session.scalars(query.with_for_update(of=Assessment)))


def note_former_contact(session: Session, association: Association, now: datetime) -> ContactChange:
    """Keep the address that an association leaves, so that it can be told."""
    change = ContactChange(
        id=uuid.uuid4(), association_id=association.id, former_email=association.email or "", changed_at=now
    )
    session.add(change)
    session.flush()
    return change


def keep_link(assessment: Assessment, secret_key: bytes) -> None:
    """Store the digest of the assessment's current token. The assessment has its id already."""
    assessment.link_sha256 = _digest(link_token(secret_key, assessment))


def replace_link(session: Session, assessment: Assessment, secret_key: bytes, now: datetime) -> None:
    """Give the assessment a new link; the old one, and every cookie it gave, open nothing any more."""
    assessment.link_generation += 1
    keep_link(assessment, secret_key)
    audit.record(
        session,
        "link_replaced",
        actor="respondent",
        now=now,
        assessment_id=assessment.id,
        generation=assessment.link_generation,
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
