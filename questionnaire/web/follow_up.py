"""« Avez-vous pu mener une de ces actions ? »: one tap, from the mail without signing in, or on the association's page.

Opening the mail's link changes nothing; a button does. The link shows the actions that were proposed, no answer.
"""

import uuid
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaire.core.report import build_report
from questionnaire.extensions import OPEN_LINK, db, limiter, settings
from questionnaire.storage import follow_ups
from questionnaire.storage.assessments import answer_set
from questionnaire.storage.models import Assessment
from questionnaire.web.access import LinkNotFound, assessment_for, framework_of
from questionnaire.web.forms import PageForm

bp = Blueprint("follow_up", __name__)
THANKS = "Merci, c’est noté."
STOPPED = "C’est noté : nous ne vous écrirons plus à ce sujet."


@bp.get("/suivi/<token>")
@limiter.limit(OPEN_LINK)
def ask(token: str) -> str:
    """Show the question with the actions that were proposed."""
    assessment = _asked(token)
    framework = framework_of(assessment)
    plan = build_report(framework, answer_set(db.session, assessment, framework)).plan
    known = follow_ups.follow_up_of(db.session, assessment)
    return render_template(
        "follow_up/ask.html", assessment=assessment, plan=plan, follow_up=known, token=token, act=PageForm()
    )


@bp.post("/suivi/<token>")
@limiter.limit(OPEN_LINK)
def answer(token: str) -> ResponseReturnValue:
    """Keep the answer; another one may take its place."""
    _keep(_asked(token, lock=True))
    db.session.commit()
    return redirect(url_for(".ask", token=token), 303)


@bp.post("/suivi/<token>/arreter")
@limiter.limit(OPEN_LINK)
def stop(token: str) -> ResponseReturnValue:
    """Write no more about this."""
    _stop(_asked(token, lock=True))
    db.session.commit()
    return redirect(url_for(".ask", token=token), 303)


@bp.post("/q/<uuid:assessment_id>/suivi")
def answer_here(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """The same question, answered on the association's page."""
    assessment = assessment_for(assessment_id, lock=True)
    _keep(assessment)
    db.session.commit()
    return redirect(url_for("association.home", assessment_id=assessment_id), 303)


@bp.post("/q/<uuid:assessment_id>/suivi/arreter")
def stop_here(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """The same refusal, from the association's page."""
    assessment = assessment_for(assessment_id, lock=True)
    _stop(assessment)
    db.session.commit()
    return redirect(url_for("association.home", assessment_id=assessment_id), 303)


def _asked(token: str, *, lock: bool = False) -> Assessment:
    assessment = follow_ups.assessment_by_token(db.session, settings().secret_key, token, lock=lock)
    if assessment is None:
        raise LinkNotFound
    return assessment


def _keep(assessment: Assessment) -> None:
    chosen = next((each for each in follow_ups.OUTCOMES if each == request.form.get("answer")), None)
    if chosen is None or not PageForm().validate():
        abort(422)
    follow_ups.keep_answer(db.session, assessment, chosen, datetime.now(UTC))
    flash(THANKS, "success")


def _stop(assessment: Assessment) -> None:
    if not PageForm().validate():
        abort(422)
    follow_ups.stop(db.session, assessment, datetime.now(UTC))
    flash(STOPPED, "success")
