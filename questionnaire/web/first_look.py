"""The first look: one question at a time, then what it says, as a page and as a PDF. Nothing is shared by it.

A step saves its one question on the page of the whole questionnaire that holds it (web/saving.py), so both ways are one
set of answers. Which questions are asked is the core's to say.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaire import editions
from questionnaire.core.first_look import possible_steps
from questionnaire.rendering import FIRST_LOOK
from questionnaire.storage.assessments import AssessmentFinished
from questionnaire.web.downloads import Place, first_look_page
from questionnaire.web.draft import Draft, open_assessment, open_draft
from questionnaire.web.pages import Page
from questionnaire.web.saving import already_finished, save_posted, show_page

bp = Blueprint("first_look", __name__, url_prefix="/q/<uuid:assessment_id>/premier-regard")
ONE_LEFT = "Il reste une question sans réponse, la voici. « Je ne sais pas » est une réponse."
SOME_LEFT = "Il reste {} questions sans réponse, voici la première. « Je ne sais pas » est une réponse."
bp.register_error_handler(AssessmentFinished, already_finished)


@bp.get("/")
def resume(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Lead to the first question without an answer; to what the first look says once there is none."""
    return redirect(_next_gap(open_draft(assessment_id)), 303)


@bp.get("/<question_id>")
def step(assessment_id: uuid.UUID, question_id: str) -> ResponseReturnValue:
    """Show one question; one that is not asked any more leads to the next that is."""
    draft = open_draft(assessment_id)
    page = _page(draft, question_id)
    return show_page(draft, page, walk=draft.first_look) if page.place else redirect(_next_gap(draft), 303)


@bp.post("/<question_id>")
def save_step(assessment_id: uuid.UUID, question_id: str) -> ResponseReturnValue:
    """Save it."""
    draft = open_assessment(assessment_id, lock=True)
    page = _page(draft, question_id)
    return save_posted(draft, page, lambda after: _following(after, question_id), walk=draft.first_look)


@bp.get("/resultat")
def show(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the first look says, once it is complete."""
    draft = open_draft(assessment_id)
    if not draft.first_look_done:
        return redirect(_next_gap(draft), 303)
    body = editions.first_look_body(draft.first_look_report)
    return render_template("first_look/result.html", draft=draft, body=body)


@bp.get("/resultat.pdf")
def first_look_pdf(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand it over as one page of paper."""
    draft = open_assessment(assessment_id)
    back = url_for(".show", assessment_id=assessment_id)
    place = Place(assessment_id, draft.assessment.association.name, back)
    return first_look_page(place, FIRST_LOOK, draft.first_look_report)


def _page(draft: Draft, question_id: str) -> Page:
    """The page that asks this one question, or 404; without a place where the answers do not call for it."""
    home = possible_steps(draft.framework).get(question_id) or abort(404)
    walk = [each.question for each in draft.first_look]
    place = (walk.index(question_id) + 1, len(walk)) if question_id in walk else None
    return replace(draft.page(home), only=question_id, place=place, template="first_look/step.html")


def _following(draft: Draft, question_id: str) -> str:
    walk = [each.question for each in draft.first_look]
    here = walk.index(question_id) if question_id in walk else len(walk)
    if request.form.get("go") == "list" or (request.form.get("go") == "previous" and here == 0):
        return url_for("association.home", assessment_id=draft.assessment.id)
    if request.form.get("go") == "previous":
        return _step_url(draft, walk[here - 1])
    return _next_gap(draft) if here + 1 >= len(walk) else _step_url(draft, walk[here + 1])


def _next_gap(draft: Draft) -> str:
    """The first question without an answer, said if the last one is behind; or what the first look says."""
    gaps = [each.question for each in draft.first_look if not each.answered]
    if not gaps:
        return url_for(".show", assessment_id=draft.assessment.id)
    if draft.first_look[-1].answered or request.method == "POST":
        flash(ONE_LEFT if len(gaps) == 1 else SOME_LEFT.format(len(gaps)), "info")
    return _step_url(draft, gaps[0])


def _step_url(draft: Draft, question_id: str) -> str:
    return url_for(".step", assessment_id=draft.assessment.id, question_id=question_id)
