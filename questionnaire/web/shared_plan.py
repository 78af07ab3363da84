"""The plan that both sides keep: the same pages for the association and for its advisors, each by its own way in.

A `Side` says who writes, who reads and where the pages are; every view begins by opening one. Nothing here scores.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.fields import SelectChoice

from questionnaire.core.journey import READ
from questionnaire.core.report import build_report
from questionnaire.core.report_model import ActionSheet
from questionnaire.extensions import db
from questionnaire.storage import shared_plan as store
from questionnaire.storage import talk_notes
from questionnaire.storage.assessments import answer_set
from questionnaire.storage.models import Assessment
from questionnaire.storage.plan_models import PlanAction
from questionnaire.storage.shared_plan import ASSOCIATION, PlanConflict, PlanFull, Words
from questionnaire.web.access import framework_of
from questionnaire.web.calendar import calendar_of
from questionnaire.web.dossier import Dossier, open_dossier
from questionnaire.web.downloads import spreadsheet
from questionnaire.web.draft import open_assessment
from questionnaire.web.fields import Day, Line, Lines, OneOf, Ticks, clean, needed
from questionnaire.web.forms import PageForm
from questionnaire.web.plan_table import plan_sheet

association_bp = Blueprint("plan", __name__, url_prefix="/q/<uuid:assessment_id>/plan")
advisor_bp = Blueprint("advisor_plan", __name__, url_prefix="/conseiller/dossiers/<uuid:assessment_id>/plan")
PROGRESS = {"todo": "À faire", "doing": "En cours", "done": "Fait", "dropped": "Abandonné"}
FULL = f"Le plan compte déjà {store.MOST} actions. Terminez-en ou abandonnez-en avant d’en ajouter."
WHY_DROPPED = "Dites en une phrase pourquoi cette action est abandonnée."


@dataclass(frozen=True)
class Side:
    """Who opened the plan. `account_id` is 0 and `name` empty for the association."""

    assessment: Assessment
    blueprint: str
    account_id: int = ASSOCIATION
    name: str = ""

    def url(self, page: str, **values: object) -> str:
        """Return the address of one of the plan's pages on this side."""
        return url_for(f"{self.blueprint}.{page}", assessment_id=self.assessment.id, **values)  # type: ignore[arg-type]

    @property
    def back(self) -> str:
        """Return the page this side comes from."""
        page = "association.home" if self.account_id == ASSOCIATION else "advisor.show"
        return url_for(page, assessment_id=self.assessment.id)


class AgreeForm(PageForm):
    """Actions to add: some of those proposed, one in one's own words."""

    proposed = Ticks("Actions proposées", "Choisissez parmi les actions proposées.", choices=[])
    own = Line("Une autre action", [clean("Une autre action", 300)])


class ActionForm(PageForm):
    """What both sides may change of an action; `was` is what the page showed."""

    was = HiddenField()
    action = Line("Action", [needed("Écrivez l’action."), clean("Action", 300)])
    owner = Line("Qui s’en charge", [clean("Qui s’en charge", 200)])
    due_on = Day("Pour quand", "Écrivez la date comme 31/12/2027, ou laissez vide.")
    progress = OneOf(
        "Où en est-elle\u202f?",
        "Choisissez l’une des réponses.",
        choices=[SelectChoice(*each) for each in PROGRESS.items()],
    )
    why = Lines("Pourquoi l’abandonner", [clean("Pourquoi l’abandonner", 1000)])
    notes = Lines("Notes", [clean("Notes", 4000)])

    def words(self) -> Words:
        """Return what was written."""
        given = {name: self[name].data for name in asdict(Words(""))}
        return Words(**given)

    def fits(self) -> bool:
        """Say whether it can be kept; an abandoned action needs its reason."""
        valid = self.validate()
        if self.progress.data == "dropped" and not (self.why.data or "").strip():
            self.why.errors = [WHY_DROPPED]
            return False
        return bool(valid)


View = Callable[..., ResponseReturnValue]


def _both(method: str, rule: str) -> Callable[[View], View]:
    """Give a view to both sides: it is handed the side, opened and checked, in place of the assessment's id."""
    writes = method == "POST"

    def register(view: View) -> View:
        @wraps(view)
        def for_association(assessment_id: uuid.UUID, **values: object) -> ResponseReturnValue:
            draft = open_assessment(assessment_id, lock=writes)
            if not draft.finished:  # nothing to agree on yet: the page says what is left
                return redirect(url_for("association.home", assessment_id=assessment_id), 303)
            return view(Side(draft.assessment, "plan"), **values)

        @wraps(view)
        def for_advisor(assessment_id: uuid.UUID, **values: object) -> ResponseReturnValue:
            return view(side_of(open_dossier(assessment_id, lock=writes)), **values)

        for bp, way_in in ((association_bp, for_association), (advisor_bp, for_advisor)):
            bp.add_url_rule(rule, view.__name__, way_in, methods=[method])
        return view

    return register


@_both("GET", "")
def show(side: Side) -> ResponseReturnValue:
    """Show the plan, and what may be added to it."""
    return _page(side, agree_form(side, filled=False))


@_both("POST", "")
def agree(side: Side) -> ResponseReturnValue:
    """Add the chosen actions."""
    form = agree_form(side)
    if not add(side, form):
        return _page(side, form), 422
    db.session.commit()
    return redirect(side.url("show"), 303)


@_both("GET", "/<uuid:action_id>")
def edit(side: Side, action_id: uuid.UUID) -> ResponseReturnValue:
    """Show one action to write in."""
    action = action_of(side, action_id)
    return _action_page(side, action, ActionForm(formdata=None, data=_data(store.words_of(action))))


@_both("POST", "/<uuid:action_id>")
def change(side: Side, action_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what was written, merged with what others wrote; or show both."""
    action, form = action_of(side, action_id, lock=True), ActionForm()
    if not form.fits():
        return _action_page(side, action, form), 422
    conflict = store.change(action, shown(form.was.data, action), form.words(), side.name, _now())
    if conflict:
        again = ActionForm(formdata=None, data=_data(conflict.mine) | {"was": as_text(conflict.theirs)})
        return _action_page(side, action, again, conflict), 409
    db.session.commit()
    flash("C’est enregistré.", "success")
    return redirect(side.url("show"), 303)


@_both("POST", "/rappels")
def remind(side: Side) -> ResponseReturnValue:
    """Stop the reminders for who asks, or let them come again."""
    if not PageForm().validate():
        abort(422)
    silent = request.form.get("rappels") == "non"
    store.set_silence(db.session, side.assessment.id, side.account_id, silent, _now())
    db.session.commit()
    flash("Plus aucun rappel de ce plan ne vous sera envoyé." if silent else "Les rappels reviendront.", "success")
    return redirect(side.url("show"), 303)


@_both("GET", "/agenda.ics")
def calendar(side: Side) -> ResponseReturnValue:
    """Hand over the dates of the plan, and of the next meeting, for a calendar."""
    said = talk_notes.notes_of(db.session, side.assessment.id)
    content = calendar_of(side.assessment.association.name, store.actions(db.session, side.assessment.id), said)
    answer = Response(content, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="plan-d-action.ics"'
    return answer


@_both("GET", "/plan.csv")
def csv(side: Side) -> ResponseReturnValue:
    """Hand over the actions for a French Excel."""
    return _table(side, "csv")


@_both("GET", "/plan.xlsx")
def xlsx(side: Side) -> ResponseReturnValue:
    """Hand over the actions as a workbook."""
    return _table(side, "xlsx")


def side_of(dossier: Dossier) -> Side:
    """Return the plan as the advisor who opened this file has it; 404 once it is not to be read."""
    if dossier.talk.state not in READ:
        abort(404)
    return Side(dossier.assessment, "advisor_plan", dossier.advisor.id, dossier.advisor.name or dossier.advisor.email)


def _now() -> datetime:
    return datetime.now(UTC)


def add(side: Side, form: AgreeForm) -> bool:
    """Add to the plan what the form chose; False, with the reason on the form, where it cannot be."""
    if not form.validate():
        return False
    actions = {choice.value: choice.label for choice in form.proposed.choices}
    chosen: list[tuple[str | None, str]] = [(name, actions[name]) for name in form.proposed.data or []]
    own = (form.own.data or "").strip()
    try:
        store.agree(db.session, side.assessment.id, [*chosen, *([(None, own)] if own else [])], side.name, _now())
    except PlanFull:
        form.own.errors = [FULL]
        return False
    return True


def _proposals(side: Side) -> tuple[ActionSheet, ...]:
    framework = framework_of(side.assessment)
    report = build_report(framework, answer_set(db.session, side.assessment, framework))
    return report.plan + report.later


def agree_form(side: Side, *, filled: bool = True) -> AgreeForm:
    """Return the form that adds actions; it proposes those of the result that are not in the plan yet."""
    form = AgreeForm() if filled else AgreeForm(formdata=None)
    there = {each.criterion for each in store.actions(db.session, side.assessment.id)}
    form.proposed.choices = [
        SelectChoice(s.criterion.id, s.action) for s in _proposals(side) if s.criterion.id not in there
    ]
    return form


def action_of(side: Side, action_id: uuid.UUID, *, lock: bool = False) -> PlanAction:
    """Return an action of this plan; 404 for another's. `lock` where it will be written."""
    return store.action_of(db.session, side.assessment.id, action_id, lock=lock) or abort(404)


def _table(side: Side, kind: str) -> ResponseReturnValue:
    name = side.assessment.association.name
    sheet = plan_sheet(name, store.actions(db.session, side.assessment.id), PROGRESS)
    return spreadsheet(kind, sheet, name, "plan-d-action", _now().date())


def _data(words: Words) -> dict[str, object]:
    return asdict(words) | {"was": as_text(words)}


def as_text(words: Words) -> str:
    """Write down what a page shows, for the page to say it back."""
    return json.dumps(asdict(words), default=str, ensure_ascii=False)


def shown(was: str | None, action: PlanAction) -> Words:
    """Return what the page showed, as it says itself; what stands now where it says nothing that makes sense."""
    try:
        told: dict[str, Any] = json.loads(was or "")
        due_on = date.fromisoformat(told["due_on"]) if told["due_on"] else None
        return Words(**(told | {"due_on": due_on}))
    except (ValueError, KeyError, TypeError):
        return store.words_of(action)


def _page(side: Side, form: AgreeForm) -> str:
    return render_template(
        "plan/show.html",
        side=side,
        form=form,
        actions=store.actions(db.session, side.assessment.id),
        said=talk_notes.notes_of(db.session, side.assessment.id),
        progress=PROGRESS,
        silent=store.is_silent(db.session, side.assessment.id, side.account_id),
        buttons=PageForm(),
        frame=_frame(side),
    )


def _action_page(side: Side, action: PlanAction, form: ActionForm, conflict: PlanConflict | None = None) -> str:
    return render_template(
        "plan/action.html", side=side, action=action, form=form, conflict=conflict, frame=_frame(side)
    )


def _frame(side: Side) -> str:
    return "association/frame.html" if side.account_id == ASSOCIATION else "advisor/frame.html"
