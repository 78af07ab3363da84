"""Notes, about once a day, that an association came back: what is visited is not erased for being forgotten.

Reading a page writes nothing else, and a page is never late or refused because its visit could not be noted.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError

from questionnaire.extensions import db
from questionnaire.storage import retention
from questionnaire.storage.database import write_first
from questionnaire.storage.models import Assessment

log = logging.getLogger("questionnaire.visits")


def init_app(app: Flask) -> None:
    """Look at each page of an association that was shown."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    assessment_id = (request.view_args or {}).get("assessment_id")
    own_page = request.method == "GET" and request.path.startswith("/q/")
    if assessment_id is None or not own_page or response.status_code != 200:
        return response
    now = datetime.now(UTC)
    assessment = db.session.get(Assessment, assessment_id)
    if assessment is not None and not retention.visit_is_noted(assessment, now):
        with db.sessionmaker() as session:
            try:
                write_first(session)
                retention.note_visit(session, assessment_id, now)
                session.commit()
            except DBAPIError as error:
                log.warning("A visit was not noted: %s", type(error.orig).__name__)
    return response
