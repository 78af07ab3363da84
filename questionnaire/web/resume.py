"""Going on from another device: a short code shown on one, typed on the other. Refusals all look alike."""

import uuid
from datetime import UTC, datetime

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from questionnaire.extensions import RESUME, db, limiter, settings
from questionnaire.storage import resume_codes
from questionnaire.web.access import remember
from questionnaire.web.draft import open_assessment
from questionnaire.web.fields import Line, clean, needed
from questionnaire.web.forms import PageForm

bp = Blueprint("resume", __name__)
REFUSED = (
    "Ce code n’ouvre rien : il a peut-être été mal recopié, il a déjà servi, ou ses 15 minutes sont passées. "
    "Affichez-en un autre sur le premier appareil."
)


class CodeForm(PageForm):
    """The code that another device shows."""

    code = Line("Code affiché sur l’autre appareil", [needed("Écrivez le code."), clean("Code", 40)])


@bp.get("/q/<uuid:assessment_id>/code")
def show_code(assessment_id: uuid.UUID) -> str:
    """Show the code that opens this questionnaire elsewhere, if one was asked for."""
    draft = open_assessment(assessment_id)
    code = resume_codes.standing_code(db.session, draft.assessment, settings().secret_key, datetime.now(UTC))
    place = settings().base_url + url_for(".resume")
    return render_template("association/code.html", draft=draft, code=code, place=place, form=PageForm())


@bp.post("/q/<uuid:assessment_id>/code")
def make_code(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Make a new one; the former opens nothing any more."""
    draft = open_assessment(assessment_id, lock=True)
    if not PageForm().validate():
        abort(422)
    resume_codes.make_code(db.session, draft.assessment, settings().secret_key, datetime.now(UTC))
    db.session.commit()
    return redirect(url_for(".show_code", assessment_id=assessment_id), 303)


@bp.get("/reprendre")
def resume() -> str:
    """Ask for the code."""
    return render_template("access/resume.html", form=CodeForm())


@bp.post("/reprendre")
@limiter.limit(RESUME)
def use_code() -> ResponseReturnValue:
    """Open the questionnaire on this device, once."""
    form = CodeForm()
    valid = form.validate()
    now = datetime.now(UTC)
    assessment = resume_codes.use_code(db.session, form.code.data, settings().secret_key, now) if valid else None
    if assessment is None:
        form.code.errors = form.code.errors or [REFUSED]
        return render_template("access/resume.html", form=form), 422
    db.session.commit()
    remember(assessment)
    return redirect(url_for("association.home", assessment_id=assessment.id), 303)
