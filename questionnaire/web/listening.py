"""The optional page after the result: what the association hears on its territory, and which help it looks for.

It is kept beside the answers and changes nothing of the result; only the addresses shown follow from it.
"""

import uuid
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaire import rendering
from questionnaire.core.listening import ListeningHeader
from questionnaire.core.loading import published_listening
from questionnaire.extensions import db
from questionnaire.storage.assessments import Conflict
from questionnaire.storage.listening import listening_history, save_listening
from questionnaire.storage.talks import current_talk
from questionnaire.web.conflict import choices_between, settled
from questionnaire.web.draft import Draft, open_assessment
from questionnaire.web.forms import AnswersForm, AnyQuestion, Kind, kind_of
from questionnaire.web.pages import Asked, Page

bp = Blueprint("listening", __name__, url_prefix="/q/<uuid:assessment_id>")
KEPT = (
    "C’est enregistré. Voyez dans «\u202fQui peut vous aider\u202f», plus bas, pour les besoins que vous avez nommés."
)


class ListeningPage(Page):
    """The page's questions, from a file of their own."""

    @cached_property
    def questions(self) -> tuple[AnyQuestion, ...]:
        """All the questions, in order."""
        return published_listening().questions

    @property
    def header(self) -> ListeningHeader:
        """What the page is, in the file's own words."""
        return published_listening().header


@bp.get("/ecoute")
def show(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show the questions; before the end, back to what is left to answer."""
    draft = open_assessment(assessment_id)
    if not draft.finished:
        return redirect(url_for("association.home", assessment_id=assessment_id), 303)
    page = _page(draft)
    saves = listening_history(db.session, assessment_id)
    values, version = (saves[-1].values, saves[-1].version) if saves else ({}, 0)
    return _shown(draft, page, page.form(None, values, version))


@bp.post("/ecoute")
def save(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Save them, whatever became of the answers meanwhile, and lead to the result."""
    draft = open_assessment(assessment_id, lock=True)
    page = _page(draft)
    form = page.form(settled(request.form), {}, 0)
    if not form.validate():
        return _shown(draft, page, form), 422
    base, now = form.version.data, datetime.now(UTC)
    outcome = save_listening(
        db.session, assessment_id, published_listening(), base_version=base, values=page.values(form), now=now
    )
    if isinstance(outcome, Conflict):
        return render_template("wizard/conflict.html", draft=draft, page=page, **choices_between(page, outcome)), 409
    if draft.finished:
        rendering.ask_own(db.session, assessment_id, now)  # the report names other addresses now
    db.session.commit()
    flash(KEPT, "success")
    return redirect(url_for("results.show", assessment_id=assessment_id), 303)


def _page(draft: Draft) -> ListeningPage:
    return ListeningPage(draft.framework, "listening", published_listening().header.title, "listening/page.html")


def _shown(draft: Draft, page: ListeningPage, form: AnswersForm) -> str:
    first, *others = _parts(page.asked(form, {}))
    talk = current_talk(db.session, draft.assessment.id)
    return render_template(page.template, draft=draft, page=page, form=form, first=first, others=others, talk=talk)


def _parts(questions: list[Asked]) -> list[list[Asked]]:
    """Cut the questions after each text: on a phone, a part at a time is enough."""
    ends = [at for at, asked in enumerate(questions, start=1) if kind_of(asked.question) is Kind.TEXT]
    cuts = [0, *ends, len(questions)]
    return [questions[start:end] for start, end in pairwise(cuts) if end > start]
