"""Preparing a talk in ten minutes: one screen that says what to read and which five questions to ask, with why."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Blueprint, render_template

from questionnaire.core.preparing import worth_asking
from questionnaire.extensions import db
from questionnaire.storage import talks
from questionnaire.web.dossier import open_dossier

bp = Blueprint("preparing", __name__, url_prefix="/conseiller/dossiers/<uuid:assessment_id>")


@bp.get("/preparer")
def show(assessment_id: uuid.UUID) -> str:
    """Show what to read before the talk; the association sees on its page that its answers were read."""
    dossier = open_dossier(assessment_id)
    talks.record_reading(db.session, assessment_id, dossier.advisor, datetime.now(UTC))
    db.session.commit()
    worth = worth_asking(dossier.report, dossier.unclear)
    return render_template("advisor/preparing.html", dossier=dossier, report=dossier.report, worth=worth)
