"""Applies the durations of storage/retention.py at once, as the server does every day."""

from __future__ import annotations

from datetime import UTC, datetime

from questionnaire.extensions import db, settings
from questionnaire.jobs import purge as apply
from questionnaire.operations.opening import open_application
from questionnaire.storage.database import write_first


def purge() -> str:
    """Announce, erase and forget what is due, and return the line to show. Raises CannotOpen."""
    app = open_application()
    with app.app_context():
        write_first(db.session)
        done = apply(settings(), db.session, datetime.now(UTC))
    return f"Annoncées : {done.warned}. Supprimées : {done.erased}. Fichiers anciens retirés : {done.files}.\n"
