"""Erasing for good: the rows, their bytes in the file, and a tombstone that an older backup cannot lift.

A tombstone is the digest of a random id: it says that something was erased, not what. Tombstones stand in the database
and in `erased.log` beside it, which is only added to, synced to the disk and never part of a backup; those of the file
are applied at each opening, before anybody is served.
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage import audit, outbox
from questionnaire.storage.installation_models import Tombstone
from questionnaire.storage.models import Assessment, Association

LOG = "erased.log"
SHORT = 32  # of a digest, where it must fit in a line
_LINE = re.compile(r"\S+ ([0-9a-f]{64})")


class StillRead(Exception):
    """Somebody reads the database right now, so that the old bytes cannot be wiped yet: worth trying again."""


def digest(assessment_id: uuid.UUID) -> str:
    """Return what a tombstone keeps of an id."""
    return hashlib.sha256(f"erased:{assessment_id}".encode()).hexdigest()


def erase(session: Session, assessment: Assessment, now: datetime, *, actor: str) -> None:
    """Delete the assessment with everything under it, and its association if nothing else hangs on it."""
    _delete(session, assessment.id, assessment.association_id)
    session.merge(Tombstone(digest=digest(assessment.id), erased_at=now))
    audit.record(session, "assessment_erased", actor=actor, now=now)
    outbox.enqueue(session, "wipe", now=now)


def replay(session: Session, folder: Path, now: datetime) -> int:
    """Erase again what the file's tombstones name and an older backup brought back; return how many there were."""
    named = _in_file(folder)
    kept = tombstones(session)
    session.add_all(Tombstone(digest=each, erased_at=now) for each in named - kept)
    if not named | kept:
        return 0
    found = session.execute(sa.select(Assessment.id, Assessment.association_id))
    back = [(each, association) for each, association in found if digest(each) in named | kept]
    for each, association in back:
        _delete(session, each, association)
    if back:
        outbox.enqueue(session, "wipe", now=now)
    return len(back)


def is_erased(session: Session, assessment_id: uuid.UUID) -> bool:
    """Say whether an assessment of this id was erased."""
    return session.get(Tombstone, digest(assessment_id)) is not None


def tombstones(session: Session) -> set[str]:
    """Return the digests of all that was erased."""
    return set(session.scalars(sa.select(Tombstone.digest)))


def write_down(session: Session, folder: Path) -> None:
    """Add to the file the tombstones of the database that it lacks, and sync it. Raises OSError."""
    query = sa.select(Tombstone).order_by(Tombstone.erased_at, Tombstone.digest)
    known = _in_file(folder)
    lacking = [each for each in session.scalars(query) if each.digest not in known]
    if lacking:
        _append(folder / LOG, "".join(f"{each.erased_at.isoformat()} {each.digest}\n" for each in lacking))


def wipe(engine: sa.Engine) -> None:
    """Leave no byte of what was erased in SQLite's write-ahead log; deleted rows are overwritten already.

    On PostgreSQL its own vacuum does it. Raises StillRead.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=200")  # who writes waits meanwhile: not for long
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.invalidate()
    if busy:
        raise StillRead


def _delete(session: Session, assessment_id: uuid.UUID, association_id: uuid.UUID) -> None:
    session.execute(sa.delete(Assessment).where(Assessment.id == assessment_id))
    others = sa.select(Assessment.id).where(Assessment.association_id == association_id)
    if session.scalar(others.limit(1)) is None:
        session.execute(sa.delete(Association).where(Association.id == association_id))


def _in_file(folder: Path) -> set[str]:
    path = folder / LOG
    text = path.read_text(encoding="ascii", errors="replace") if path.exists() else ""
    return {found[1] for line in text.splitlines() if (found := _LINE.fullmatch(line))}


def _append(path: Path, lines: str) -> None:
    """Add whole lines: one that a power cut had left half written is closed first."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        broken = size and file.read() != b"\n"
        file.write((b"\n" if broken else b"") + lines.encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
