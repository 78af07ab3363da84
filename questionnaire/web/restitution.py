"""The talk, led from a screen that the association sees too: five moments, a page each, which fill the shared plan.

It is projected: nothing of an advisor's review that was not validated stands here, and no private note. Each page is
saved on its own. What a moment shows is chosen in `core/report_talk.py`.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from questionnaire.core.report_model import Moment
from questionnaire.core.report_talk import MOMENTS
from questionnaire.extensions import db
from questionnaire.storage import shared_plan, talk_notes, talks
from questionnaire.storage.plan_models import PlanAction
from questionnaire.storage.talk_notes import Said, SaidTwice
from questionnaire.web.dossier import Dossier, open_dossier
from questionnaire.web.fields import Day, Line, Lines, clean
from questionnaire.web.forms import PageForm
from questionnaire.web.shared_plan import AgreeForm, Side, action_of, add, agree_form, as_text, shown, side_of

bp = Blueprint("restitution", __name__, url_prefix="/conseiller/dossiers/<uuid:assessment_id>/entretien")
FIELDS: dict[str, tuple[str, ...]] = {
    "surprises": ("surprises",),
    "build_on": ("build_on",),
    "doubts": ("doubts",),
    "next": ("next_on", "next_with"),
}
ACTIONS = next(step for step, each in enumerate(MOMENTS, 1) if each.name == "actions")
NO_DATE = "Écrivez la date comme 31/12/2027, ou laissez vide."


class SaidForm(PageForm):
    """What was said in a moment; a page asks only the fields of its own. `was` is what it showed."""

    was = HiddenField()
    surprises = Lines("Ce que nous retenons", [clean("Ce que nous retenons", 4000)])
    build_on = Lines("Ce que nous voulons garder", [clean("Ce que nous voulons garder", 4000)])
    doubts = Lines("Ce que nous allons vérifier", [clean("Ce que nous allons vérifier", 4000)])
    next_on = Day("Notre prochaine rencontre", NO_DATE)
    next_with = Line("Où, et avec qui", [clean("Où, et avec qui", 200)])


class WhoForm(PageForm):
    """Who leads an action that was agreed, and for when."""

    was = HiddenField()
    owner = Line("Qui s’en charge", [clean("Qui s’en charge", 200)])
    due_on = Day("Pour quand", NO_DATE)


@bp.get("")
def begin(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Go to the first moment."""
    open_dossier(assessment_id)
    return redirect(url_for(".show", assessment_id=assessment_id, step=1))


@bp.get("/<int:step>")
def show(assessment_id: uuid.UUID, step: int) -> str:
    """Show a moment of the talk."""
    dossier, moment = open_dossier(assessment_id), _moment(step)
    side = side_of(dossier)
    talks.record_reading(db.session, assessment_id, dossier.advisor, datetime.now(UTC))
    db.session.commit()
    said = _standing(side, moment) if moment.name in FIELDS else None
    return _page(dossier, side, step, _said_form(moment, said, said) if said else None)


@bp.post("/<int:step>")
def keep(assessment_id: uuid.UUID, step: int) -> ResponseReturnValue:
    """Keep what was said, merged with what a colleague wrote, and go on to the next moment; or show both."""
    dossier, moment = open_dossier(assessment_id, lock=True), _moment(step)
    side, form = side_of(dossier), _empty_form(moment)
    if not form.validate():
        return _page(dossier, side, step, form), 422
    mine: Said = {name: form[name].data for name in FIELDS[moment.name]}
    twice = talk_notes.keep(db.session, assessment_id, _was(form, side, moment), mine, side.name, datetime.now(UTC))
    if twice:
        return _page(dossier, side, step, _said_form(moment, twice.mine, twice.theirs), twice), 409
    db.session.commit()
    if step < len(MOMENTS):
        return redirect(url_for(".show", assessment_id=assessment_id, step=step + 1), 303)
    flash("L’entretien est enregistré. Voici le plan que vous gardez ensemble.", "success")
    return redirect(side.url("show"), 303)


@bp.post("/actions")
def agree(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Add actions to the shared plan."""
    dossier = open_dossier(assessment_id, lock=True)
    side = side_of(dossier)
    form = agree_form(side)
    if not add(side, form):
        return _page(dossier, side, ACTIONS, agreeing=form), 422
    db.session.commit()
    return redirect(url_for(".show", assessment_id=assessment_id, step=ACTIONS), 303)


@bp.post("/actions/<uuid:action_id>")
def entrust(assessment_id: uuid.UUID, action_id: uuid.UUID) -> ResponseReturnValue:
    """Write who leads an action, and for when; where somebody else wrote it too, say what, beside."""
    dossier = open_dossier(assessment_id, lock=True)
    side = side_of(dossier)
    action, form = action_of(side, action_id, lock=True), WhoForm()
    if not form.validate():
        return _page(dossier, side, ACTIONS, entrusting=(action_id, form)), 422
    base = shown(form.was.data, action)
    mine = replace(base, owner=form.owner.data or "", due_on=form.due_on.data)
    if shared_plan.change(action, base, mine, side.name, datetime.now(UTC)):
        form.owner.errors = [_written_by_somebody_else(action)]
        form.was.data = as_text(shared_plan.words_of(action))
        return _page(dossier, side, ACTIONS, entrusting=(action_id, form)), 409
    db.session.commit()
    return redirect(url_for(".show", assessment_id=assessment_id, step=ACTIONS), 303)


def _moment(step: int) -> Moment:
    return MOMENTS[step - 1] if 1 <= step <= len(MOMENTS) else abort(404)


def _empty_form(moment: Moment, **data: Any) -> SaidForm:
    form = SaidForm(**data)
    asked = FIELDS.get(moment.name) or abort(404)
    for name in {each for names in FIELDS.values() for each in names} - set(asked):
        del form[name]
    return form


def _said_form(moment: Moment, shows: Said, stands: Said) -> SaidForm:
    return _empty_form(moment, formdata=None, data={**shows, "was": json.dumps(stands, default=str)})


def _standing(side: Side, moment: Moment) -> Said:
    return talk_notes.said(talk_notes.notes_of(db.session, side.assessment.id), FIELDS[moment.name])


def _was(form: SaidForm, side: Side, moment: Moment) -> Said:
    """Return what the page showed, as it says itself; what stands now where it says nothing that makes sense."""
    try:
        told = {name: str(value or "") for name, value in json.loads(form.was.data or "").items()}
        day = date.fromisoformat(told["next_on"]) if told.get("next_on") else None
        return told | {"next_on": day} if "next_on" in told else told
    except (ValueError, AttributeError):
        return _standing(side, moment)


def _written_by_somebody_else(action: PlanAction) -> str:
    when = f" pour le {action.due_on:%d/%m/%Y}" if action.due_on else ""
    return (
        f"Quelqu’un vient d’écrire\u202f: {action.owner or 'personne encore'}{when}. Gardez un nom, puis enregistrez."
    )


def _who_forms(
    actions: list[PlanAction], entrusting: tuple[uuid.UUID, WhoForm] | None
) -> list[tuple[PlanAction, WhoForm]]:
    forms = []
    for action in actions:
        words = shared_plan.words_of(action)
        form = WhoForm(formdata=None, data=asdict(words) | {"was": as_text(words)})
        if entrusting and entrusting[0] == action.id:
            form = entrusting[1]
        for field in (form.owner, form.due_on):
            field.id = f"{field.name}-{action.id}"
        forms.append((action, form))
    return forms


def _page(
    dossier: Dossier,
    side: Side,
    step: int,
    form: SaidForm | None = None,
    twice: SaidTwice | None = None,
    *,
    agreeing: AgreeForm | None = None,
    entrusting: tuple[uuid.UUID, WhoForm] | None = None,
) -> str:
    actions = shared_plan.actions(db.session, dossier.id)
    wrong = form or agreeing or (entrusting[1] if entrusting else None)
    return render_template(
        "restitution/show.html",
        side=side,
        report=dossier.own_report,
        step=step,
        moment=_moment(step),
        twice=twice,
        said=form,
        agreeing=agreeing or (agree_form(side, filled=False) if step == ACTIONS else None),
        agreed=_who_forms(actions, entrusting),
        **({"form": wrong} if wrong else {}),
    )
