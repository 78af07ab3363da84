"""Lets who watches this process ask what it counts, where the operator wants it."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from questionnaire import metrics
from questionnaire.extensions import db, settings
from questionnaire.operations.opening import CannotOpen
from questionnaire.storage import outbox


def watch(app: Flask) -> None:
    """Answer on the port of QUESTIONNAIRE_METRICS_PORT, on this machine only, if it is set. Raises CannotOpen."""
    with app.app_context():
        port, sessions = settings().metrics_port, db.sessionmaker

    def count_due() -> float:
        try:
            with sessions() as session:
                return outbox.count_due(session, datetime.now(UTC))
        except SQLAlchemyError:
            return math.nan

    try:
        if port:
            metrics.answer(port, count_due)
    except OSError as error:
        raise CannotOpen(f"QUESTIONNAIRE_METRICS_PORT={port} : impossible d’écouter ici ({error.strerror}).") from None
