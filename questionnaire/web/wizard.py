"""The questionnaire: its pages, saved one by one in any order, the check of all answers, and the finish.

A page is saved even half answered; only what cannot be kept comes back (422), filled. Views read, call and answer: what
an answer means is the core's, and what is kept is storage's.
"""

import uuid
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from questionnaire import rendering
from questionnaire.core.progress import PROFILE
from questionnaire.extensions import db
from questionnaire.storage import assessments, follow_ups, journey, outbox, talks
from questionnaire.storage.assessments import AssessmentFinished
from questionnaire.web.draft import Draft, open_assessment, open_draft
from questionnaire.web.forms import PageForm
from questionnaire.web.pages import Page
from questionnaire.web.saving import already_finished, save_posted, show_page

bp = Blueprint("wizard", __name__)
bp.register_error_handler(AssessmentFinished, already_finished)
SENT_AGAIN = "C’est terminé. Votre dossier est reparti chez votre accompagnateur."
SHARED_WITH_NOBODY = (
    "C’est terminé. Votre résultat est prêt. Il n’a été montré à personne : vous seuls décidez d’en parler."
)


@bp.get("/q/<uuid:assessment_id>/profil")
def profile(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show the questions about the association."""
    return _blank(open_draft(assessment_id), PROFILE)


@bp.post("/q/<uuid:assessment_id>/profil")
def save_profile(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Save them."""
    return _save(open_assessment(assessment_id, lock=True), PROFILE)


@bp.get("/q/<uuid:assessment_id>/theme/<dimension_id>")
def dimension(assessment_id: uuid.UUID, dimension_id: str) -> ResponseReturnValue:
    """Show the questions of a dimension."""
    return _blank(open_draft(assessment_id), dimension_id)


@bp.post("/q/<uuid:assessment_id>/theme/<dimension_id>")
def save_dimension(assessment_id: uuid.UUID, dimension_id: str) -> ResponseReturnValue:
    """Save them."""
    return _save(open_assessment(assessment_id, lock=True), dimension_id)


@bp.get("/q/<uuid:assessment_id>/verifier")
def check(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show all answers, what is missing first."""
    return _check(open_draft(assessment_id))


@bp.post("/q/<uuid:assessment_id>/verifier")
def finish(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Finish, once, if nothing is missing; else lead to the first gap."""
    draft = open_assessment(assessment_id, lock=True)
    if draft.progress.gaps and not draft.finished:
        return _to_first_gap(draft)
    if not PageForm().validate():
        return _check(draft), 422
    if assessments.finish(db.session, draft.assessment, draft.framework, datetime.now(UTC)):
        rendering.ask_own(db.session, assessment_id, datetime.now(UTC))
        follow_ups.schedule(db.session, draft.assessment, datetime.now(UTC))
        flash(SENT_AGAIN if _resend(draft) else SHARED_WITH_NOBODY, "success")
    db.session.commit()
    return redirect(url_for("results.show", assessment_id=assessment_id), 303)


def page_url(draft: Draft, page: str, question: str = "", back: str | None = None) -> str:
    """The address of a page, or of one question on it; `back="verifier"` returns to the check once it is saved."""
    place = f"{'profile' if page == PROFILE else 'q'}_{question}" if question else None
    assessment_id = draft.assessment.id
    if page == PROFILE:
        return url_for("wizard.profile", assessment_id=assessment_id, retour=back, _anchor=place)
    return url_for("wizard.dimension", assessment_id=assessment_id, dimension_id=page, retour=back, _anchor=place)


def _resend(draft: Draft) -> bool:
    """Give back what an advisor had sent back; say whether one had."""
    talk = talks.current_talk(db.session, draft.assessment.id)
    if talk is None or talk.state != "to_complete":
        return False
    now = datetime.now(UTC)
    journey.make_move(db.session, talk, "resend", actor="association", now=now)
    if talk.advisor_id:
        outbox.enqueue(
            db.session, "mail_resent", now=now, assessment_id=draft.assessment.id, advisor_id=talk.advisor_id
        )
    return True


def _check(draft: Draft) -> str:
    forms = [(page, page.form(None, draft.values(page.id), 0)) for page in draft.pages.values()]
    return render_template("wizard/check.html", draft=draft, pages=forms, finish_form=PageForm(), page_url=page_url)


def _blank(draft: Draft, page_id: str) -> str:
    page = draft.page(page_id)
    return show_page(draft, page, page_url=page_url)


def _save(draft: Draft, page_id: str) -> ResponseReturnValue:
    page = draft.page(page_id)
    return save_posted(draft, page, lambda after: _next_url(after, page), page_url=page_url)


def _next_url(draft: Draft, page: Page) -> str:
    previous, following = draft.neighbours(page.id)
    go = request.form.get("go", "")
    if go == "previous" and previous:
        return page_url(draft, previous)
    if go in ("list", "previous"):
        return url_for("association.home", assessment_id=draft.assessment.id)
    if go == "check" or not following or request.args.get("retour") == "verifier":
        return url_for("wizard.check", assessment_id=draft.assessment.id)
    return page_url(draft, following)


def _to_first_gap(draft: Draft) -> Response:
    gaps = draft.progress.gaps
    left = "Il reste une question sans réponse." if len(gaps) == 1 else f"Il reste {len(gaps)} questions sans réponse."
    flash(f"{left} Voici la première : « {gaps[0].text} »", "warning")
    return redirect(page_url(draft, gaps[0].page, gaps[0].question, back="verifier"), 303)
