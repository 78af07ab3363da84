"""A short code to go on from another device: shown on one, typed on the other, once, within a quarter of an hour.

It is derived from the installation's secret key, so that its page can show it again; the database keeps a digest that
needs the key too, because a code this short could be guessed from a bare one. Used and expired codes are deleted.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage.models import Assessment, ResumeCode

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0, 1, I, L, O: they are taken for each other
LENGTH = 8  # 40 bits, for a quarter of an hour, behind a limit
LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True)
class Code:
    """A code as it is read and typed ("K7P4-M2QX"), and until when."""

    code: str
    expires_at: datetime


def make_code(session: Session, assessment: Assessment, secret_key: bytes, now: datetime) -> None:
    """Give the assessment a new code; one that was shown before opens nothing any more."""
    session.execute(sa.delete(ResumeCode).where(ResumeCode.assessment_id == assessment.id))
    made = ResumeCode(id=uuid.uuid4(), assessment_id=assessment.id, link_generation=assessment.link_generation)
    made.code_sha256, made.expires_at = _digest(secret_key, _code(secret_key, made.id)), now + LIFETIME
    session.add(made)


def standing_code(session: Session, assessment: Assessment, secret_key: bytes, now: datetime) -> Code | None:
    """Return the code that opens the assessment now, if there is one."""
    query = sa.select(ResumeCode).where(
        ResumeCode.assessment_id == assessment.id,
        ResumeCode.link_generation == assessment.link_generation,
        ResumeCode.expires_at > now,
    )
    found = session.scalar(query)
    code = _code(secret_key, found.id) if found else ""
    return Code(f"{code[:4]}-{code[4:]}", found.expires_at) if found else None


def use_code(session: Session, typed: str, secret_key: bytes, now: datetime) -> Assessment | None:
    """Use the code up and return what it opens; None alike for mistyped, used, expired and replaced.

    Capitals, spaces and dashes do not matter.
    """
    plain = re.sub(r"[^A-Z0-9]", "", typed.upper())
    used = sa.delete(ResumeCode).where(
        ResumeCode.code_sha256 == _digest(secret_key, plain), ResumeCode.expires_at > now
    )
    row = session.execute(used.returning(ResumeCode.assessment_id, ResumeCode.link_generation)).first()
    if row is None:
        return None
    return session.scalar(sa.select(Assessment).where(Assessment.id == row[0], Assessment.link_generation == row[1]))


def purge(session: Session, now: datetime) -> None:
    """Forget the codes whose time is over."""
    session.execute(sa.delete(ResumeCode).where(ResumeCode.expires_at <= now))


def _code(secret_key: bytes, code_id: uuid.UUID) -> str:
    number = int.from_bytes(hmac.digest(secret_key, b"resume-code:" + code_id.bytes, "sha256"))
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


def _digest(secret_key: bytes, code: str) -> str:
    return hmac.new(secret_key, f"resume-code:{code}".encode(), hashlib.sha256).hexdigest()
