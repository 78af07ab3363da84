"""A first look that an association shows to its advisor: one page, its PDF, and nothing else of the answers.

Each view first obtains the assessment and this narrow right, in one call; each reading is noted for the association.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from questionnaire import editions
from questionnaire.extensions import db
from questionnaire.rendering import SHOWN_LOOK
from questionnaire.storage import talks
from questionnaire.web.access import shown_assessment_for, signed_in_advisor
from questionnaire.web.downloads import Place, first_look_page
from questionnaire.web.draft import draft_of

bp = Blueprint("shown_look", __name__, url_prefix="/conseiller/premiers-regards/<uuid:assessment_id>")


@bp.get("")
def show(assessment_id: uuid.UUID) -> str:
    """Show the first look as its association reads it; the association sees that it was read."""
    advisor = signed_in_advisor()
    assessment, talk = shown_assessment_for(advisor, assessment_id)
    body = editions.first_look_body(draft_of(assessment).shown_look)
    talks.record_reading(db.session, assessment_id, advisor, datetime.now(UTC))
    db.session.commit()
    return render_template("advisor/shown_look.html", assessment=assessment, talk=talk, body=body)


@bp.get("/premier-regard.pdf")
def pdf(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand it over as one page of paper; that is a reading too."""
    advisor = signed_in_advisor()
    assessment, _ = shown_assessment_for(advisor, assessment_id)
    place = Place(assessment_id, assessment.association.name, url_for(".show", assessment_id=assessment_id))
    look = draft_of(assessment).shown_look
    talks.record_reading(db.session, assessment_id, advisor, datetime.now(UTC))
    db.session.commit()
    return first_look_page(place, SHOWN_LOOK, look)
