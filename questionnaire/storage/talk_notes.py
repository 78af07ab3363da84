"""What is said in the talk, kept as it goes: two people who write at once never overwrite each other in silence.

This file may not choose what a moment asks, send a mail, or commit.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from questionnaire.storage.merging import merge
from questionnaire.storage.plan_models import TalkNotes

Said = Mapping[str, str | date | None]


@dataclass(frozen=True)
class SaidTwice:
    """Nothing was kept: `names` were changed by somebody else too, `theirs` stands, `mine` has the rest merged."""

    theirs: Said
    mine: Said
    names: tuple[str, ...]


def notes_of(session: Session, assessment_id: uuid.UUID) -> TalkNotes | None:
    """Return what was said, if a talk was held."""
    return session.get(TalkNotes, assessment_id)


def said(notes: TalkNotes | None, names: tuple[str, ...]) -> dict[str, str | date | None]:
    """Return what stands under these names, empty before anything was written."""
    return {name: getattr(notes, name) if notes else None if name == "next_on" else "" for name in names}


def keep(
    session: Session, assessment_id: uuid.UUID, base: Said, mine: Said, by: str, now: datetime
) -> SaidTwice | None:
    """Keep `mine`, written on a page that showed `base`, merged with what stands; or say what both changed."""
    notes = notes_of(session, assessment_id)
    theirs = said(notes, tuple(mine))
    merged, conflicts = merge(base, theirs, mine)
    settled = dict.fromkeys(mine) | merged
    if conflicts:
        return SaidTwice(theirs, settled, tuple(name for (name, *_) in conflicts))
    if settled != theirs:
        if notes is None:
            notes = TalkNotes(
                assessment_id=assessment_id, **said(None, ("surprises", "build_on", "doubts", "next_with"))
            )
            session.add(notes)
        for name, value in settled.items():
            setattr(notes, name, value)
        notes.updated_at, notes.updated_by = now, by
    session.flush()
    return None
