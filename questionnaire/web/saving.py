"""What happens to a page of answers that was sent: refused and shown again, too late, shown beside another's, or kept.

A page may ask all its questions or only one of them (the first look): what it does not ask stays as it stands. The way
on is the caller's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from questionnaire.extensions import db
from questionnaire.storage import assessments
from questionnaire.storage.assessments import AssessmentFinished, Conflict, Saved
from questionnaire.web.conflict import choices_between, settled
from questionnaire.web.draft import Draft
from questionnaire.web.forms import AnswersForm
from questionnaire.web.pages import Page
from questionnaire.web.respondent import respondent_name

FINISHED = "Vos réponses sont terminées. Pour les modifier, rouvrez-les d’abord."
NOT_SAVED = (
    "Vos réponses ont été terminées entre-temps : cette page n’est pas enregistrée. "
    "Copiez ce que vous venez d’écrire, puis rouvrez vos réponses depuis votre page."
)


def show_page(draft: Draft, page: Page, form: AnswersForm | None = None, **around: object) -> str:
    """Return the page, filled with what stands or as `form` has it; `around` is for its template."""
    form = form or page.form(None, draft.values(page.id), draft.version(page.id))
    questions = page.asked(form, draft.aside)
    return render_template(page.template, draft=draft, page=page, form=form, questions=questions, **around)


def save_posted(draft: Draft, page: Page, following: Callable[[Draft], str], **around: object) -> ResponseReturnValue:
    """Keep what was sent and lead on to where `following` says; or show the page again, with why and nothing lost."""
    form = page.form(settled(request.form), draft.values(page.id), draft.version(page.id))
    if not form.validate():
        return show_page(draft, page, form, **around), 422
    values = page.whole(form, draft.values(page.id))
    if draft.finished:
        return _too_late(draft, page, form, **around)
    at, by = datetime.now(UTC), respondent_name()
    outcome = assessments.save_page(db.session, draft.assessment, page.id, form.version.data, values, at, by)
    if isinstance(outcome, Conflict):
        return render_template("wizard/conflict.html", draft=draft, page=page, **choices_between(page, outcome)), 409
    db.session.commit()
    stands = draft.after(outcome.row) if isinstance(outcome, Saved) and outcome.row else draft
    return redirect(following(stands), 303)


def already_finished(_: AssessmentFinished) -> Response:
    """Say that the answers are finished, where they can be reopened."""
    db.session.rollback()
    flash(FINISHED, "info")
    return redirect(url_for("association.home", assessment_id=(request.view_args or {})["assessment_id"]), 303)


def _too_late(draft: Draft, page: Page, form: AnswersForm, **around: object) -> ResponseReturnValue:
    """Finished meanwhile: a page sent twice is no matter; what was newly typed is shown again, not saved."""
    if page.whole(form, draft.values(page.id)) == draft.values(page.id):
        return already_finished(AssessmentFinished())
    flash(NOT_SAVED, "warning")
    return show_page(draft, page, form, **around), 409
