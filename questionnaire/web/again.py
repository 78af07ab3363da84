"""A second time: the association begins again, a year later, with the time before beside each question."""

import uuid
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from questionnaire.extensions import db, settings
from questionnaire.storage.again import BegunAlready, begin_again
from questionnaire.web.access import newest_framework, remember
from questionnaire.web.draft import open_assessment
from questionnaire.web.once import OnceForm, id_begun_by

bp = Blueprint("again", __name__)
BEGUN = "Une nouvelle fois est déjà commencée. Ouvrez-la par son propre lien privé."
WELCOME = "Voici une nouvelle fois. Vos réponses d’avant s’affichent à côté de chaque question, sans la remplir."


@bp.post("/q/<uuid:assessment_id>/recommencer")
def begin(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Begin the next assessment, once, and show its private link: the one before keeps its own."""
    draft, form = open_assessment(assessment_id, lock=True), OnceForm()
    if not form.validate() or not draft.finished:
        abort(422)
    try:
        begun = begin_again(
            db.session,
            draft.assessment,
            assessment_id=id_begun_by(form),
            framework=newest_framework(),
            secret_key=settings().secret_key,
            now=datetime.now(UTC),
        )
    except BegunAlready:
        flash(BEGUN, "info")
        return redirect(url_for("association.home", assessment_id=assessment_id), 303)
    db.session.commit()
    remember(begun)
    flash(WELCOME, "success")
    return redirect(url_for("association.link", assessment_id=begun.id, premier="tout"), 303)
